import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pack, layoutOf, unpack } from './layout.js';
import { StateStore } from './store.js';

describe('StateStore is a set', () => {
  it.each([1, 2, 3])('of keys of %i words: adds what is new, refuses what is there, keeps the order (random keys, close together)', (words) => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.tuple(fc.integer({ min: 1, max: 0xffffffff }).map((word) => (word % 3 === 0 ? word : (word % 5) + 1)), ...Array.from({ length: words - 1 }, () => fc.oneof(fc.nat(3), fc.integer({ min: 0, max: 0xffffffff })))), { minLength: 1, maxLength: 20 }), { maxLength: 40 }), (batches) => {
        const store = new StateStore(words);
        const expected = new Set<string>();
        for (const batch of batches) {
          const before = expected.size;
          for (const key of batch) expected.add(key.join());
          expect(store.addAll(Uint32Array.from(batch.flat()), batch.length)).toBe(expected.size - before);
        }
        const kept = Array.from({ length: store.size }, (_, index) => store.chunkOf(index).slice(store.offsetOf(index), store.offsetOf(index) + words).join());
        expect(kept).toEqual([...expected]);
      }),
    );
  });

  it('grows over many chunks without losing a state (300,000 keys of 2 words)', () => {
    const store = new StateStore(2);
    const key = new Uint32Array(2);
    const added = [0, 0];
    for (let round = 0; round < 2; round++) {
      for (let i = 0; i < 300_000; i++) {
        key[0] = (i % 1000) + 1;
        key[1] = Math.floor(i / 1000);
        added[round]! += store.addAll(key, 1);
      }
    }
    expect(added).toEqual([300_000, 0]);
    expect(store.size).toBe(300_000);
  });
});

describe('layout', () => {
  it('packs and unpacks every field (random sizes)', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 31 }), fc.array(fc.integer({ min: 1, max: 1 << 22 }), { minLength: 1, maxLength: 9 }), fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })), (bits, counts, random) => {
        const layout = layoutOf(bits, counts);
        const draw = (limit: number): number => Math.floor(random.next().value! * limit);
        const sent = draw(2 ** bits);
        const rows = Int32Array.from(counts, draw);
        const key = new Uint32Array(layout.words);
        pack(layout, sent, rows, key);
        const back = new Int32Array(rows.length);
        expect(key[0]).not.toBe(0);
        expect(unpack(layout, key, 0, back)).toBe(sent);
        expect(back).toEqual(rows);
      }),
    );
  });
});
