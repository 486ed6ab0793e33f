import { describe, expect, it } from 'vitest';
import { EMPTY_HISTORY, say } from './history.js';
import { CONSENSUS, PROPERTIES, propertyNamed, safeAt } from './invariants.js';
import { liveSets } from './possibility.js';
import type { Possibility, StateInvariant, StepInvariant } from './property.js';
import { flexible, grid, majorities, setOf } from './quorum.js';
import type { Cluster, Synod, Transition } from './synod.js';
import { initialCluster, saidIn, successors, synod, take } from './synod.js';
import type { Reply, Vote } from './words.js';

const [x, y] = [0, 1];
const vote = (ballot: number, value: number): Vote => ({ ballot, value });
const promise = (ballot: number, reported: Vote | null = null) => ({ kind: 'promise' as const, ballot, vote: reported });
const accepted = (ballot: number, value: number) => ({ kind: 'accepted' as const, ballot, value });

const protocol = synod(3, 3, 2);

/** A cluster in which this was proposed and this was said by a1, a2, a3, whether or not any run leads to it. */
const cluster = (accepts: readonly Vote[], ...said: readonly (readonly Reply[])[]): Cluster => ({
  prepares: [1, 2, 3],
  accepts,
  acceptors: said.map((replies) => ({ state: null, history: replies.reduce(say, EMPTY_HISTORY) })),
});

const stateInvariant = (name: string): StateInvariant => propertyNamed(name) as StateInvariant;
/** What the property says is wrong with the state; empty if nothing is. */
const complaint = (name: string, state: Cluster, within: Synod = protocol): string =>
  stateInvariant(name).holds(within, state) ? '' : stateInvariant(name).because(within, state);

/** A state that breaks the property, and what it says about it. */
const broken: [string, string, Cluster, string, Synod?][] = [
  ['TypeOK', 'a value that does not exist', cluster([vote(1, 7)], [], [], []), 'v7 in ballot 1'],
  ['TypeOK', 'a promise of a ballot that does not exist', cluster([], [promise(4)], [], []), 'ballot 4'],
  ['TypeOK', 'a report of a vote in no ballot', cluster([], [promise(3, vote(0, x))], [], []), 'x in ballot 0'],
  ['OneValuePerBallot', 'votes for x and for y in ballot 2', cluster([], [accepted(2, x)], [accepted(2, y)], []), 'ballot 2'],
  ['VoteHasProposal', 'a vote for x in ballot 2 where y was proposed', cluster([vote(2, y), vote(1, x)], [accepted(2, x)], [], []), 'x in ballot 2'],
  ['SafeAt', 'y proposed in ballot 2 while x may still be chosen in ballot 1', cluster([vote(1, x), vote(2, y)], [accepted(1, x)], [promise(2)], []), 'y in ballot 2'],
  ['VotesSafe', 'a vote for y in ballot 2 above x chosen in ballot 1', cluster([], [accepted(1, x)], [accepted(1, x)], [accepted(2, y)]), 'y in ballot 2'],
  ['Validity', 'x chosen, nothing proposed', cluster([], [accepted(1, x)], [accepted(1, x)], []), 'decided: x'],
  ['Agreement', 'x and y chosen', cluster([], [accepted(1, x)], [accepted(1, x), accepted(2, y)], [accepted(2, y)]), 'x in ballot 1, y in ballot 2'],
  ['Agreement', 'x chosen and y decided', cluster([], [accepted(1, x)], [accepted(1, x)], []), 'x and y', { ...protocol, learner: () => [y] }],
  ['DecidedIsChosen', 'x decided by a learner, nothing chosen', cluster([], [accepted(1, x)], [], []), 'chosen: nothing', { ...protocol, learner: () => [x] }],
  ['QuorumsIntersect', 'one acceptor for phase 1, two of three for phase 2', cluster([], [], [], []), '{a2, a3}', { ...protocol, quorums: flexible(3, 1, 2) }],
];

describe('state invariants (A=3 B=3 V=2)', () => {
  it.each(broken)('%s: is broken by %s, and says so', (name, _what, state, words, within) => {
    expect(complaint(name, state, within)).toContain(words);
  });

  it('each of them, but for progress, has a state here that breaks it', () => {
    const states = PROPERTIES.filter(({ kind, name }) => kind === 'state' && name !== 'FreshBallotDecides').map(({ name }) => name);
    expect([...new Set(broken.map(([name]) => name))].sort()).toEqual(states.sort());
  });

  it('SafeAt: y is safe above a vote for x once a quorum can vote for x no more', () => {
    const one = [vote(1, x), vote(2, y)];
    expect(complaint('SafeAt', cluster(one, [accepted(1, x)], [promise(2)], [promise(2)]))).toBe('');
  });

  it('SafeAt: x is safe above a vote for x as soon as a quorum voted for it or has gone past it', () => {
    expect(complaint('SafeAt', cluster([vote(2, x)], [accepted(1, x)], [promise(2)], []))).toBe('');
  });

  it('SafeAt speaks of quorums of phase 1: on a 2x2 grid one row is enough, and a column is not [quorums-intersect]', () => {
    const onGrid = synod(4, 2, 2, { quorums: grid(2, 2) });
    const past = (...acceptors: number[]) => cluster([vote(2, y)], ...[0, 1, 2, 3].map((a) => (acceptors.includes(a) ? [promise(2)] : [])));
    expect(complaint('SafeAt', past(0, 1), onGrid)).toBe('');
    expect(complaint('SafeAt', past(0, 2), onGrid)).not.toBe('');
  });

  it('Agreement and Validity decide between unsafe and deviates, and nothing else does', () => {
    expect(CONSENSUS.map((name) => propertyNamed(name)?.kind)).toEqual(['state', 'state']);
  });
});

/** A step of a1 after it said `before`. */
function step(before: readonly Reply[], reply: Reply): [Cluster, Transition] {
  const state = cluster([], before, [], []);
  return [state, { action: { kind: 'act', acceptor: 0 }, replies: [reply], next: state }];
}
const complains = (name: string, [state, transition]: [Cluster, Transition]): string => {
  const property = propertyNamed(name) as StepInvariant;
  return property.holds(state, transition) ? '' : property.because(state, transition);
};

describe('step invariants (A=3 B=3 V=2)', () => {
  it.each<[string, string, [Cluster, Transition], string]>([
    ['PromiseKept', 'a vote in 1 after a promise of 2', step([promise(2)], accepted(1, x)), '1 >= 2'],
    ['PromiseReportsHighestVote', 'a promise that leaves out a vote', step([accepted(1, x)], promise(2)), 'x in ballot 1'],
    ['PromiseReportsHighestVote', 'a promise that reports a vote never cast', step([], promise(2, vote(1, y))), 'y in ballot 1'],
    ['OneVotePerBallot', 'a second vote in ballot 1', step([accepted(1, x)], accepted(1, y)), 'x = y'],
  ])('%s: is broken by %s, and says so', (name, _what, what, words) => {
    expect(complains(name, what)).toContain(words);
  });

  it('what an acceptor said does not bind the others', () => {
    const [state, transition] = step([promise(2)], accepted(1, x));
    expect(complains('PromiseKept', [state, { ...transition, action: { kind: 'act', acceptor: 1 } }])).toBe('');
  });

  it('a step of a leader breaks none of them', () => {
    const state = cluster([], [promise(2)], [], []);
    const prepare = take(protocol, state, { kind: 'prepare', ballot: 1 });
    for (const { name, kind } of PROPERTIES) if (kind === 'step') expect(complains(name, [state, prepare])).toBe('');
  });
});

describe('possibilities', () => {
  it('CanChoose holds once a value is chosen and not before', () => {
    const canChoose = propertyNamed('CanChoose') as Possibility;
    expect(canChoose.holds(protocol, cluster([], [accepted(1, x)], [], []))).toBe(false);
    expect(canChoose.holds(protocol, cluster([], [accepted(1, x)], [accepted(1, x)], []))).toBe(true);
  });

  it('who must be alive: a majority; a row and a column of a grid; the larger of two flexible quorums', () => {
    expect(liveSets(synod(3, 1, 1)).sort()).toEqual([...majorities(3).phase1].sort());
    expect(liveSets(synod(4, 1, 1, { quorums: grid(2, 2) })).sort()).toEqual([[0, 1, 2], [0, 1, 3], [0, 2, 3], [1, 2, 3]].map(setOf).sort());
    expect(liveSets(synod(4, 1, 1, { quorums: flexible(4, 3, 2) })).length).toBe(4);
  });

  it('FreshBallotDecides: a quorum that was promised away still decides in the highest ballot, and is not asked once that is in use (A=3 B=2 V=2)', () => {
    const two = synod(3, 2, 2);
    const opened = take(two, initialCluster(two), { kind: 'prepare', ballot: 1 }).next;
    const promised = take(two, opened, { kind: 'promise', acceptor: 0, ballot: 1 }).next;
    expect(complaint('FreshBallotDecides', promised, two)).toBe('');
  });

  it('FreshBallotDecides: names the acceptors with whom a leader gets stuck [needless-refusal]', () => {
    const mute = synod(3, 2, 2).machines[0]!;
    const refuses = { ...mute, accept: (state: unknown) => ({ state, replies: [] }) };
    const stuck = synod(3, 2, 2, { machines: [mute, refuses, mute] });
    expect(complaint('FreshBallotDecides', initialCluster(stuck), stuck)).toContain('{a1, a2}');
  });
});

describe('what the induction rests on (A=2 B=3 V=2, all 1501 reachable states)', () => {
  const small = synod(2, 3, 2);
  const proposals = [1, 2, 3].flatMap((ballot) => [vote(ballot, x), vote(ballot, y)]);
  const safeIn = (state: Cluster): string[] => proposals.filter((proposal) => safeAt(saidIn(small, state), proposal)).map((proposal) => JSON.stringify(proposal));

  it('what is safe stays safe, so that a leader may go by what it heard a while ago', () => {
    const open = [initialCluster(small)];
    const safe = new Map(open.map((state) => [JSON.stringify(state), safeIn(state)]));
    for (let state = open.pop(); state !== undefined; state = open.pop()) {
      const before = safe.get(JSON.stringify(state))!;
      for (const { next } of successors(small, state)) {
        const text = JSON.stringify(next);
        const known = safe.get(text) ?? safeIn(next);
        expect(before.filter((proposal) => !known.includes(proposal))).toEqual([]);
        if (!safe.has(text)) open.push(next);
        safe.set(text, known);
      }
    }
    expect(safe.size).toBe(1501);
  });
});
