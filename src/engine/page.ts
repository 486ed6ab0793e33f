/** What a pass over a sheet looks up: what the rows of its acceptors do, and where messages of leaders lead. */
import { firstEntry } from './blocks.js';
import { lowestBit } from './inputs.js';
import type { Lifts } from './lifts.js';
import type { Sheet } from './sheet.js';
import type { Sheets } from './sheets.js';
import { leapsFrom } from './sheets.js';
import type { Space } from './space.js';

/** Of the whole sweep. */
export interface PageSources {
  readonly space: Space;
  readonly sheets: Sheets;
  readonly lifts: Lifts;
  /** For each kind of acceptor: row of the table -> messages said. */
  readonly said: readonly Int32Array[];
}

/** Where a message of a leader leads. */
export interface Way {
  readonly sheet: Sheet;
  /** For each seat: row here -> row there. */
  readonly rows: readonly Int32Array[];
  /** For each seat and row the term there, seat by seat, -1 where a row leads nowhere; null if rows may come out of order. */
  readonly terms: Int32Array | null;
}

export interface Proposals {
  readonly ballot: number;
  /** By value; none where it was proposed. */
  readonly ways: readonly (Way | undefined)[];
}

/** For each row of a kind of acceptor. */
export interface RowFacts {
  readonly entry: Int32Array;
  readonly said: Int32Array;
  /** Inputs that break a step invariant. */
  readonly broken: Int32Array;
  /** Where its steps begin; they end where those of the next row begin. */
  readonly from: Int32Array;
  /** For each step the row after it. */
  readonly to: Int32Array;
  /** For each step its input. */
  readonly input: Int32Array;
  /** To be counted: for each length of runs and row how often an acceptor in it was met. */
  readonly met: Float64Array;
}

/** For each kind of acceptor what its rows do; `lengths`: how many lengths of runs there are. */
export const factsOf = (sources: PageSources, sheet: Sheet, lengths: number): RowFacts[] => sheet.places.map((_, kind) => factsOfKind(sources, sheet, kind, lengths));

function factsOfKind({ space, said }: PageSources, { places, numbers, sent, block }: Sheet, kind: number, lengths: number): RowFacts {
  const { blocks, inputs } = space;
  const available = sent | inputs.spontaneous;
  const width = inputs.actions.length;
  const first = firstEntry(blocks, blocks.kindOf.indexOf(kind), block);
  const entry = places[kind]!.map((place) => first + place);
  const [from, to, input] = [new Int32Array(entry.length + 1), [] as number[], [] as number[]];
  for (const [row, at] of entry.entries()) {
    from[row] = input.length;
    for (let open = blocks.changes[at]! & available; open !== 0; open &= open - 1) {
      input.push(lowestBit(open));
      to.push(numbers[kind]![blocks.next[at * width + lowestBit(open)]!]!);
    }
  }
  from[entry.length] = input.length;
  return {
    entry,
    said: entry.map((at) => said[kind]![blocks.row[at]!]!),
    broken: entry.map((at) => blocks.broken[at]! & available),
    from,
    to: Int32Array.from(to),
    input: Int32Array.from(input),
    met: new Float64Array(lengths * entry.length),
  };
}

/** Where prepares lead from this sheet, and where proposals do. */
export function waysFrom({ space, lifts, sheets }: PageSources, from: Sheet): { readonly prepares: Way[]; readonly proposals: Proposals[] } {
  const { ballots, values } = space.inputs;
  const prepares: Way[] = [];
  const proposals = new Map<number, (Way | undefined)[]>();
  for (const { bit, sent, places } of leapsFrom(space, lifts, from.sent)!) {
    const sheet = sheets.bySent.get(sent)!;
    const rows = Array.from(sheets.seats.acceptor, (acceptor, seat) => {
      const kind = sheets.seats.kind[seat]!;
      return from.places[kind]!.map((place) => sheet.numbers[kind]![places === null ? place : places[acceptor]![place]!] ?? -1);
    });
    const way = { sheet, rows, terms: rows.every(isInOrder) ? termsOf(from, sheet, rows) : null };
    if (bit < ballots) prepares.push(way);
    else {
      const ballot = Math.floor((bit - ballots) / values) + 1;
      if (!proposals.has(ballot)) proposals.set(ballot, []);
      proposals.get(ballot)![(bit - ballots) % values] = way;
    }
  }
  return { prepares, proposals: [...proposals].map(([ballot, ways]) => ({ ballot, ways })) };
}

function termsOf({ widest: here }: Sheet, { terms, widest }: Sheet, rows: readonly Int32Array[]): Int32Array {
  const result = new Int32Array(rows.length * here);
  for (const [seat, map] of rows.entries()) map.forEach((there, row) => (result[seat * here + row] = there < 0 ? -1 : terms[seat * widest + there]!));
  return result;
}

/** No row comes before one that was before it; those that lead nowhere do not count. */
const isInOrder = (rows: Int32Array): boolean => rows.filter((row) => row >= 0).every((row, at, others) => at === 0 || row > others[at - 1]!);
