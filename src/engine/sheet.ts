/**
 * All states with the same messages sent by leaders, as one bit each. With what was sent given, acceptors no longer
 * depend on each other, so a state is a choice of one row per acceptor; acceptors that may be exchanged are a multiset of rows.
 * Multisets have an old numbering without gaps: the sorted rows e1 <= e2 <= ... <= ek are number C(e1, 1) + C(e2 + 1, 2)
 * + ... + C(ek + k - 1, k). So a state is a number, without hashing, and a step of an acceptor changes one or two terms.
 * Rows are sorted by what the acceptor has said: a step always leads to a larger number.
 */
import { messagesIn } from '../../model/history.js';
import { blockOf } from './blocks.js';
import type { Space } from './space.js';

/** Larger sheets are not used: their numbers would not fit into a word. */
export const MAX_BITS = 2 ** 31 - 64;

/** The acceptors in the order of the terms: those that may be exchanged follow each other. */
export interface Seats {
  readonly acceptor: Int32Array;
  readonly kind: Int32Array;
  /** From one on, among those that may be exchanged. */
  readonly rank: Int32Array;
  /** 1 at the last of those that may be exchanged. */
  readonly last: Uint8Array;
}

export function seatsOf({ canonical, blocks }: Space): Seats {
  const { before, after } = canonical.neighbours();
  const order: number[] = [];
  for (const [first, previous] of before.entries()) {
    if (previous < 0) for (let a = first; a >= 0; a = after[a]!) order.push(a);
  }
  const rank = new Int32Array(order.length);
  for (const [seat, acceptor] of order.entries()) rank[seat] = before[acceptor]! < 0 ? 1 : rank[seat - 1]! + 1;
  return {
    acceptor: Int32Array.from(order),
    kind: Int32Array.from(order, (acceptor) => blocks.kindOf[acceptor]!),
    rank,
    last: Uint8Array.from(order, (acceptor) => (after[acceptor]! < 0 ? 1 : 0)),
  };
}

/** For each kind of acceptor: row -> messages that it has said. */
export const messagesOf = (space: Space): readonly Int32Array[] =>
  [...new Set(space.tables)].map((table) => Int32Array.from(table.rows, ({ history }) => messagesIn(history)));

export class Sheet {
  readonly block: number;
  /** For each kind of acceptor its rows here, as places of the block, in the order in which they are numbered; and back, -1 where there is none. */
  readonly places: readonly Int32Array[];
  readonly numbers: readonly Int32Array[];
  /** The term of a row in a seat: at seat * widest + row. */
  readonly terms: Int32Array;
  readonly widest: number;
  /** How many states there can be. Above MAX_BITS they cannot be numbered. */
  readonly size: number;
  /** The states that were reached; null as long as there are none. */
  bits: Uint32Array | null = null;

  constructor({ blocks, inputs }: Space, seats: Seats, readonly sent: number, places: readonly Int32Array[]) {
    this.block = blockOf(blocks, sent >>> inputs.ballots);
    this.places = places;
    this.numbers = places.map((rows, kind) => {
      const numbers = new Int32Array(blocks.size[kind * blocks.count + this.block]!).fill(-1);
      rows.forEach((place, number) => (numbers[place] = number));
      return numbers;
    });
    this.widest = Math.max(...places.map((rows) => rows.length));
    this.terms = new Int32Array(seats.rank.length * this.widest);
    let [size, stride] = [1, 1];
    for (let seat = 0; seat < seats.rank.length; seat++) {
      const rows = places[seats.kind[seat]!]!.length;
      const rank = seats.rank[seat]!;
      if (rank === 1) stride = size;
      size = stride * multisets(rows, rank);
      for (let row = 0; row < rows; row++) this.terms[seat * this.widest + row] = stride * multisets(row, rank);
    }
    this.size = size;
  }

  /** Words of bits. */
  get words(): number {
    return Math.ceil(this.size / 32);
  }

  has(index: number): boolean {
    return this.bits !== null && ((this.bits[index >>> 5]! >>> (index & 31)) & 1) === 1;
  }
}

/** How many multisets of `rank` rows there are, of so many rows: C(rows + rank - 1, rank). */
function multisets(rows: number, rank: number): number {
  let sets = 1;
  for (let i = 1; i <= rank; i++) sets = (sets * (rows + i - 1)) / i;
  return sets;
}
