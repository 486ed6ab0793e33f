/** All sheets of a space, in the order in which they can be filled: a message that is sent leads from one to another. */
import { blockOf, firstEntry } from './blocks.js';
import { bitsIn, lowestBit } from './inputs.js';
import { unpack } from './layout.js';
import { Lifts } from './lifts.js';
import type { Seats } from './sheet.js';
import { MAX_BITS, Sheet, messagesOf, seatsOf } from './sheet.js';
import type { Space } from './space.js';
import { keyOf } from './space.js';

/** The sheets by how many messages leaders have sent; null if the space cannot be laid out so. */
export interface Sheets {
  readonly seats: Seats;
  readonly first: Sheet;
  /** The numbers of the rows in the first state, by acceptor. */
  readonly start: Int32Array;
  readonly layers: readonly (readonly Sheet[])[];
  readonly bySent: ReadonlyMap<number, Sheet>;
  /** How many states there can be. */
  readonly size: number;
  /** No run has more messages. */
  readonly longest: number;
}

/** Places of each kind, as marks. */
type Marks = Uint8Array[];

/**
 * Lays out the space. Null if a step may lead to the same state after different numbers of messages, if what was proposed
 * does not settle the names of values, or if a sheet gets too large: then only a search finds out what there is.
 */
export function sheetsOf(space: Space, maxBytes: number): Sheets | null {
  if (!space.graded || space.blocks.mask === 0) return null;
  return new Survey(space).sheets(maxBytes);
}

/** Finds the rows of every sheet, before any state is looked for. */
class Survey {
  private readonly seats: Seats;
  private readonly said: readonly Int32Array[];
  private readonly lifts: Lifts;
  private readonly kinds: number;
  /** For each kind an acceptor of it. */
  private readonly example: readonly number[];

  constructor(private readonly space: Space) {
    const { kindOf } = space.blocks;
    this.seats = seatsOf(space);
    this.said = messagesOf(space);
    this.lifts = new Lifts(space.blocks, space.inputs, space.canonical);
    this.kinds = this.said.length;
    this.example = Array.from({ length: this.kinds }, (_, kind) => kindOf.indexOf(kind));
  }

  sheets(maxBytes: number): Sheets | null {
    const places = new Int32Array(this.seats.rank.length);
    const sent = unpack(this.space.layout, keyOf(this.space, this.space.searchStart)!, 0, places);
    const marks = this.noMarks(sent);
    places.forEach((place, acceptor) => (marks[this.space.blocks.kindOf[acceptor]!]![place] = 1));
    let layer = new Map<number, Marks>([[sent, marks]]);
    const layers: Sheet[][] = [];
    let size = 0;
    while (layer.size > 0) {
      const next = new Map<number, Marks>();
      const sheets: Sheet[] = [];
      for (const [here, reached] of layer) {
        const sheet = this.sheet(here, reached);
        if (sheet === null || (size += sheet.size) > maxBytes * 8 || !this.leadOn(sheet, next)) return null;
        sheets.push(sheet);
      }
      // The largest first: who comes late finds small ones.
      layers.push(sheets.sort((one, other) => other.size - one.size));
      layer = next;
    }
    const bySent = new Map(layers.flat().map((sheet) => [sheet.sent, sheet]));
    const first = bySent.get(sent)!;
    const longest = layers.flat().reduce((most, sheet) => Math.max(most, this.mostSaid(sheet)), 0);
    return { seats: this.seats, first, longest, start: places.map((place, acceptor) => first.numbers[this.space.blocks.kindOf[acceptor]!]![place]!), layers, bySent, size };
  }

  /** Messages in the last state of the sheet. */
  private mostSaid({ sent, places, block }: Sheet): number {
    const { blocks } = this.space;
    const byKind = places.map((rows, kind) => this.said[kind]![blocks.row[firstEntry(blocks, this.example[kind]!, block) + rows.at(-1)!]!]!);
    return Array.from(this.seats.kind, (kind) => byKind[kind]!).reduce((sum, said) => sum + said, bitsIn(sent));
  }

  private noMarks(sent: number): Marks {
    const { blocks, inputs } = this.space;
    const block = blockOf(blocks, sent >>> inputs.ballots);
    return Array.from({ length: this.kinds }, (_, kind) => new Uint8Array(blocks.size[kind * blocks.count + block]!));
  }

  /** Null if the states cannot be numbered. */
  private sheet(sent: number, marks: Marks): Sheet | null {
    const { blocks, inputs } = this.space;
    const available = sent | inputs.spontaneous;
    const width = inputs.actions.length;
    const block = blockOf(blocks, sent >>> inputs.ballots);
    const places = marks.map((reached, kind) => {
      const first = firstEntry(blocks, this.example[kind]!, block);
      const list = [...reached.keys()].filter((place) => reached[place] === 1);
      for (const place of list) {
        for (let open = blocks.changes[first + place]! & available; open !== 0; open &= open - 1) {
          const next = blocks.next[(first + place) * width + lowestBit(open)]!;
          if (reached[next] === 0) list.push(next);
          reached[next] = 1;
        }
      }
      const saidAt = (place: number): number => this.said[kind]![blocks.row[first + place]!]!;
      return Int32Array.from(list.sort((one, other) => saidAt(one) - saidAt(other) || one - other));
    });
    const sheet = new Sheet(this.space, this.seats, sent, places);
    return sheet.size <= MAX_BITS ? sheet : null;
  }

  /** Marks what the sheet's rows become after one more message; false if that depends on more than the rows. */
  private leadOn(sheet: Sheet, next: Map<number, Marks>): boolean {
    const leaps = leapsFrom(this.space, this.lifts, sheet.sent);
    if (leaps === null) return false;
    for (const { sent, places } of leaps) {
      if (!next.has(sent)) next.set(sent, this.noMarks(sent));
      sheet.places.forEach((rows, kind) => {
        const marks = next.get(sent)![kind]!;
        for (const place of rows) {
          const there = places === null ? place : places[this.example[kind]!]![place]!;
          if (there >= 0) marks[there] = 1;
        }
      });
    }
    return true;
  }
}

/** A message that a leader may send. */
interface Leap {
  /** The bit of "what was sent", before values are renamed. */
  readonly bit: number;
  /** What was sent after it, in canonical form. */
  readonly sent: number;
  /** For each acceptor: place before -> place after, -1 where no state leads; null if all stay where they are. */
  readonly places: readonly Int32Array[] | null;
}

/** All that leaders may still send, as far as can be said without a look at promises; null if values cannot be named without the rows. */
export function leapsFrom({ inputs, leader, canonical }: Space, lifts: Lifts, sent: number): Leap[] | null {
  const { ballots, values, prepares } = inputs;
  const leaps: Leap[] = [];
  if (!canonical.keepsValues(sent >>> ballots)) return null;
  for (let unsent = ~sent & prepares; unsent !== 0; unsent &= unsent - 1) leaps.push({ bit: lowestBit(unsent), sent: sent | (unsent & -unsent), places: null });
  for (let ballot = 1; ballot <= ballots; ballot++) {
    if (!leader.isOpen(ballot, sent)) continue;
    for (let value = 0; value < values; value++) {
      const proposal = (ballot - 1) * values + value;
      if ((sent >>> (ballots + proposal)) & 1) continue;
      const lift = lifts.of(sent >>> ballots, proposal);
      if (lift === null) return null;
      leaps.push({ bit: ballots + proposal, sent: (sent & prepares) | (lift.image << ballots), places: lift.places });
    }
  }
  return leaps;
}
