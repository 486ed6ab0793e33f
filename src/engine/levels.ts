/**
 * States in the order in which they are found and expanded, level by level, one after the other in memory. Levels that
 * were expanded are let go, or kept: then they are what the way back to the first state is looked for in.
 */
import type { Allocate } from './table.js';

const SMALLEST = 1 << 8;
const LARGEST = 1 << 16;

interface Level {
  readonly chunks: Uint32Array[];
  count: number;
}

/** What is needed to read the levels elsewhere. */
export interface LevelsImage {
  readonly words: number;
  readonly levels: readonly { readonly chunks: readonly Uint32Array[]; readonly count: number }[];
}

export class Levels {
  bytes = 0;
  /** The level that is expanded is the last but one. */
  private levels: Level[] = [{ chunks: [], count: 0 }];
  /** Where the level that is expanded is read. */
  private chunk = 0;
  private at = 0;
  private left = 0;
  /** Room in the last chunk of the level that is written. */
  private room = 0;

  constructor(private readonly words: number, readonly keeps: boolean, private readonly allocate: Allocate = (bytes) => new ArrayBuffer(bytes)) {}

  static of({ words, levels }: LevelsImage, keeps: boolean): Levels {
    const result = new Levels(words, keeps);
    result.levels = levels.map(({ chunks, count }) => ({ chunks: [...chunks], count }));
    return result;
  }

  get image(): LevelsImage {
    return { words: this.words, levels: this.levels };
  }

  /** States of the level that is expanded which were not taken yet. */
  get open(): number {
    return this.left;
  }

  /** States of the level that is found. */
  get waiting(): number {
    return this.levels[this.levels.length - 1]!.count;
  }

  push(keys: Uint32Array, from: number): void {
    const level = this.levels[this.levels.length - 1]!;
    if (this.room === 0) this.add(level);
    const chunk = level.chunks[level.chunks.length - 1]!;
    const to = chunk.length - this.room * this.words;
    for (let word = 0; word < this.words; word++) chunk[to + word] = keys[from + word]!;
    this.room--;
    level.count++;
  }

  private add(level: Level): void {
    const last = level.chunks[level.chunks.length - 1];
    this.room = last === undefined ? SMALLEST : Math.min(LARGEST, (last.length / this.words) * 2);
    level.chunks.push(new Uint32Array(this.allocate(this.room * this.words * 4)));
    this.bytes += this.room * this.words * 4;
  }

  /** What was found is expanded from now on. */
  next(): void {
    const before = this.levels[this.levels.length - 2];
    if (before !== undefined && !this.keeps) before.chunks.forEach((_, index) => this.letGo(before, index));
    this.left = this.waiting;
    [this.chunk, this.at, this.room] = [0, 0, 0];
    this.levels.push({ chunks: [], count: 0 });
  }

  private letGo(level: Level, index: number): void {
    this.bytes -= level.chunks[index]!.byteLength;
    level.chunks[index] = EMPTY;
  }

  /** Takes at most `most` states, which lie one after the other from state `from` of the chunk on. */
  take(most: number): { readonly chunk: Uint32Array; readonly from: number; readonly count: number } {
    const level = this.levels[this.levels.length - 2];
    if (level === undefined || this.left === 0) return { chunk: EMPTY, from: 0, count: 0 };
    if (this.at * this.words === level.chunks[this.chunk]!.length) {
      if (!this.keeps) this.letGo(level, this.chunk);
      this.chunk++;
      this.at = 0;
    }
    const chunk = level.chunks[this.chunk]!;
    const from = this.at;
    const count = Math.min(most, this.left, chunk.length / this.words - from);
    this.at += count;
    this.left -= count;
    return { chunk, from, count };
  }

  /** Calls back with every state that was kept, and its level. */
  forEach(visit: (keys: Uint32Array, at: number, level: number) => void): void {
    for (const index of this.levels.keys()) this.forEachOf(index, (keys, at) => visit(keys, at, index));
  }

  /** Calls back with every state of a level. */
  forEachOf(index: number, visit: (keys: Uint32Array, at: number) => void): void {
    const { chunks, count } = this.levels[index] ?? { chunks: [], count: 0 };
    let left = count;
    for (const chunk of chunks) {
      for (let at = 0; at < chunk.length && left > 0; at += this.words, left--) visit(chunk, at);
    }
  }
}

const EMPTY = new Uint32Array(0);
