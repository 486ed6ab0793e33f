import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AcceptorMachine, Step } from '../../model/acceptor.js';
import { KNOWN_LENGTHS } from '../../model/known-lengths.js';
import type { Leader } from '../../model/leader.js';
import { acceptGuard, oneQuorumAdopts, quorumOfPhase1, referenceLeader } from '../../model/leader.js';
import { synodWith } from '../../model/mutant.js';
import { MUTANTS, mutantNamed } from '../../model/mutants.js';
import { without } from '../../model/guard.js';
import { PROPERTIES, propertyNamed } from '../../model/invariants.js';
import { initialCluster, synod, take } from '../../model/synod.js';
import type { Synod } from '../../model/synod.js';
import type { Exploration, PropertyResult } from './explore.js';
import { explore } from './explore.js';
import { NOT_REDUCIBLE, prepareTakesNothing } from './reduce.js';
import { blockers } from '../../model/synod.js';
import type { Reply, Vote } from '../../model/words.js';
import { spaceOf } from './space.js';

const KEPT = PROPERTIES.filter(({ name }) => !NOT_REDUCIBLE.has(name));

const answers = ({ verdict, properties }: Exploration): unknown => ({ verdict, holds: properties.map(({ name, holds }) => [name, holds]) });

/** Takes the run in the model: every action is possible, the last one breaks the property, and none before does. */
function expectToBreak(protocol: Synod, { name, run }: PropertyResult): void {
  const property = propertyNamed(name)!;
  let cluster = initialCluster(protocol);
  const holds: boolean[] = property.kind === 'state' ? [property.holds(protocol, cluster)] : [true];
  for (const { action } of run!.transitions) {
    expect(blockers(protocol, cluster, action)).toEqual([]);
    const transition = take(protocol, cluster, action);
    holds.push(property.kind === 'step' ? property.holds(cluster, transition) : property.holds(protocol, transition.next));
    cluster = transition.next;
  }
  expect({ name, holds: holds.indexOf(false) }).toEqual({ name, holds: holds.length - 1 });
}

const besidesPrepares = ({ run }: PropertyResult): number => run!.transitions.filter(({ action }) => action.kind !== 'prepare').length;

/** The same answers with and without, by runs that are no longer but for prepares. Returns how many states there were. */
function expectTheSame(protocol: Synod): { all: number; left: number } {
  const all = explore(protocol, { exhaust: true, properties: KEPT });
  const left = explore(protocol, { exhaust: true, properties: KEPT, reduce: true });
  expect(answers(left)).toEqual(answers(all));
  for (const [i, result] of left.properties.entries()) {
    if (result.run === undefined) continue;
    expectToBreak(protocol, result);
    expect(besidesPrepares(result)).toBeLessThanOrEqual(besidesPrepares(all.properties[i]!));
  }
  return { all: all.distinct, left: left.distinct };
}

describe('reduced exploration answers as the whole does', () => {
  // As in search.test.ts: these reach many states.
  const large = new Set(['A5', 'A13', 'D4']);
  const small = MUTANTS.map(({ id }) => ({ id, acceptors: large.has(id) ? 1 : 2, ballots: 2, values: 2 }));
  const known = KNOWN_LENGTHS.filter(({ id, ballots, acceptors }) => !['D6', 'H3'].includes(id) && !(large.has(id) && acceptors > 1) && ballots * acceptors <= 9);
  const cases = new Map([...small, ...known].map(({ id, acceptors, ballots, values }) => [`${id} ${acceptors} ${ballots} ${values}`, { id, acceptors, ballots, values }]));

  it.each([...cases.values()])('$id (A=$acceptors B=$ballots V=$values)', ({ id, acceptors, ballots, values }) => {
    expectTheSame(synodWith(mutantNamed(id)!, acceptors, ballots, values));
  });

  // A second, slower count found the same: it takes the steps left, and merges rows by classes of its own making.
  it.each([[3, 2, 2, 123], [3, 3, 2, 2054], [4, 3, 2, 5634]])('the reference (A=%i B=%i V=%i): %i states are left', (acceptors, ballots, values, states) => {
    expect(explore(synod(acceptors, ballots, values), { properties: [], exhaust: true, reduce: true }).distinct).toBe(states);
  });

  it.each([[3, 2, 3], [3, 3, 2], [4, 2, 2]])('the reference (A=%i B=%i V=%i), with fewer states', (acceptors, ballots, values) => {
    const { all, left } = expectTheSame(synod(acceptors, ballots, values));
    expect(left).toBeLessThan(all);
  });
});

const VOTES = [1, 2].flatMap((ballot) => [0, 1].map((value) => ({ ballot, value })));

/** Acceptors that nobody would write: finite machines with at most so many states, for two ballots and two values; they may answer anything, and a crash may take them anywhere. */
function machines(states: number): fc.Arbitrary<AcceptorMachine<number>> {
  const state = fc.nat(states - 1);
  const promise = (ballot: number): fc.Arbitrary<Reply> => fc.constantFrom(null, ...VOTES).map((vote) => ({ kind: 'promise', ballot, vote }));
  const accepted = (vote: Vote): fc.Arbitrary<Reply> => fc.constantFrom(vote, vote, ...VOTES).map((announced) => ({ kind: 'accepted', ...announced }));
  const step = (reply: fc.Arbitrary<Reply>): fc.Arbitrary<Step<number>> => fc.record({ state, replies: fc.array(reply, { maxLength: 1 }) });
  const ofState = fc.record({ prepare: fc.tuple(step(promise(1)), step(promise(2))), accept: fc.tuple(...VOTES.map((vote) => step(accepted(vote)))), restart: state });
  return fc.array(ofState, { minLength: states, maxLength: states }).map((table) => ({
    initial: 0,
    prepare: (now, ballot) => table[now]!.prepare[ballot - 1]!,
    accept: (now, ballot, value) => table[now]!.accept[(ballot - 1) * 2 + value]!,
    restart: (now) => table[now]!.restart,
  }));
}

describe('whatever the acceptors are', () => {
  const cluster = (machine: AcceptorMachine, leader: Leader): Synod => synod(2, 2, 2, { machines: [machine, machine] as Synod['machines'], leader });
  const leaders = fc.constantFrom(referenceLeader, ...MUTANTS.flatMap(({ leader }) => leader ?? []));

  it('the answers are the same (100 machines of up to three states, any leader of the catalogue)', () => {
    fc.assert(fc.property(machines(3), leaders, (machine, leader) => void expectTheSame(cluster(machine as AcceptorMachine, leader))), { numRuns: 100 });
  });
});

describe('what is left out', () => {
  it('is said, and FreshBallotDecides is not answered', () => {
    const result = explore(synod(2, 2, 2), { reduce: true });
    expect(result.reduced).toEqual({ prepares: true, steps: true });
    expect(result.properties.filter(({ holds }) => holds === null).map(({ name }) => name)).toEqual(['FreshBallotDecides']);
    expect(explore(synod(2, 2, 2)).reduced).toBeNull();
  });

  it('no steps where a learner may look at promises (L4)', () => {
    expect(explore(synodWith(mutantNamed('L4')!, 2, 2, 2), { reduce: true }).reduced).toEqual({ prepares: true, steps: false });
  });

  it('no prepares where a leader may do more without its prepare, and the answers are the same', () => {
    const shy = { ...referenceLeader.mayAccept['ballot-opened']!, holds: ({ opened }: { readonly opened: boolean }) => !opened };
    const mayAccept = { ...without(acceptGuard(quorumOfPhase1, oneQuorumAdopts), 'accept-has-quorum'), 'ballot-opened': shy };
    const protocol = synod(2, 2, 2, { leader: { ...referenceLeader, mayAccept } });
    expect(prepareTakesNothing(protocol)).toBe(false);
    expect(explore(protocol, { reduce: true }).reduced).toEqual({ prepares: false, steps: true });
    expectTheSame(protocol);
  });

  it('prepares of every leader of the catalogue go first', () => {
    expect(MUTANTS.filter(({ leader }) => leader !== undefined && !prepareTakesNothing(synod(2, 2, 2, { leader }))).map(({ id }) => id)).toEqual([]);
  });

  it('a promise of a ballot that was proposed, and not one that its leader waits for (reference, A=3 B=2 V=2)', () => {
    const { tables, blocks, inputs } = spaceOf(synod(3, 2, 2), 'none', [], undefined, true);
    const first = (proposals: number): number => blocks.changes[blocks.base[blocks.of[proposals]!]!]! & inputs.prepares;
    expect(tables[0]!.changes[0]! & inputs.prepares).toBe(0b11);
    expect([0b0000, 0b0001, 0b0100, 0b0101].map(first)).toEqual([0b11, 0b10, 0b01, 0b00]);
  });
});
