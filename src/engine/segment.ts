/** Segments of the table of states (see table.ts): where a state belongs in one, and how states move to a larger one. */
import { LEVEL_SHIFT, STATE_MASK } from './layout.js';

/** Hashes are fractions of it. */
export const UNIT = 2 ** 32;

/** The hashes that begin with the `depth` bits `prefix` belong to a segment. */
export interface Segment {
  readonly data: Uint32Array;
  /** Without the slack. */
  readonly slots: number;
  readonly depth: number;
  readonly prefix: number;
  count: number;
}

/**
 * Copies the states that belong to the segment, only those with this tag unless it is zero; returns how many, -1 if they
 * do not fit. They come in the order of their hashes, so it is one sweep.
 */
export function movePairs(from: Uint32Array, { data, slots, depth, prefix }: Segment, tag: number): number {
  const scale = (slots * 2 ** depth) / UNIT;
  const first = prefix * slots;
  const shift = 31 - depth;
  let count = 0;
  for (let at = 0; at < from.length; at += 2) {
    const last = from[at + 1]!;
    const there = last >>> LEVEL_SHIFT;
    if (there === 0 || (tag !== 0 && there !== tag)) continue;
    const hash = hashPair(from[at]!, last);
    if ((hash >>> 1) >>> shift !== prefix) continue;
    let to = (((hash >>> 0) * scale - first) | 0) * 2 + 1;
    while (to < data.length && data[to] !== 0) to += 2;
    if (to >= data.length) return -1;
    data[to - 1] = from[at]!;
    data[to] = last;
    count++;
  }
  return count;
}

export function moveWide(from: Uint32Array, { data, slots, depth, prefix }: Segment, tag: number, words: number): number {
  const scale = (slots * 2 ** depth) / UNIT;
  let count = 0;
  for (let at = 0; at < from.length; at += words) {
    const there = from[at + words - 1]! >>> LEVEL_SHIFT;
    if (there === 0 || (tag !== 0 && there !== tag)) continue;
    const hash = hashOf(from, at, words);
    if ((hash >>> 1) >>> (31 - depth) !== prefix) continue;
    let to = (((hash >>> 0) * scale - prefix * slots) | 0) * words;
    while (to < data.length && data[to + words - 1] !== 0) to += words;
    if (to >= data.length) return -1;
    for (let word = 0; word < words; word++) data[to + word] = from[at + word]!;
    count++;
  }
  return count;
}

/** The upper bits depend on all bits of the key; the level does not count. */
export function hashPair(first: number, second: number): number {
  let h = Math.imul(first ^ (first >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13) ^ (second & STATE_MASK), 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 16), 0x9e3779b1);
  return h ^ (h >>> 15);
}

/** The hash of the state at `at`. */
export function hashOf(keys: Uint32Array, at: number, words: number): number {
  if (words === 2) return hashPair(keys[at]!, keys[at + 1]!);
  let h = keys[at]!;
  for (let word = 1; word < words; word++) h = hashPair(h, word === words - 1 ? keys[at + word]! : fold(keys[at + word]!, word));
  return h;
}

/** A full word, so that nothing of it is masked away. */
const fold = (word: number, at: number): number => word ^ Math.imul(word >>> LEVEL_SHIFT, 0x9e3779b1 + at);
