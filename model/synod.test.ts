import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { highestPromise } from './history.js';
import type { Action, Cluster, Synod } from './synod.js';
import { actionsOf, blockers, initialCluster, isEnabled, saidIn, successors, synod, take } from './synod.js';
import { chosenValues } from './learner.js';

const protocol = synod(3, 2, 2);
const run = (actions: readonly Action[], within: Synod = protocol): Cluster => actions.reduce((state, action) => take(within, state, action).next, initialCluster(within));

const prepare = (ballot: number): Action => ({ kind: 'prepare', ballot });
const promise = (acceptor: number, ballot: number): Action => ({ kind: 'promise', acceptor, ballot });
const accept = (ballot: number, value: number): Action => ({ kind: 'accept', ballot, value });
const vote = (acceptor: number, ballot: number, value: number): Action => ({ kind: 'vote', acceptor, ballot, value });

/** A random walk: each number picks one of the enabled actions that change something. */
const walks = fc.array(fc.nat(), { maxLength: 25 });
function walk(picks: readonly number[]): Cluster[] {
  const states = [initialCluster(protocol)];
  for (const pick of picks) {
    const now = JSON.stringify(states.at(-1));
    const possible = successors(protocol, states.at(-1)!).filter(({ next }) => JSON.stringify(next) !== now);
    if (possible.length > 0) states.push(possible[pick % possible.length]!.next);
  }
  return states;
}

describe('the Synod protocol (A=3 B=2 V=2)', () => {
  it('chooses a value in six actions: the happy path', () => {
    const end = run([prepare(1), promise(0, 1), promise(1, 1), accept(1, 0), vote(0, 1, 0), vote(1, 1, 0)]);
    expect(chosenValues(saidIn(protocol, end))).toEqual([0]);
  });

  it('messages are never unsent, and histories never shrink', () => {
    fc.assert(
      fc.property(walks, (picks) => {
        const states = walk(picks);
        states.slice(1).forEach((after, index) => {
          const before = states[index]!;
          expect(after.prepares).toEqual(expect.arrayContaining([...before.prepares]));
          expect(after.accepts).toEqual(expect.arrayContaining([...before.accepts]));
          after.acceptors.forEach(({ history }, a) => {
            expect(history.votes).toEqual(expect.arrayContaining([...before.acceptors[a]!.history.votes]));
            expect(history.promises).toEqual(expect.arrayContaining([...before.acceptors[a]!.history.promises]));
          });
        });
      }),
      { numRuns: 50 },
    );
  });

  it('an action that is possible stays possible, until the leader has proposed: loss is "not yet delivered"', () => {
    fc.assert(
      fc.property(walks, (picks) => {
        const states = walk(picks);
        const end = states.at(-1)!;
        const lasting = actionsOf(protocol).filter((action) => action.kind !== 'accept');
        for (const state of states) for (const action of lasting) if (isEnabled(protocol, state, action)) expect(isEnabled(protocol, end, action)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it('a second delivery of the same message changes nothing: duplication is harmless', () => {
    fc.assert(
      fc.property(walks, (picks) => {
        const state = walk(picks).at(-1)!;
        for (const action of actionsOf(protocol)) {
          if (!isEnabled(protocol, state, action)) continue;
          const once = take(protocol, state, action).next;
          expect(take(protocol, once, action).next).toEqual(once);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('the order of steps of different acceptors does not matter', () => {
    const opened = [prepare(1), prepare(2)];
    expect(run([...opened, promise(0, 1), promise(1, 2)])).toEqual(run([...opened, promise(1, 2), promise(0, 1)]));
  });

  it('says why an action is not possible: the message was not sent, or the leader may not', () => {
    const start = initialCluster(protocol);
    expect(blockers(protocol, start, promise(0, 1)).map(({ numbers }) => numbers)).toEqual(['prepare(1) was not sent']);
    expect(blockers(protocol, start, accept(1, 0)).map(({ conjunct }) => conjunct)).toEqual(['ballot-opened', 'accept-has-quorum']);
    expect(blockers(protocol, run([prepare(1)]), promise(0, 1))).toEqual([]);
  });

  it('a refusal is an answer and no obstacle: the action is possible and changes nothing', () => {
    const state = run([prepare(1), prepare(2), promise(0, 2)]);
    const { next, replies } = take(protocol, state, promise(0, 1));
    expect([isEnabled(protocol, state, promise(0, 1)), next, replies.map(({ kind }) => kind)]).toEqual([true, state, ['nack']]);
  });

  it('a crash of the reference changes nothing [restart-remembers]', () => {
    const state = run([prepare(1), promise(0, 1)]);
    expect(take(protocol, state, { kind: 'crash', acceptor: 0 }).next).toEqual(state);
    expect(highestPromise(state.acceptors[0]!.history)).toBe(1);
  });
});
