import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { disjointQuorums, flexible, grid, includesQuorum, majorities, membersOf, setOf, setsOfSize, sizeOf } from './quorum.js';

const sizes = fc.integer({ min: 1, max: 7 });
const sets = fc.nat({ max: 127 });

describe('sets of acceptors (A=7)', () => {
  it('a set and the list of its members say the same', () => {
    fc.assert(fc.property(sets, (set) => {
      expect(setOf(membersOf(set))).toBe(set);
    }));
  });

  it('an acceptor counts once, however often it is named [decision-has-quorum]', () => {
    expect(sizeOf(setOf([2, 2, 2]))).toBe(1);
  });

  it('there are as many sets of a size as the binomial coefficient says', () => {
    const rows = [0, 1, 2, 3, 4, 5].map((size) => setsOfSize(5, size).length);
    expect(rows).toEqual([1, 5, 10, 10, 5, 1]);
  });
});

describe('quorums', () => {
  it('any q1 for phase 1 and any q2 for phase 2 of n miss each other exactly if q1 + q2 <= n (n to 7) [quorums-intersect]', () => {
    for (let n = 1; n <= 7; n++) {
      for (let q1 = 1; q1 <= n; q1++) for (let q2 = 1; q2 <= n; q2++) expect([n, q1, q2, disjointQuorums(flexible(n, q1, q2)) !== null]).toEqual([n, q1, q2, q1 + q2 <= n]);
    }
  });

  it('the pair that is reported has no acceptor in common, and is a quorum of each phase [quorums-intersect]', () => {
    const quorums = flexible(5, 2, 3);
    const [one, two] = disjointQuorums(quorums)!;
    expect(one & two).toBe(0);
    expect([includesQuorum(quorums.phase1, one), includesQuorum(quorums.phase2, two)]).toEqual([true, true]);
  });

  it('a majority is more than half, and nothing less is (n to 7)', () => {
    fc.assert(fc.property(sizes, sets, (n, all) => {
      const set = all & ((1 << n) - 1);
      expect(includesQuorum(majorities(n).phase1, set)).toBe(2 * sizeOf(set) > n);
    }));
  });

  it('majorities meet, whatever the number of acceptors (n to 7) [quorums-intersect]', () => {
    for (let n = 1; n <= 7; n++) expect(disjointQuorums(majorities(n))).toBeNull();
  });

  it('whoever contains a quorum is one: more answers never hurt', () => {
    fc.assert(fc.property(sizes, sets, sets, (n, set, more) => {
      const { phase1 } = majorities(n);
      if (includesQuorum(phase1, set)) expect(includesQuorum(phase1, set | more)).toBe(true);
    }));
  });

  it('a row and a column of a grid share exactly one acceptor, two rows none (to 3x4) [quorums-intersect]', () => {
    for (const [rows, columns] of [[1, 1], [2, 2], [2, 3], [3, 4]] as const) {
      const quorums = grid(rows, columns);
      expect(disjointQuorums(quorums)).toBeNull();
      for (const row of quorums.phase1) for (const column of quorums.phase2) expect(sizeOf(row & column)).toBe(1);
      expect(quorums.phase1.reduce((all, row) => all | row)).toBe((1 << (rows * columns)) - 1);
    }
  });

  it('the acceptors of a grid are not interchangeable, those of majorities are: it decides which states may be merged', () => {
    const renamed = (set: number, one: number, other: number) => setOf(membersOf(set).map((a) => (a === one ? other : a === other ? one : a)));
    for (const quorums of [majorities(4), flexible(4, 3, 2), grid(2, 2)]) {
      const same = [0, 1, 2].every((a) => quorums.phase1.every((set) => quorums.phase1.includes(renamed(set, a, a + 1))));
      expect([quorums.name, quorums.symmetric]).toEqual([quorums.name, same]);
    }
  });
});
