/**
 * One pass over a sheet, from its lowest state to its highest: the only loop of a sweep. A state that was reached is
 * looked at and counted, and what it leads to is reached: higher states of this sheet, and states of later sheets.
 */
import { bitsIn, lowestBit } from './inputs.js';
import { pack } from './layout.js';
import type { PageSources, Proposals, RowFacts, Way } from './page.js';
import { factsOf, waysFrom } from './page.js';
import { MAX_DEGREE } from './part.js';
import type { Sheet } from './sheet.js';
import type { Seen, Watch } from './watch.js';

/** Words of bits, and states, between two chances to be interrupted. */
const SLICE_WORDS = 1 << 18;
const SLICE_STATES = 1 << 14;

/** Words of a page of memory, as most systems have it. */
const PAGE_BITS = 10;

/** What is counted, for each length of runs. */
export interface LevelTally {
  readonly states: Float64Array;
  /** By input, then prepare and accept. */
  readonly counts: Float64Array;
  readonly degrees: Float64Array;
}

/** What a sweep gives to its passes. */
export interface PassMeans extends PageSources {
  readonly watch: Watch;
  readonly tally: LevelTally;
  /** Marks a state of a sheet as reached. */
  readonly reach: (sheet: Sheet, index: number) => void;
}

export class Pass {
  /** For each seat what its rows do. */
  private readonly facts: readonly RowFacts[];
  private readonly prepares: readonly Way[];
  private readonly proposals: readonly Proposals[];
  private readonly bits: Uint32Array;
  /** The next word, and the numbers between which only the first seat changes. */
  private word = 0;
  private runStart = 0;
  private runEnd: number;
  /** For each seat its row; for each acceptor its entry. */
  private readonly row: Int32Array;
  private readonly entries: Int32Array;
  private readonly there: Int32Array;
  private page = -1;
  private pages = 0;
  /** Length of runs but for what the first seat has said. */
  private outer = 0;
  private readonly seen: Seen = { key: () => this.key() };

  constructor(private readonly means: PassMeans, private readonly sheet: Sheet, private readonly startLength: number) {
    const { sheets } = means;
    const { kind, rank } = sheets.seats;
    this.bits = sheet.bits!;
    const byKind = factsOf(means, sheet, means.tally.states.length);
    this.facts = Array.from(kind, (each) => byKind[each]!);
    const seats = rank.length;
    [this.row, this.entries, this.there] = [new Int32Array(seats), new Int32Array(seats), new Int32Array(seats)];
    ({ prepares: this.prepares, proposals: this.proposals } = waysFrom(means, sheet));
    this.runEnd = this.runLength();
    this.settle();
  }

  /** How many states follow each other in which only the first seat changes. */
  private runLength(): number {
    const { last } = this.means.sheets.seats;
    return last[0] === 1 ? this.facts[0]!.entry.length : this.row[1]! + 1;
  }

  /** Goes to the states with the next rows of all seats but the first. */
  private nextRun(): void {
    const { row, facts } = this;
    const { last } = this.means.sheets.seats;
    let seat = 1;
    while (row[seat] === (last[seat] === 1 ? facts[seat]!.entry.length - 1 : row[seat + 1])) row[seat++] = 0;
    row[seat]!++;
    this.runStart = this.runEnd;
    this.runEnd += this.runLength();
  }

  /** The rows of all seats but the first are what they are. */
  private settle(): void {
    const { row, facts, entries } = this;
    const { acceptor } = this.means.sheets.seats;
    this.outer = bitsIn(this.sheet.sent) - this.startLength;
    for (let seat = 1; seat < row.length; seat++) {
      entries[acceptor[seat]!] = facts[seat]!.entry[row[seat]!]!;
      this.outer += facts[seat]!.said[row[seat]!]!;
    }
  }

  /** Part of the sheet that is done, from 0 to 1. */
  get done(): number {
    return this.word / this.bits.length;
  }

  /** Memory of the pages that hold a state: a system gives no memory to those that were never written. */
  get bytes(): number {
    return this.pages * 4 << PAGE_BITS;
  }

  /** Goes on for a while; `stopAt`: runs of this length lead nowhere that matters. Returns the states it has met; -1 at the end. */
  goOn(stopAt: number): number {
    const { bits, means } = this;
    const { tally, sheets } = means;
    const end = Math.min(bits.length, this.word + SLICE_WORDS);
    const [first, said] = [sheets.seats.acceptor[0]!, this.facts[0]!.said];
    if (this.word === bits.length) {
      this.count();
      return -1;
    }
    let states = 0;
    let { word } = this;
    for (; word < end && states < SLICE_STATES; word++) {
      if (bits[word] === 0) continue;
      if (word >>> PAGE_BITS !== this.page) {
        this.page = word >>> PAGE_BITS;
        this.pages++;
      }
      // Steps reach higher states of the same word.
      for (let rest = bits[word]!; rest !== 0; ) {
        const bit = lowestBit(rest);
        const index = word * 32 + bit;
        if (index >= this.runEnd) {
          do this.nextRun();
          while (index >= this.runEnd);
          this.settle();
        }
        const row = index - this.runStart;
        this.row[0] = row;
        this.entries[first] = this.facts[0]!.entry[row]!;
        const length = this.outer + said[row]!;
        if (length <= stopAt) {
          states++;
          tally.states[length]!++;
          means.watch.look(this.sheet.sent, this.entries, length, this.seen);
          if (length < stopAt) this.expand(index, length);
        }
        rest = bit === 31 ? 0 : bits[word]! & (-2 << bit);
      }
    }
    this.word = word;
    return states;
  }

  private expand(index: number, length: number): void {
    const { row, facts, prepares, proposals, entries, sheet, bits, means } = this;
    const { terms, widest } = sheet;
    const { last } = means.sheets.seats;
    let degree = prepares.length;
    let alike = 1;
    for (let seat = 0; seat < row.length; seat++) {
      const here = row[seat]!;
      if (last[seat] === 0 && row[seat + 1] === here) {
        alike++;
        continue;
      }
      const { from, to, broken, met, said } = facts[seat]!;
      const [first, end] = [from[here]!, from[here + 1]!];
      if (broken[here] !== 0) this.lookAtSteps(seat, broken[here]!, length + 1);
      met[length * said.length + here]! += alike;
      degree += alike * (end - first);
      alike = 1;
      const without = index - terms[seat * widest + here]!;
      for (let step = first; step < end; step++) {
        const next = to[step]!;
        let target = without;
        let at = seat;
        // The rows between move up by one seat.
        for (; last[at] === 0 && row[at + 1]! < next; at++) target += terms[at * widest + row[at + 1]!]! - terms[(at + 1) * widest + row[at + 1]!]!;
        target += terms[at * widest + next]!;
        bits[target >>> 5]! |= 1 << (target & 31);
      }
    }
    for (let way = 0; way < prepares.length; way++) this.leap(prepares[way]!);
    const base = (length + 1) * (means.space.inputs.actions.length + 2);
    means.tally.counts[base - 2]! += prepares.length;
    for (let each = 0; each < proposals.length; each++) {
      const { ballot, ways } = proposals[each]!;
      for (let fresh = means.space.leader.fresh(ballot, sheet.sent, entries); fresh !== 0; fresh &= fresh - 1) {
        this.leap(ways[lowestBit(fresh)]!);
        means.tally.counts[base - 1]!++;
        degree++;
      }
    }
    means.tally.degrees[length * (MAX_DEGREE + 1) + Math.min(degree, MAX_DEGREE)]!++;
  }

  /** Reaches the state of another sheet. */
  private leap(way: Way): void {
    const { terms } = way;
    if (terms === null) {
      this.leapInOrder(way);
      return;
    }
    const { row, sheet: { widest } } = this;
    let index = 0;
    for (let seat = 0; seat < row.length; seat++) {
      const term = terms[seat * widest + row[seat]!]!;
      if (term < 0) throw nowhere(row[seat]!, way.sheet);
      index += term;
    }
    this.means.reach(way.sheet, index);
  }

  /** The same, after putting the rows in order again. */
  private leapInOrder({ sheet, rows }: Way): void {
    const { row, there, means } = this;
    const { rank } = means.sheets.seats;
    for (let seat = 0; seat < row.length; seat++) {
      const value = rows[seat]![row[seat]!]!;
      if (value < 0) throw nowhere(row[seat]!, sheet);
      let place = seat;
      for (let left = rank[seat]!; left > 1 && there[place - 1]! > value; left--, place--) there[place] = there[place - 1]!;
      there[place] = value;
    }
    let index = 0;
    for (let seat = 0; seat < there.length; seat++) index += sheet.terms[seat * sheet.widest + there[seat]!]!;
    means.reach(sheet, index);
  }

  /** Counts the steps of the acceptors that were met. */
  private count(): void {
    const { tally, space } = this.means;
    const width = space.inputs.actions.length + 2;
    for (const { from, input, met, said } of new Set(this.facts)) {
      for (const [at, times] of met.entries()) {
        if (times === 0) continue;
        const row = at % said.length;
        const base = ((at - row) / said.length) * width;
        for (let step = from[row]!; step < from[row + 1]!; step++) tally.counts[base + input[step]!]! += times;
      }
    }
  }

  private lookAtSteps(seat: number, inputs: number, length: number): void {
    const { space, sheets, watch } = this.means;
    const acceptor = sheets.seats.acceptor[seat]!;
    watch.lookAtSteps(acceptor, space.blocks.row[this.facts[seat]!.entry[this.row[seat]!]!]!, inputs, length, this.seen);
  }

  /** The words of the state, as a search has them. */
  private key(): Uint32Array {
    const { space, sheets } = this.means;
    const { seats } = sheets;
    const places = new Int32Array(this.row.length);
    for (let seat = 0; seat < places.length; seat++) places[seats.acceptor[seat]!] = this.sheet.places[seats.kind[seat]!]![this.row[seat]!]!;
    space.canonical.sort(places);
    const key = new Uint32Array(space.layout.words);
    pack(space.layout, this.sheet.sent, places, key);
    return key;
  }
}

/** The survey of the rows was wrong. */
const nowhere = (row: number, { sent }: Sheet): Error => new Error(`row ${row} leads to no state in which ${sent} was sent`);
