/**
 * The set of visited states: exact, without an object per state. An open-addressing table in segments. A key's hash,
 * taken as a fraction, says where it belongs, so growing copies a segment in one sweep, and a full one is split into
 * two: there is no pause in which everything is copied. Next to each state its tag, the level in which it was found,
 * from one on. States come in batches: all their slots are touched first, so that the cache misses overlap.
 *
 * Where every step leads to the next level, a state can only be met again in its own level. Then the table is told to
 * forget: slots of other levels count as free, it stays as small as the largest level, and mostly within the caches.
 */
import { LEVEL_SHIFT, STATE_MASK } from './layout.js';
import type { Segment } from './segment.js';
import { UNIT, hashOf, hashPair, movePairs, moveWide } from './segment.js';

/** Slots of a segment: the first one has FIRST; more than LARGEST are split. */
const FIRST = 1 << 10;
const LARGEST = 1 << 21;
/** Room beyond the last slot for keys that belong near the end. */
const SLACK = 64;
const MAX_LOAD = 0.75;
/** As long as the table is small, room is cheaper than copying. */
const SMALL_BYTES = 2 ** 27;
const GROWTH = 1.4;

export type Allocate = (bytes: number) => ArrayBufferLike;

/** What is needed to read a table elsewhere. */
export interface TableImage {
  readonly words: number;
  readonly segments: readonly Readonly<Segment>[];
}

export class StateTable {
  size = 0;
  bytes = 0;
  private segments: Segment[] = [];
  /** Of each segment: its data; a hash h, as an unsigned number, belongs to slot h * scale - first. */
  private data: Uint32Array[] = [];
  private scale = new Float64Array(64);
  private first = new Float64Array(64);
  /** The segment of every prefix of `depth` bits. */
  private directory = Int32Array.of(0);
  private depth = 0;
  /** Grows with every growth of a segment: slots computed before it no longer hold. */
  private epoch = 0;
  private tag = 0;
  private segmentOf = new Int32Array(0);
  private slotOf = new Int32Array(0);
  /** The sum of what was touched last: kept so that touching is not optimised away. */
  touched = 0;

  /** States of `words` 32-bit words (at least two), the last with its upper eight bits zero. `forgets`: only states of the same level are ever compared. */
  constructor(readonly words: number, private readonly forgets: boolean, private readonly allocate: Allocate = (bytes) => new ArrayBuffer(bytes)) {
    this.set(0, this.empty(FIRST, 0, 0));
  }

  /** The same table, to be read. */
  static of({ words, segments }: TableImage): StateTable {
    const table = new StateTable(words, false);
    segments.forEach((segment, id) => table.set(id, { ...segment }));
    table.size = segments.reduce((sum, { count }) => sum + count, 0);
    table.depth = Math.max(...segments.map(({ depth }) => depth));
    table.direct();
    return table;
  }

  get image(): TableImage {
    return { words: this.words, segments: this.segments };
  }

  /** Adds those of the `count` states in `keys` that are new, with this tag (1 to 255); writes their places in `keys` to `fresh`; returns how many. */
  addAll(keys: Uint32Array, count: number, tag: number, fresh: Int32Array): number {
    if (this.words !== 2) return this.addAnyWidth(keys, count, tag, fresh);
    this.prepare(keys, count, tag);
    return this.addPairs(keys, count, fresh);
  }

  /** The same, for states of any width: the slow twin for those of two words. */
  addAnyWidth(keys: Uint32Array, count: number, tag: number, fresh: Int32Array): number {
    this.prepare(keys, count, tag);
    return this.addWide(keys, count, fresh);
  }

  private prepare(keys: Uint32Array, count: number, tag: number): void {
    if (this.forgets && tag !== this.tag) for (const segment of this.segments) segment.count = 0;
    this.tag = tag;
    if (this.slotOf.length < count) [this.slotOf, this.segmentOf] = [new Int32Array(count), new Int32Array(count)];
    this.touch(keys, count);
  }

  /** The tag of the state; 0 if it is not in the table. */
  tagOf(key: Uint32Array, at = 0): number {
    const hash = hashOf(key, at, this.words);
    const id = this.segmentAt(hash);
    const found = this.find(id, this.slotAt(id, hash) * this.words, key, at);
    return found < 0 ? 0 : this.data[id]![found + this.words - 1]! >>> LEVEL_SHIFT;
  }

  /** Calls back with every state, its tag included in its last word. */
  forEach(visit: (data: Uint32Array, at: number) => void): void {
    const { words } = this;
    for (const data of this.data) {
      for (let at = 0; at < data.length; at += words) if (!this.isFree(data[at + words - 1]!)) visit(data, at);
    }
  }

  /** Nothing that counts is in the slot whose last word this is. */
  private isFree(last: number): boolean {
    return this.forgets ? last >>> LEVEL_SHIFT !== this.tag : last >>> LEVEL_SHIFT === 0;
  }

  private segmentAt(hash: number): number {
    return this.directory[(hash >>> 1) >>> (31 - this.depth)]!;
  }

  private slotAt(id: number, hash: number): number {
    return ((hash >>> 0) * this.scale[id]! - this.first[id]!) | 0;
  }

  private touch(keys: Uint32Array, count: number): void {
    const { data, segmentOf, slotOf, words, directory, scale, first } = this;
    const shift = 31 - this.depth;
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const hash = words === 2 ? hashPair(keys[i * 2]!, keys[i * 2 + 1]!) : hashOf(keys, i * words, words);
      const id = directory[(hash >>> 1) >>> shift]!;
      const slot = ((hash >>> 0) * scale[id]! - first[id]!) | 0;
      segmentOf[i] = id;
      slotOf[i] = slot * words;
    }
    // A loop of its own: the shorter it is, the more of its misses overlap.
    for (let i = 0; i < count; i++) sum = (sum + data[segmentOf[i]!]![slotOf[i]!]!) | 0;
    this.touched = sum;
  }

  /** For states of two words; `table.test.ts` holds it against addWide. */
  private addPairs(keys: Uint32Array, count: number, fresh: Int32Array): number {
    const { segmentOf, slotOf, epoch, data, forgets, tag } = this;
    const mark = tag << LEVEL_SHIFT;
    let added = 0;
    for (let i = 0; i < count; i++) {
      const [first, second] = [keys[i * 2]!, keys[i * 2 + 1]!];
      if (epoch !== this.epoch) this.locate(i, hashPair(first, second));
      let slots = data[segmentOf[i]!]!;
      let at = slotOf[i]!;
      for (;;) {
        if (at >= slots.length) {
          this.grow(segmentOf[i]!);
          this.locate(i, hashPair(first, second));
          slots = data[segmentOf[i]!]!;
          at = slotOf[i]!;
        }
        const last = slots[at + 1]!;
        const there = last >>> LEVEL_SHIFT;
        if (there === 0 || (forgets && there !== tag)) {
          slots[at] = first;
          slots[at + 1] = second | mark;
          fresh[added++] = i;
          this.countOne(segmentOf[i]!);
          break;
        }
        if (slots[at] === first && (last & STATE_MASK) === second) break;
        at += 2;
      }
    }
    this.size += added;
    return added;
  }

  private countOne(id: number): void {
    const segment = this.segments[id]!;
    if (++segment.count > segment.slots * MAX_LOAD) this.grow(id);
  }

  private addWide(keys: Uint32Array, count: number, fresh: Int32Array): number {
    const { words, epoch, data, segmentOf, slotOf } = this;
    let added = 0;
    for (let i = 0; i < count; i++) {
      if (epoch !== this.epoch) this.locate(i, hashOf(keys, i * words, words));
      let at = this.find(segmentOf[i]!, slotOf[i]!, keys, i * words);
      while (at < 0) {
        this.grow(segmentOf[i]!);
        this.locate(i, hashOf(keys, i * words, words));
        at = this.find(segmentOf[i]!, slotOf[i]!, keys, i * words);
      }
      const slots = data[segmentOf[i]!]!;
      if (!this.isFree(slots[at + words - 1]!)) continue;
      for (let word = 0; word < words; word++) slots[at + word] = keys[i * words + word]!;
      slots[at + words - 1]! |= this.tag << LEVEL_SHIFT;
      fresh[added++] = i;
      this.countOne(segmentOf[i]!);
    }
    this.size += added;
    return added;
  }

  private locate(i: number, hash: number): void {
    this.segmentOf[i] = this.segmentAt(hash);
    this.slotOf[i] = this.slotAt(this.segmentOf[i], hash) * this.words;
  }

  /** Where the state is, or the free slot where it belongs; -1 if there is no room. */
  private find(id: number, start: number, keys: Uint32Array, from: number): number {
    const { words } = this;
    const data = this.data[id]!;
    for (let at = start; at < data.length; at += words) {
      if (this.isFree(data[at + words - 1]!)) return at;
      let word = 0;
      while (word < words - 1 && data[at + word] === keys[from + word]) word++;
      if (word === words - 1 && ((data[at + word]! ^ keys[from + word]!) & STATE_MASK) === 0) return at;
    }
    return -1;
  }

  private empty(slots: number, depth: number, prefix: number): Segment {
    const data = new Uint32Array(this.allocate((slots + SLACK) * this.words * 4));
    this.bytes += data.byteLength;
    return { data, slots, depth, prefix, count: 0 };
  }

  private set(id: number, segment: Segment): void {
    this.segments[id] = segment;
    this.data[id] = segment.data;
    if (id >= this.scale.length) [this.scale, this.first] = [doubled(this.scale), doubled(this.first)];
    this.scale[id] = (segment.slots * 2 ** segment.depth) / UNIT;
    this.first[id] = segment.prefix * segment.slots;
  }

  /** Enlarges the segment, or splits it into two. */
  private grow(id: number): void {
    this.epoch++;
    const old = this.segments[id]!;
    const slots = Math.ceil(old.slots * (this.bytes < SMALL_BYTES ? 2 : GROWTH));
    if (slots > LARGEST) this.split(id, slots);
    else this.set(id, this.copy(old, slots, old.depth, old.prefix));
    this.bytes -= old.data.byteLength;
  }

  private split(id: number, slots: number): void {
    const old = this.segments[id]!;
    const depth = old.depth + 1;
    const half = slots >>> 1;
    this.set(id, this.copy(old, half, depth, old.prefix * 2));
    this.set(this.segments.length, this.copy(old, half, depth, old.prefix * 2 + 1));
    this.depth = Math.max(this.depth, depth);
    this.direct();
  }

  /** A new segment with those states of the old one whose hashes begin with the prefix. */
  private copy(old: Segment, slots: number, depth: number, prefix: number): Segment {
    for (;;) {
      const segment = this.empty(slots, depth, prefix);
      segment.count = this.words === 2 ? movePairs(old.data, segment, this.forgets ? this.tag : 0) : moveWide(old.data, segment, this.forgets ? this.tag : 0, this.words);
      if (segment.count >= 0) return segment;
      this.bytes -= segment.data.byteLength;
      slots = Math.ceil(slots * GROWTH);
    }
  }

  private direct(): void {
    this.directory = new Int32Array(2 ** this.depth);
    for (const [id, { depth, prefix }] of this.segments.entries()) {
      const copies = 2 ** (this.depth - depth);
      this.directory.fill(id, prefix * copies, (prefix + 1) * copies);
    }
  }
}

function doubled(numbers: Float64Array): Float64Array<ArrayBuffer> {
  const more = new Float64Array(numbers.length * 2);
  more.set(numbers);
  return more;
}
