import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layoutOf, pack, unpack } from './layout.js';
import { StateTable } from './table.js';

const MAX_BATCH = 20;

/** A state as words: the last one has its upper eight bits free. Many of them alike, so that they meet. */
const keyOf = (words: number): fc.Arbitrary<number[]> =>
  fc.tuple(...Array.from({ length: words }, (_, word) => fc.oneof(fc.nat(3), fc.integer({ min: 0, max: word === words - 1 ? 0xffffff : 0xffffffff }))));

const batchesOf = (words: number): fc.Arbitrary<number[][][]> => fc.array(fc.array(keyOf(words), { minLength: 1, maxLength: MAX_BATCH }), { maxLength: 40 });

/** Adds the batch, and says which of it were new. */
function add(table: StateTable, batch: readonly number[][], tag: number): string[] {
  const fresh = new Int32Array(MAX_BATCH);
  const added = table.addAll(Uint32Array.from(batch.flat()), batch.length, tag, fresh);
  return Array.from(fresh.subarray(0, added), (index) => batch[index]!.join());
}

describe('StateTable is a set', () => {
  it.each([2, 3, 4])('of states of %i words: says in their order which are new, and keeps the tag of the first time (random states, close together)', (words) => {
    fc.assert(
      fc.property(batchesOf(words), (batches) => {
        const table = new StateTable(words, false);
        const tags = new Map<string, number>();
        batches.forEach((batch, index) => {
          const before = new Set(tags.keys());
          for (const key of batch) if (!tags.has(key.join())) tags.set(key.join(), index + 1);
          expect(add(table, batch, index + 1)).toEqual([...tags.keys()].filter((key) => !before.has(key)));
        });
        expect(table.size).toBe(tags.size);
        for (const batch of batches) for (const key of batch) expect(table.tagOf(Uint32Array.from(key))).toBe(tags.get(key.join()));
        const kept: string[] = [];
        table.forEach((data, at) => kept.push([...data.slice(at, at + words - 1), data[at + words - 1]! & 0xffffff].join()));
        expect(kept.sort()).toEqual([...tags.keys()].sort());
      }),
    );
  });

  it.each([2, 3])('of states of %i words that forgets: only states of the same tag are compared', (words) => {
    fc.assert(
      fc.property(batchesOf(words), (batches) => {
        const table = new StateTable(words, true);
        batches.forEach((batch, index) => {
          const tag = 1 + Math.floor(index / 2);
          const earlier = new Set((index % 2 === 1 ? batches[index - 1]! : []).map((key) => key.join()));
          const expected = [...new Set(batch.map((key) => key.join()))].filter((key) => !earlier.has(key));
          expect(add(table, batch, tag)).toEqual(expected);
        });
      }),
    );
  });

  it.each([false, true])('of pairs equals the one of any width (forgets: %s)', (forgets) => {
    fc.assert(
      fc.property(batchesOf(2), (batches) => {
        const [fast, slow] = [new StateTable(2, forgets), new StateTable(2, forgets)];
        slow.addAll = (keys, count, tag, fresh) => slow.addAnyWidth(keys, count, tag, fresh);
        batches.forEach((batch, index) => expect(add(fast, batch, 1 + (index >> 1))).toEqual(add(slow, batch, 1 + (index >> 1))));
      }),
    );
  });

  it.each([2, 3])('grows over many segments without losing a state (3,000,000 states of %i words)', (words) => {
    const table = new StateTable(words, false);
    const [batch, fresh] = [new Uint32Array(1000 * words), new Int32Array(1000)];
    const added = [0, 0];
    for (let round = 0; round < 2; round++) {
      for (let block = 0; block < 3000; block++) {
        for (let i = 0; i < 1000; i++) [batch[i * words], batch[i * words + 1]] = [i, block];
        added[round]! += table.addAll(batch, 1000, 1, fresh);
      }
    }
    expect(added).toEqual([3_000_000, 0]);
    expect(table.size).toBe(3_000_000);
    expect(StateTable.of(table.image).tagOf(Uint32Array.from([999, 2999, 0].slice(0, words)))).toBe(1);
    expect(table.tagOf(Uint32Array.from([999, 3000, 0].slice(0, words)))).toBe(0);
  });
});

describe('layout', () => {
  it('packs and unpacks every field, and leaves the tag alone (random sizes)', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 31 }), fc.array(fc.integer({ min: 1, max: 1 << 22 }), { minLength: 1, maxLength: 9 }), fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })), (bits, counts, random) => {
        const layout = layoutOf(bits, counts);
        const draw = (limit: number): number => Math.floor(random.next().value! * limit);
        const sent = draw(2 ** bits);
        const places = Int32Array.from(counts, draw);
        const key = new Uint32Array(layout.words);
        pack(layout, sent, places, key);
        expect(key.at(-1)! >>> 24).toBe(0);
        key[layout.words - 1]! |= 0xff000000;
        const back = new Int32Array(places.length);
        expect(unpack(layout, key, 0, back)).toBe(sent);
        expect(back).toEqual(places);
      }),
    );
  });
});
