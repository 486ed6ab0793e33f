import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cannotVoteAt, didNotVoteAt, EMPTY_HISTORY, highestPromise, highestVote, highestVoteBelow, maxBal, say, votedFor } from './history.js';
import type { Reply } from './words.js';

const ballots = fc.integer({ min: 1, max: 4 });
const votes = fc.record({ ballot: ballots, value: fc.nat({ max: 2 }) });
const replies: fc.Arbitrary<Reply> = fc.oneof(
  fc.record({ kind: fc.constant('promise' as const), ballot: ballots, vote: fc.option(votes) }),
  votes.map((vote) => ({ kind: 'accepted' as const, ...vote })),
  fc.record({ kind: fc.constant('nack' as const), ballot: ballots, of: fc.constantFrom('prepare' as const, 'accept' as const) }),
);
const speeches = fc.array(replies, { maxLength: 12 });
const historyOf = (spoken: readonly Reply[]) => spoken.reduce(say, EMPTY_HISTORY);

describe('history (B=4 V=3)', () => {
  it('to say something again changes nothing, not even the object: duplication is harmless', () => {
    fc.assert(
      fc.property(speeches, (spoken) => {
        const history = historyOf(spoken);
        for (const reply of spoken) expect(say(history, reply)).toBe(history);
      }),
    );
  });

  it('what was said does not depend on the order in which it was said, down to the JSON: states can be compared as text', () => {
    const shuffled = speeches.chain((spoken) => fc.tuple(fc.constant(spoken), fc.shuffledSubarray(spoken, { minLength: spoken.length })));
    fc.assert(fc.property(shuffled, ([one, other]) => {
      expect(JSON.stringify(historyOf(one))).toBe(JSON.stringify(historyOf(other)));
    }));
  });

  it('a history only grows: nothing that was said is unsaid', () => {
    fc.assert(
      fc.property(speeches, replies, (spoken, reply) => {
        const [before, after] = [historyOf(spoken), historyOf([...spoken, reply])];
        expect(after.promises).toEqual(expect.arrayContaining([...before.promises]));
        expect(after.votes).toEqual(expect.arrayContaining([...before.votes]));
        expect(maxBal(after)).toBeGreaterThanOrEqual(maxBal(before));
      }),
    );
  });

  it('the empty history has no promise and no vote, and is at no ballot', () => {
    expect([highestPromise(EMPTY_HISTORY), highestVote(EMPTY_HISTORY), maxBal(EMPTY_HISTORY)]).toEqual([0, null, 0]);
  });

  it('the highest vote was cast, and no vote cast is above it', () => {
    fc.assert(
      fc.property(speeches, (spoken) => {
        const history = historyOf(spoken);
        const highest = highestVote(history);
        if (highest !== null) expect(votedFor(history, highest.ballot, highest.value)).toBe(true);
        for (const vote of history.votes) expect(vote.ballot).toBeLessThanOrEqual(highest!.ballot);
      }),
    );
  });

  it('the highest vote below a ballot ignores the votes in it and above', () => {
    const history = historyOf([1, 2, 3].map((ballot) => ({ kind: 'accepted', ballot, value: 0 })));
    expect([1, 2, 3, 4].map((ballot) => highestVoteBelow(history, ballot)?.ballot)).toEqual([undefined, 1, 2, 3]);
  });

  it('a vote takes an acceptor to its ballot as much as a promise does (maxBal of Paxos.tla)', () => {
    expect(maxBal(historyOf([{ kind: 'accepted', ballot: 3, value: 0 }]))).toBe(3);
    expect(maxBal(historyOf([{ kind: 'promise', ballot: 3, vote: null }]))).toBe(3);
  });

  it('a refusal takes an acceptor nowhere', () => {
    expect(maxBal(historyOf([{ kind: 'nack', ballot: 3, of: 'prepare' }]))).toBe(0);
  });

  it('an acceptor cannot vote where it did not vote and went past, and only there', () => {
    fc.assert(
      fc.property(speeches, ballots, (spoken, ballot) => {
        const history = historyOf(spoken);
        expect(cannotVoteAt(history, ballot)).toBe(didNotVoteAt(history, ballot) && [...history.promises, ...history.votes].some((said) => said.ballot > ballot));
      }),
    );
  });
});
