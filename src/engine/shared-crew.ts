/**
 * Parts of a search on several threads, over shared memory. Nothing in it is written by two threads at once: each has
 * its own standing and its own box to every other one, both twice, for rounds that alternate. What a part writes in a
 * round the others read in the next, and between the two everybody waits for everybody. So no two parts can race for a
 * state either: each state belongs to one of them.
 */
import { CrewError } from './crew-error.js';
import type { Crew, Standing } from './crew.js';

/** States that fit into a box; what does not waits for the next round. */
const BOX = 1 << 13;
const NUMBERS = 6;
/** Tries before a thread goes to sleep. */
const SPINS = 4000;

/** Shared by all threads of a search. */
export interface Meeting {
  readonly parts: number;
  readonly words: number;
  readonly properties: number;
  /** How many have arrived; how many rounds are over; whether a thread has failed. */
  readonly gate: SharedArrayBuffer;
  readonly standings: SharedArrayBuffer;
  readonly found: SharedArrayBuffer;
  readonly boxes: SharedArrayBuffer;
  readonly filled: SharedArrayBuffer;
}

export function meetingFor(parts: number, words: number, properties: number): Meeting {
  return {
    parts,
    words,
    properties,
    gate: new SharedArrayBuffer(12),
    standings: new SharedArrayBuffer(2 * parts * NUMBERS * 8),
    found: new SharedArrayBuffer(2 * parts * properties * (1 + words) * 4),
    boxes: new SharedArrayBuffer(2 * parts * parts * BOX * words * 4),
    filled: new SharedArrayBuffer(2 * parts * parts * 4),
  };
}

const [ARRIVED, ROUNDS, FAILED] = [0, 1, 2] as const;

/** Tells everybody that the search cannot go on. */
export function giveUp({ gate }: Meeting): void {
  const view = new Int32Array(gate);
  Atomics.store(view, FAILED, 1);
  Atomics.add(view, ROUNDS, 1);
  Atomics.notify(view, ROUNDS);
}

export class SharedCrew implements Crew {
  readonly parts: number;
  private readonly gate: Int32Array;
  private readonly standings: Float64Array;
  private readonly found: Uint32Array;
  private readonly boxes: Uint32Array;
  private readonly filled: Int32Array;
  private round = 0;
  /** The number of rounds that were over when this part arrived; -1 while it works. */
  private arrivedAt = -1;
  /** What did not fit into the boxes, for each part. */
  private readonly late: number[][];
  private caughtUp = 0;

  /** `patience`: milliseconds to wait for the others before control is given back. */
  constructor(private readonly meeting: Meeting, readonly id: number, private readonly patience: number) {
    this.parts = meeting.parts;
    this.gate = new Int32Array(meeting.gate);
    this.standings = new Float64Array(meeting.standings);
    this.found = new Uint32Array(meeting.found);
    this.boxes = new Uint32Array(meeting.boxes);
    this.filled = new Int32Array(meeting.filled);
    this.late = Array.from({ length: meeting.parts }, () => []);
  }

  /** States that were late in this round or are for the next one: they are nowhere else on record. */
  private get backlog(): number {
    return this.late.reduce((sum, words) => sum + words.length, 0) / this.meeting.words + this.caughtUp;
  }

  private box(round: number, from: number, to: number): number {
    return ((round & 1) * this.parts + from) * this.parts + to;
  }

  readonly post = (owner: number, keys: Uint32Array, at: number): void => {
    const { words } = this.meeting;
    const box = this.box(this.round, this.id, owner);
    const count = this.filled[box]!;
    if (count === BOX) {
      for (let word = 0; word < words; word++) this.late[owner]!.push(keys[at + word]!);
      return;
    }
    const to = (box * BOX + count) * words;
    for (let word = 0; word < words; word++) this.boxes[to + word] = keys[at + word]!;
    this.filled[box] = count + 1;
  };

  collect(receive: (keys: Uint32Array, at: number) => void): void {
    const { words } = this.meeting;
    this.caughtUp = 0;
    for (let other = 0; other < this.parts; other++) {
      if (other === this.id) continue;
      this.filled[this.box(this.round, this.id, other)] = 0;
      this.sendLate(other);
      const box = this.box(this.round + 1, other, this.id);
      for (let i = 0; i < this.filled[box]!; i++) receive(this.boxes, (box * BOX + i) * words);
    }
  }

  private sendLate(other: number): void {
    if (this.late[other]!.length === 0) return;
    const late = Uint32Array.from(this.late[other]!);
    this.late[other] = [];
    this.caughtUp += late.length / this.meeting.words;
    for (let at = 0; at < late.length; at += this.meeting.words) this.post(other, late, at);
  }

  meet(standing: Standing): boolean {
    if (this.arrivedAt < 0) this.arrive(standing);
    if (!this.isOver()) return false;
    if (Atomics.load(this.gate, FAILED) !== 0) throw new CrewError();
    this.arrivedAt = -1;
    this.round++;
    return true;
  }

  private arrive(standing: Standing): void {
    this.write(standing);
    this.arrivedAt = Atomics.load(this.gate, ROUNDS);
    if (Atomics.add(this.gate, ARRIVED, 1) + 1 < this.parts) return;
    Atomics.store(this.gate, ARRIVED, 0);
    Atomics.add(this.gate, ROUNDS, 1);
    Atomics.notify(this.gate, ROUNDS);
  }

  private isOver(): boolean {
    for (let spin = 0; spin < SPINS; spin++) if (Atomics.load(this.gate, ROUNDS) !== this.arrivedAt) return true;
    Atomics.wait(this.gate, ROUNDS, this.arrivedAt, this.patience);
    // Who was woken looks again: the call may have been meant for the round before, by a thread that was held up.
    return Atomics.load(this.gate, ROUNDS) !== this.arrivedAt;
  }

  private write({ open, waiting, stored, bytes, stop, save, found }: Standing): void {
    const place = (this.round & 1) * this.parts + this.id;
    this.standings.set([open + this.backlog, waiting, stored, bytes, stop, save ? 1 : 0], place * NUMBERS);
    const width = 1 + this.meeting.words;
    for (let index = 0; index < this.meeting.properties; index++) {
      const at = (place * this.meeting.properties + index) * width;
      const key = found.get(index);
      this.found[at] = key === undefined ? 0 : 1;
      if (key !== undefined) this.found.set(key, at + 1);
    }
  }

  /** The standings of the round that is over. */
  all(): readonly Standing[] {
    return Array.from({ length: this.parts }, (_, part) => this.read(((this.round + 1) & 1) * this.parts + part));
  }

  private read(place: number): Standing {
    const [open, waiting, stored, bytes, stop, save] = this.standings.subarray(place * NUMBERS, (place + 1) * NUMBERS) as unknown as [number, number, number, number, number, number];
    const found = new Map<number, Uint32Array>();
    const { properties, words } = this.meeting;
    for (let index = 0; index < properties; index++) {
      const at = (place * properties + index) * (1 + words);
      if (this.found[at] === 1) found.set(index, this.found.slice(at + 1, at + 1 + words));
    }
    return { open, waiting, stored, bytes, stop, save: save === 1, found };
  }
}
