/**
 * The set of visited states: exact, without an object per state. Each state is kept twice: in chunks in the order of
 * discovery, and in an open-addressing table, at most two thirds full, so that looking one up costs one cache miss.
 * States come in batches: all their slots are touched first, so that the misses overlap.
 */
import { LimitError } from './limit-error.js';

const CHUNK_BITS = 16;
const CHUNK_MASK = (1 << CHUNK_BITS) - 1;
const MAX_SLOTS = 2 ** 31;
const FIRST_SLOTS = 1 << 12;
/** Below this, room is cheaper than copying. */
const SMALL_SLOTS = 1 << 21;
/** Divides a chunk. */
const GROW_BATCH = 256;

export class StateStore {
  size = 0;
  private readonly chunks: Uint32Array[] = [];
  private table: Uint32Array;
  private mask = FIRST_SLOTS - 1;
  private slots = new Int32Array(0);
  /** The sum of what was touched last: kept so that touching is not optimised away. */
  touched = 0;

  /** States of `words` 32-bit words, the first of them never zero. */
  constructor(readonly words: number) {
    this.table = new Uint32Array(FIRST_SLOTS * words);
  }

  /** Bytes held. */
  get bytes(): number {
    return this.table.byteLength + this.chunks.length * (this.words * 4) * (1 << CHUNK_BITS);
  }

  chunkOf(index: number): Uint32Array {
    return this.chunks[index >>> CHUNK_BITS]!;
  }

  offsetOf(index: number): number {
    return (index & CHUNK_MASK) * this.words;
  }

  /** Adds those of the `count` states in `keys` that are new, in their order; returns how many. */
  addAll(keys: Uint32Array, count: number): number {
    if ((this.size + count) * 3 > this.mask * 2) this.grow(count);
    this.touch(keys, 0, count);
    const before = this.size;
    for (let i = 0; i < count; i++) this.addAt(this.slots[i]!, keys, i * this.words);
    return this.size - before;
  }

  /** Finds the first slots of `count` states, and brings them into the cache: the misses overlap. */
  private touch(keys: Uint32Array, from: number, count: number): void {
    if (this.slots.length < count) this.slots = new Int32Array(count);
    const { slots, table, mask, words } = this;
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const slot = hash(keys, from + i * words, words) & mask;
      slots[i] = slot;
      sum += table[slot * words]!;
    }
    this.touched = sum;
  }

  private addAt(first: number, keys: Uint32Array, at: number): void {
    const { table, mask, words } = this;
    for (let slot = first; ; slot = (slot + 1) & mask) {
      const there = slot * words;
      if (table[there] === 0) {
        for (let word = 0; word < words; word++) table[there + word] = keys[at + word]!;
        this.append(keys, at);
        return;
      }
      let word = 0;
      while (word < words && table[there + word] === keys[at + word]) word++;
      if (word === words) return;
    }
  }

  private append(keys: Uint32Array, at: number): void {
    const index = this.size++;
    if ((index & CHUNK_MASK) === 0) this.chunks.push(new Uint32Array(this.words << CHUNK_BITS));
    const chunk = this.chunks[index >>> CHUNK_BITS]!;
    const offset = (index & CHUNK_MASK) * this.words;
    for (let word = 0; word < this.words; word++) chunk[offset + word] = keys[at + word]!;
  }

  private grow(more: number): void {
    let slots = this.mask + 1;
    while ((this.size + more) * 3 > (slots - 1) * 2) slots *= slots < SMALL_SLOTS ? 4 : 2;
    if (slots > MAX_SLOTS) throw new LimitError('TOO_MANY_STATES', `more than ${this.size} states do not fit`, 'use smaller bounds or --symmetry full');
    this.table = new Uint32Array(slots * this.words);
    this.mask = slots - 1;
    for (let index = 0; index < this.size; index += GROW_BATCH) {
      const count = Math.min(GROW_BATCH, this.size - index);
      const chunk = this.chunkOf(index);
      const at = this.offsetOf(index);
      this.touch(chunk, at, count);
      for (let i = 0; i < count; i++) this.place(this.slots[i]!, chunk, at + i * this.words);
    }
  }

  /** Writes a state that is not in the table to the first free slot. */
  private place(first: number, keys: Uint32Array, at: number): void {
    const { table, mask, words } = this;
    let slot = first;
    while (table[slot * words] !== 0) slot = (slot + 1) & mask;
    for (let word = 0; word < words; word++) table[slot * words + word] = keys[at + word]!;
  }
}

function hash(key: Uint32Array, at: number, words: number): number {
  let h = 0x9e3779b9;
  for (let word = 0; word < words; word++) {
    h = Math.imul(h ^ key[at + word]!, 0x85ebca6b);
    h ^= h >>> 15;
    h = Math.imul(h, 0xc2b2ae35);
    h ^= h >>> 13;
  }
  return h;
}
