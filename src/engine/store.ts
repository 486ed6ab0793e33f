/**
 * The set of visited states: exact, in the order of their discovery, without an object per state. States lie in chunks
 * of words that are never copied; a table of their numbers, open addressing, at most two thirds full, finds them.
 */
import { LimitError } from './limit-error.js';

const CHUNK_BITS = 16;
const CHUNK_MASK = (1 << CHUNK_BITS) - 1;
const EMPTY = 0xffffffff;
const MAX_STATES = EMPTY - 1;

export class StateStore {
  size = 0;
  private readonly chunks: Uint32Array[] = [];
  private table = new Uint32Array(1 << 12).fill(EMPTY);
  private mask = (1 << 12) - 1;

  constructor(readonly words: number) {}

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

  /** Adds the state in the first words of `key`; false if it is there already. */
  add(key: Uint32Array): boolean {
    const { table, mask } = this;
    for (let slot = this.hash(key, 0) & mask; ; slot = (slot + 1) & mask) {
      const index = table[slot]!;
      if (index === EMPTY) {
        table[slot] = this.append(key);
        if (this.size * 3 > mask * 2) this.grow();
        return true;
      }
      if (this.equals(index, key)) return false;
    }
  }

  private equals(index: number, key: Uint32Array): boolean {
    const chunk = this.chunks[index >>> CHUNK_BITS]!;
    const at = (index & CHUNK_MASK) * this.words;
    for (let word = 0; word < this.words; word++) if (chunk[at + word] !== key[word]) return false;
    return true;
  }

  private append(key: Uint32Array): number {
    const index = this.size++;
    if (index > MAX_STATES) throw new LimitError('TOO_MANY_STATES', `more than ${MAX_STATES} states`, 'use smaller bounds or --symmetry full');
    if ((index & CHUNK_MASK) === 0) this.chunks.push(new Uint32Array(this.words << CHUNK_BITS));
    const chunk = this.chunks[index >>> CHUNK_BITS]!;
    const at = (index & CHUNK_MASK) * this.words;
    for (let word = 0; word < this.words; word++) chunk[at + word] = key[word]!;
    return index;
  }

  private hash(key: Uint32Array, at: number): number {
    let h = 0x9e3779b9;
    for (let word = 0; word < this.words; word++) {
      h = Math.imul(h ^ key[at + word]!, 0x85ebca6b);
      h ^= h >>> 15;
      h = Math.imul(h, 0xc2b2ae35);
      h ^= h >>> 13;
    }
    return h;
  }

  private grow(): void {
    const size = this.table.length * 2;
    const [table, mask] = [new Uint32Array(size).fill(EMPTY), size - 1];
    for (let index = 0; index < this.size; index++) {
      let slot = this.hash(this.chunkOf(index), this.offsetOf(index)) & mask;
      while (table[slot] !== EMPTY) slot = (slot + 1) & mask;
      table[slot] = index;
    }
    [this.table, this.mask] = [table, mask];
  }
}
