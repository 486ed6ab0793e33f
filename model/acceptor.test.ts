import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AcceptorState } from './acceptor.js';
import { mayPromise, mayVote, referenceAcceptor } from './acceptor.js';
import { allows, blockedBy } from './guard.js';
import type { History } from './history.js';
import { EMPTY_HISTORY, highestVote, maxBal, say } from './history.js';
import { oneVotePerBallot, promiseKept, promiseMonotone, promiseReportsHighestVote, restartRemembers, voteMonotone } from './rules.js';
import type { Request } from './words.js';

const at = (promised: number, vote: AcceptorState['vote'] = null): AcceptorState => ({ promised, vote });
const { prepare, accept } = referenceAcceptor;

describe('promise (A=1 B=3 V=2)', () => {
  it('promises a ballot above its promise, and says so', () => {
    expect(prepare(at(1), 2)).toEqual({ state: at(2), replies: [{ kind: 'promise', ballot: 2, vote: null }] });
  });

  it('refuses a ballot below its promise and changes nothing [promise-monotone]', () => {
    expect(prepare(at(2), 1)).toEqual({ state: at(2), replies: [{ kind: 'nack', ballot: 1, of: 'prepare' }] });
  });

  it('refuses the ballot that it promised: the reference answers a prepare once', () => {
    expect(prepare(at(2), 2).replies).toEqual([{ kind: 'nack', ballot: 2, of: 'prepare' }]);
  });

  it('says why it refuses, with the numbers', () => {
    expect(blockedBy(mayPromise, { state: at(2), ballot: 1 })).toEqual([{ conjunct: 'ballot-above-promise', formula: 'b > promised[a]', numbers: '1 > 2' }]);
  });

  it('reports its vote and keeps it [promise-reports-highest-vote]', () => {
    const vote = { ballot: 1, value: 1 };
    expect(prepare(at(1, vote), 3)).toEqual({ state: at(3, vote), replies: [{ kind: 'promise', ballot: 3, vote }] });
  });
});

describe('vote (A=1 B=3 V=2)', () => {
  it('votes in the ballot that it promised [promise-kept]', () => {
    expect(accept(at(2), 2, 1)).toEqual({ state: at(2, { ballot: 2, value: 1 }), replies: [{ kind: 'accepted', ballot: 2, value: 1 }] });
  });

  it('refuses a ballot below its promise and changes nothing [promise-kept]', () => {
    expect(accept(at(2), 1, 0)).toEqual({ state: at(2), replies: [{ kind: 'nack', ballot: 1, of: 'accept' }] });
    expect(blockedBy(mayVote, { state: at(2), ballot: 1, value: 0 }).map(({ numbers }) => numbers)).toEqual(['1 >= 2']);
  });

  it('a vote without a promise before it raises the promise, so that no lower vote can follow (what the seed forgets)', () => {
    const { state } = accept(at(1), 3, 0);
    expect(state.promised).toBe(3);
    expect(accept(state, 2, 1).replies).toEqual([{ kind: 'nack', ballot: 2, of: 'accept' }]);
  });

  it('votes again for the same value: a duplicate accept is harmless', () => {
    const once = accept(at(2), 2, 1);
    expect(accept(once.state, 2, 1)).toEqual(once);
  });

  it('votes for two values in one ballot if two are proposed there: it trusts the leader [one-value-per-ballot]', () => {
    const twice = accept(accept(at(2), 2, 0).state, 2, 1);
    expect(twice.replies).toEqual([{ kind: 'accepted', ballot: 2, value: 1 }]);
  });

  it('a crash loses nothing [restart-remembers]', () => {
    const state = at(3, { ballot: 2, value: 1 });
    expect(referenceAcceptor.restart(state)).toEqual(state);
  });
});

/** What can reach an acceptor when every ballot has one leader with one value: value v in ballots b with `values[b - 1] = v`. */
const inputs: fc.Arbitrary<Request[]> = fc.array(fc.nat({ max: 1 }), { minLength: 4, maxLength: 4 }).chain((values) =>
  fc.array(
    fc.integer({ min: 1, max: 4 }).chain((ballot) => fc.constantFrom<Request>({ kind: 'prepare', ballot }, { kind: 'accept', ballot, value: values[ballot - 1]! })),
    { maxLength: 14 },
  ),
);

/** Calls `check` with the history before each reply. */
function drive(requests: readonly Request[], check: (history: History, reply: ReturnType<typeof prepare>['replies'][number], state: AcceptorState) => void): void {
  let [state, history] = [referenceAcceptor.initial, EMPTY_HISTORY];
  for (const request of requests) {
    const step = request.kind === 'prepare' ? prepare(state, request.ballot) : accept(state, request.ballot, request.value);
    for (const reply of step.replies) check(history, reply, step.state);
    history = step.replies.reduce(say, history);
    state = step.state;
  }
}

describe('the reference acceptor keeps every rule of an acceptor, whatever reaches it (B=4 V=2)', () => {
  it('[promise-kept] [vote-monotone] [one-vote-per-ballot]', () => {
    fc.assert(fc.property(inputs, (requests) => {
      drive(requests, (history, reply) => {
        if (reply.kind !== 'accepted') return;
        const vote = { ballot: reply.ballot, value: reply.value };
        for (const rule of [promiseKept, voteMonotone, oneVotePerBallot]) expect(blockedBy(rule, { history, vote })).toEqual([]);
      });
    }));
  });

  it('[promise-reports-highest-vote] [promise-monotone]', () => {
    fc.assert(fc.property(inputs, (requests) => {
      drive(requests, (history, reply) => {
        if (reply.kind !== 'promise') return;
        for (const rule of [promiseReportsHighestVote, promiseMonotone]) expect(blockedBy(rule, { history, promise: reply })).toEqual([]);
      });
    }));
  });

  it('its two variables are functions of what it said, so that the rules need not see them [restart-remembers]', () => {
    fc.assert(fc.property(inputs, (requests) => {
      drive(requests, (before, reply, state) => {
        const history = say(before, reply);
        expect(state).toEqual({ promised: maxBal(history), vote: highestVote(history) });
        expect(allows(restartRemembers, { history, ...referenceAcceptor.restart(state) })).toBe(true);
      });
    }));
  });
});
