import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Guard } from './guard.js';
import { allows, blockedBy, without } from './guard.js';

/** A guard with a conjunct for each bit: conjunct i holds of the numbers that have bit i. */
const bits = (width: number): Guard<number> =>
  Object.fromEntries(
    Array.from({ length: width }, (_, i) => [`bit-${i}`, { formula: `bit ${i} of n`, holds: (n: number) => ((n >> i) & 1) === 1, numbers: (n: number) => `bit ${i} of ${n}` }]),
  );

const widths = fc.integer({ min: 0, max: 8 });
const numbers = fc.nat({ max: 255 });

describe('guard', () => {
  it('blockedBy is empty exactly if allows is true', () => {
    fc.assert(fc.property(widths, numbers, (width, n) => {
      expect(blockedBy(bits(width), n).length === 0).toBe(allows(bits(width), n));
    }));
  });

  it('blockedBy names the false conjuncts, all of them, in the order of the guard', () => {
    fc.assert(
      fc.property(widths, numbers, (width, n) => {
        const falseOnes = Array.from({ length: width }, (_, i) => i).filter((i) => ((n >> i) & 1) === 0);
        expect(blockedBy(bits(width), n).map((blocked) => blocked.conjunct)).toEqual(falseOnes.map((i) => `bit-${i}`));
      }),
    );
  });

  it('a false conjunct says its formula, and the formula with the numbers of this case', () => {
    expect(blockedBy(bits(2), 1)).toEqual([{ conjunct: 'bit-1', formula: 'bit 1 of n', numbers: 'bit 1 of 1' }]);
  });

  it('the guard without conjuncts allows everything', () => {
    expect(allows({}, 0)).toBe(true);
  });

  it('forgetting a conjunct allows exactly what only that conjunct forbade, and nothing less than before', () => {
    fc.assert(
      fc.property(numbers, fc.nat({ max: 7 }), (n, forgotten) => {
        const blocked = blockedBy(bits(8), n).map(({ conjunct }) => conjunct);
        expect(allows(without(bits(8), `bit-${forgotten}`), n)).toBe(blocked.every((conjunct) => conjunct === `bit-${forgotten}`));
      }),
    );
  });

  it('forgetting leaves the guard itself as it was', () => {
    const guard = bits(2);
    without(guard, 'bit-0');
    expect(Object.keys(guard)).toEqual(['bit-0', 'bit-1']);
  });

  it('a conjunct that is not there cannot be forgotten: a mutant with a misspelt rule must not pass for the reference', () => {
    expect(() => without(bits(2), 'bit-2')).toThrow('bit-2');
  });
});
