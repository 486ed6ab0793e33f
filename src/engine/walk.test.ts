import { describe, expect, it } from 'vitest';
import { PROPERTIES, propertyNamed } from '../../model/invariants.js';
import { synodWith } from '../../model/mutant.js';
import { mutantNamed } from '../../model/mutants.js';
import type { Action, Synod } from '../../model/synod.js';
import { blockers, initialCluster, synod, take } from '../../model/synod.js';
import { explore } from './explore.js';
import type { Run } from './run.js';
import type { WalkProperty, WalkResult } from './walk.js';
import { randomNumbers } from './random.js';
import { shortened } from './shorten.js';
import { walk } from './walk.js';

const mutant = (id: string, acceptors: number, ballots: number, values: number): Synod => synodWith(mutantNamed(id)!, acceptors, ballots, values);
const found = ({ properties }: WalkResult, name: string): WalkProperty => properties.find((property) => property.name === name)!;

/** Whether the property is broken after each action; every action must be possible. */
function brokenAfter(protocol: Synod, run: Run, name: string): boolean[] {
  const property = propertyNamed(name)!;
  let cluster = initialCluster(protocol);
  return run.transitions.map(({ action }) => {
    expect(blockers(protocol, cluster, action)).toEqual([]);
    const [before, transition] = [cluster, take(protocol, cluster, action)];
    cluster = transition.next;
    return property.kind === 'step' ? !property.holds(before, transition) : !property.holds(protocol, cluster);
  });
}

const endsBroken = (broken: boolean[]): boolean => broken.indexOf(true) === broken.length - 1;

describe('random runs find what is broken', () => {
  it('A1 is unsafe; the shortened run is possible, and its last action breaks Agreement (A=3 B=3 V=2, seed 1)', () => {
    const protocol = mutant('A1', 3, 3, 2);
    const result = walk(protocol, { runs: 20_000, depth: 40, seed: 1 });
    const { run, foundLength, walk: inWalk, because } = found(result, 'Agreement');
    expect(result.verdict).toBe('unsafe');
    expect(endsBroken(brokenAfter(protocol, run!, 'Agreement'))).toBe(true);
    expect(run!.transitions.length).toBeGreaterThanOrEqual(17);
    expect(run!.transitions.length).toBeLessThanOrEqual(foundLength!);
    expect(because).toContain('both decided');
    expect(inWalk).toBe(result.walks);
  });

  it.each([['A7', 3, 2], ['A26', 3, 1], ['P10', 3, 1], ['D2', 3, 2], ['L6', 3, 2], ['Q1', 3, 2]])('%s is unsafe, and every run of a broken property replays to its break, no shorter than a shortest one (A=%i B=%i V=2)', (id, acceptors, ballots) => {
    const protocol = mutant(id, acceptors, ballots, 2);
    const result = walk(protocol, { runs: 20_000, depth: 60, seed: 1 });
    expect(result.verdict).toBe('unsafe');
    const shortest = explore(protocol, { exhaust: true }).properties;
    for (const { name, run } of result.properties.filter(({ holds }) => holds === false)) {
      expect(endsBroken(brokenAfter(protocol, run!, name))).toBe(true);
      expect(run!.transitions.length).toBeGreaterThanOrEqual(shortest.find((property) => property.name === name)!.run!.transitions.length);
    }
  });

  it('A25 breaks inner invariants only: no verdict, for agreement is not known to hold (A=3 B=2 V=2)', () => {
    const result = walk(mutant('A25', 3, 2, 2), { runs: 1000, depth: 40, seed: 1 });
    expect(result.verdict).toBe('inconclusive');
    expect(found(result, 'OneValuePerBallot').holds).toBe(false);
    expect(found(result, 'Agreement').holds).toBeNull();
  });

  it('goes on after Agreement is broken if asked to (A7 A=3 B=2 V=2)', () => {
    const options = { runs: 300, depth: 40, seed: 1 };
    expect(walk(mutant('A7', 3, 2, 2), options).walks).toBeLessThan(300);
    expect(walk(mutant('A7', 3, 2, 2), { ...options, exhaust: true })).toMatchObject({ walks: 300, verdict: 'unsafe' });
  });

  it.each([1, 2, 3])('nothing of the reference is broken, and that is inconclusive (A=3 B=3 V=2, seed %i)', (seed) => {
    const result = walk(synod(3, 3, 2), { runs: 2000, depth: 40, seed });
    expect(result.verdict).toBe('inconclusive');
    expect(result.properties.filter(({ holds }) => holds === false)).toEqual([]);
    expect(found(result, 'CanChoose').holds).toBe(true);
    expect(result.never).toEqual([]);
  });

  it('bounds that no search finishes take a moment (A=5 B=5 V=2)', () => {
    const result = walk(synod(5, 5, 2), { runs: 100, depth: 100, seed: 1 });
    expect(result).toMatchObject({ verdict: 'inconclusive', walks: 100, kinds: 90 });
  });
});

describe('random runs are what was asked for', () => {
  const protocol = mutant('A7', 3, 2, 2);

  it('the same seed gives the same result, another one another (A7 A=3 B=2 V=2)', () => {
    const once = (seed: number): WalkResult => walk(protocol, { runs: 50, depth: 30, seed, exhaust: true });
    expect(once(7)).toEqual(once(7));
    expect(once(7)).not.toEqual(once(8));
    expect(once(0)).toEqual(once(0));
    expect(once(2 ** 32 - 1)).not.toEqual(once(0));
  });

  it('run k is the same however many are asked for: the run that broke agreement is found again', () => {
    const first = walk(protocol, { runs: 1000, depth: 30, seed: 5 });
    expect(walk(protocol, { runs: first.walks, depth: 30, seed: 5 })).toEqual(first);
  });

  it.each([0, 1, 5, 12])('no run is longer than the depth, those that break a property included (depth %i)', (depth) => {
    const result = walk(protocol, { runs: 500, depth, seed: 1, exhaust: true });
    expect(result.longest).toBe(depth);
    expect(result.steps).toBeLessThanOrEqual(500 * depth);
    for (const { foundLength } of result.properties) expect(foundLength ?? 0).toBeLessThanOrEqual(depth);
  });

  it('sees all states, and no more, where there are few (A=1 B=2 V=1: 25 states, longest run 8)', () => {
    const result = walk(synod(1, 2, 1), { runs: 5000, depth: 100, seed: 1 });
    expect(result.distinct).toEqual({ count: 25, exact: true });
    expect(result.longest).toBe(8);
    expect(Object.values(result.actions).reduce((sum, times) => sum + times, 0)).toBe(result.steps);
  });

  it('counts states up to a bound, and says so', () => {
    expect(walk(synod(3, 3, 2), { runs: 500, depth: 40, seed: 1, maxDistinct: 100 }).distinct).toEqual({ count: 100, exact: false });
  });

  it('names the actions that no run took (A=3 B=3 V=2, depth 1: nothing but prepares)', () => {
    const { never, kinds, actions } = walk(synod(3, 3, 2), { runs: 100, depth: 1, seed: 1 });
    expect(actions).toEqual({ prepare: 100, promise: 0, accept: 0, vote: 0, crash: 0, act: 0 });
    expect(never.length).toBe(kinds - 3);
    expect(never).toContainEqual({ kind: 'vote', acceptor: 2, ballot: 3, value: 1 });
  });

  it('ends when interrupted, within a run as well', () => {
    let asked = 0;
    const result = walk(synod(3, 3, 2), { runs: 1_000_000, depth: 40, seed: 1, interrupted: () => (++asked > 20 ? 'time' : null) });
    expect(result.limit).toBe('time');
    expect(result.walks).toBeLessThan(30);
    // With crashes a run need not end.
    asked = 0;
    expect(walk(mutant('D2', 1, 1, 1), { runs: 1, depth: 1_000_000_000, seed: 1, exhaust: true, interrupted: () => (++asked > 20 ? 'time' : null) }).steps).toBeLessThan(30_000);
  });

  it('looks at nothing but what was asked for, Agreement and Validity', () => {
    expect(walk(protocol, { runs: 1, depth: 5, seed: 1, properties: [] }).properties.map(({ name }) => name)).toEqual(['Validity', 'Agreement']);
    expect(walk(protocol, { runs: 1, depth: 5, seed: 1 }).properties).toHaveLength(PROPERTIES.length);
  });
});

describe('what random runs are made of', () => {
  it('numbers are spread evenly, and differ from stream to stream', () => {
    const next = randomNumbers(1, 1);
    const tens = Array.from({ length: 10 }, () => 0);
    for (let i = 0; i < 10_000; i++) tens[Math.floor((next() / 2 ** 32) * 10)]!++;
    for (const times of tens) expect(Math.abs(times - 1000)).toBeLessThan(150);
    const firsts = Array.from({ length: 1000 }, (_, stream) => randomNumbers(1, stream)());
    expect(new Set(firsts).size).toBeGreaterThan(995);
  });

  it('no single action can be left out of a shortened run (A7 A=1 B=2 V=2: 8 actions)', () => {
    const protocol = mutant('A7', 1, 2, 2);
    const agreement = propertyNamed('Agreement')!;
    if (agreement.kind === 'possibility') throw new Error('Agreement is an invariant');
    const { run } = explore(protocol, { properties: [agreement] }).properties.find(({ name }) => name === 'Agreement')!;
    const actions = run!.transitions.map(({ action }) => action);
    const noise: Action[] = actions.flatMap((action) => [action, { kind: 'crash', acceptor: 0 }]);
    expect(shortened(protocol, initialCluster(protocol), noise, agreement)).toEqual(actions);
  });
});
