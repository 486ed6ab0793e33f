import { describe, expect, it } from 'vitest';
import { propertyNamed } from '../../model/invariants.js';
import { synodWith } from '../../model/mutant.js';
import { mutantNamed } from '../../model/mutants.js';
import { synod } from '../../model/synod.js';
import { explore } from './toy.js';

/** The number of sets of more than half of n acceptors, supersets of quorums included. */
const majoritySets = (n: number): number => Array.from({ length: 2 ** n }, (_, set) => set.toString(2).replaceAll('0', '').length).filter((size) => 2 * size > n).length;

const depthOf = (n: number, ballots: number): number => 1 + ballots * (2 * n + 2);

const counted = (n: number, ballots: number, values: number) => {
  const { distinct, depth } = explore(synod(n, ballots, values), []);
  return { distinct, depth };
};

describe('closed forms of the number of states, M majorities', () => {
  it.each([[1, 1], [1, 3], [2, 2], [3, 1], [3, 2], [3, 3], [4, 2], [5, 1]])('one ballot: 1 + 2^N + V M 2^N (A=%i B=1 V=%i)', (n, values) => {
    expect(counted(n, 1, values)).toEqual({ distinct: 1 + 2 ** n + values * majoritySets(n) * 2 ** n, depth: depthOf(n, 1) });
  });

  it.each([[1, 2], [1, 3], [1, 4], [2, 2], [2, 3], [3, 2]])('one value: ballots do not touch each other, (1 + 2^N (1 + M))^B (A=%i B=%i V=1)', (n, ballots) => {
    expect(counted(n, ballots, 1)).toEqual({ distinct: (1 + 2 ** n * (1 + majoritySets(n))) ** ballots, depth: depthOf(n, ballots) });
  });

  it('there are 1, 1, 4, 5, 16 majorities of 1 to 5 acceptors', () => {
    expect([1, 2, 3, 4, 5].map(majoritySets)).toEqual([1, 1, 4, 5, 16]);
  });
});

describe('the number of states and the depth as TLC counts them', () => {
  it.each([[1, 2, 1, 25, 9], [3, 1, 2, 73, 9], [2, 2, 2, 145, 13], [2, 3, 2, 1501, 19], [3, 2, 1, 1681, 17], [3, 2, 2, 3921, 17]])('(A=%i B=%i V=%i: %i states, depth %i)', (n, ballots, values, distinct, depth) => {
    expect(counted(n, ballots, values)).toEqual({ distinct, depth });
  });
});

describe('the shortest run that breaks agreement, found by calling the model for everything [agreement]', () => {
  const agreement = propertyNamed('Agreement')!;
  const shortest = (id: string, n: number, ballots: number): number | undefined => explore(synodWith(mutantNamed(id)!, n, ballots, 2), [agreement]).shortest.get('Agreement');

  it.each([['P10', 1, 6], ['P9', 2, 4], ['L7', 2, 6], ['P8', 2, 7], ['A2', 2, 8], ['A7', 2, 8], ['P1', 2, 8], ['D2', 2, 9], ['A21', 2, 10], ['A12', 3, 10]])('%s (A=1 B=%i V=2): %i actions', (id, ballots, length) => {
    expect(shortest(id, 1, ballots)).toBe(length);
  });

  it('quorums that do not meet: 8 actions (A=2 B=2 V=2) [quorums-intersect]', () => {
    expect(shortest('Q3', 2, 2)).toBe(8);
  });
});

describe('every property', () => {
  it('holds of the reference, and a value can be chosen, in four actions with one acceptor (A=1 B=2 V=2)', () => {
    expect([...explore(synod(1, 2, 2)).shortest]).toEqual([['CanChoose', 4]]);
  });

  it('states may be counted up to a renaming: the class of a state is what the caller says (A=2 B=2 V=2)', () => {
    const upToOrder = explore(synod(2, 2, 2), [], ({ prepares, accepts, acceptors }) => JSON.stringify([prepares, accepts, acceptors.map((acceptor) => JSON.stringify(acceptor)).sort()]));
    expect(upToOrder.distinct).toBeLessThan(145);
    expect(upToOrder.depth).toBe(13);
  });
});
