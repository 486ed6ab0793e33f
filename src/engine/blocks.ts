/**
 * Rows, numbered within what was proposed. Which rows an acceptor can be in depends on the proposals, so a block holds
 * the rows that go with one set of proposals, in ascending order, and a packed state keeps only the place in it: about
 * two bits a ballot, whatever the number of values. Where there would be too many blocks, one holds all rows.
 */
import type { Canonical } from './symmetry.js';
import type { Inputs } from './inputs.js';
import { lowestBit, oneValuePerBallot } from './inputs.js';
import type { MachineTable } from './tabulate.js';

/** Flat tables over entries; an entry is a row of a machine within a block. Place p of kind k in block b: entry base[k * blocks + b] + p. */
export interface Blocks {
  readonly count: number;
  /** The block of "what was proposed", masked; -1 where none of that kind occurs. */
  readonly of: Int32Array;
  readonly mask: number;
  /** For each acceptor the number of its machine. */
  readonly kindOf: Int32Array;
  readonly base: Int32Array;
  readonly size: Int32Array;
  /** For each entry its row; where rows were merged, the smallest of those that nobody can tell apart. */
  readonly row: Int32Array;
  /** For each entry and input the place after it, in the same block. */
  readonly next: Uint16Array | Int32Array;
  /** Bit i: input i changes the row; bit i of `broken`: it breaks a step invariant. */
  readonly changes: Uint32Array;
  readonly broken: Uint32Array;
  /** For kind k and block b at k * count + b: row -> the row that stands for it. Null: for itself. */
  readonly merged: readonly Int32Array[] | null;
  /** As in the machine's table. */
  readonly votes: Uint32Array;
  readonly settled: Uint32Array;
}

/** Above so many kinds of proposals, or entries, there is one block. */
const MAX_PROPOSAL_BITS = 16;
const MAX_ENTRIES = 1 << 19;

/** Rows of one kind in one block. */
interface Part {
  readonly kind: number;
  readonly block: number;
  /** What was proposed; null where the block is for whatever was. */
  readonly proposals: number | null;
  readonly rows: Int32Array;
  /** Row -> the row that stands for it. */
  readonly merged: Int32Array | null;
}

export interface Reduction {
  /** Inputs that need not be taken in a row, given what was proposed. */
  needless(table: MachineTable, row: number, proposals: number): number;
  /** Row -> the smallest of the rows that nobody can tell from it, given what was proposed; -1 for rows that are not among these. */
  merged(table: MachineTable, rows: Int32Array, proposals: number): Int32Array;
}

export interface BlockSources {
  readonly tables: readonly MachineTable[];
  readonly inputs: Inputs;
  readonly canonical: Canonical;
  /** For each acceptor the rows that it may start from. */
  readonly starts: readonly (readonly number[])[];
  /** Leaders keep to one value in a ballot. */
  readonly oneValuePerBallot: boolean;
  /** What may be left out; not asked if there is one block. Default: nothing. */
  readonly reduction?: Reduction;
}

export function blocksOf(sources: BlockSources): Blocks {
  return (sources.inputs.proposals.length <= MAX_PROPOSAL_BITS ? byProposals(sources) : null) ?? assemble(sources, 0, Int32Array.of(0), everything(sources.tables));
}

const kindsOf = (tables: readonly MachineTable[]): MachineTable[] => [...new Set(tables)];

const everything = (tables: readonly MachineTable[]): Part[] =>
  kindsOf(tables).map((table, kind) => ({ kind, block: 0, proposals: null, rows: Int32Array.from(table.rows, (_, row) => row), merged: null }));

/** A block for each set of proposals; null if that is too much. */
function byProposals(sources: BlockSources): Blocks | null {
  const { tables, inputs, canonical, starts } = sources;
  const words = 1 << inputs.proposals.length;
  const of = new Int32Array(words).fill(-1);
  const kinds = kindsOf(tables);
  const parts: Part[] = [];
  let [blocks, entries] = [0, 0];
  for (let proposals = 0; proposals < words; proposals++) {
    if ((sources.oneValuePerBallot && !oneValuePerBallot(proposals, inputs)) || !canonical.isCanonical(proposals)) continue;
    const block = blocks++;
    of[proposals] = block;
    for (const [kind, table] of kinds.entries()) {
      const roots = new Set(starts.flatMap((rows, a) => (tables[a] === table ? rows : [])));
      const rows = within(table, roots, inputs.prepares | (proposals << inputs.ballots) | inputs.spontaneous, inputs.actions.length);
      // Where a ballot may carry two values, names of values are not settled by what was proposed.
      const merged = sources.oneValuePerBallot ? (sources.reduction?.merged(table, rows, proposals) ?? null) : null;
      const kept = rows.filter((row) => merged === null || merged[row] === row);
      entries += kept.length;
      if (entries > MAX_ENTRIES) return null;
      parts.push({ kind, block, proposals, rows: kept, merged });
    }
  }
  return assemble(sources, words - 1, of, parts, blocks);
}

/** The rows that these inputs can lead to, in ascending order. */
function within(table: MachineTable, roots: ReadonlySet<number>, available: number, width: number): Int32Array {
  const seen = new Set(roots);
  for (const row of seen) {
    for (let inputs = table.changes[row]! & available; inputs !== 0; inputs &= inputs - 1) seen.add(table.next[row * width + lowestBit(inputs)]!);
  }
  return Int32Array.from(seen).sort();
}

function assemble({ tables, inputs, reduction }: BlockSources, mask: number, of: Int32Array, parts: readonly Part[], count = 1): Blocks {
  const kinds = kindsOf(tables);
  const width = inputs.actions.length;
  const entries = parts.reduce((sum, { rows }) => sum + rows.length, 0);
  const rowsMerged: Int32Array[] = [];
  const blocks: Blocks = {
    count,
    of,
    mask,
    kindOf: Int32Array.from(tables, (table) => kinds.indexOf(table)),
    base: new Int32Array(kinds.length * count),
    size: new Int32Array(kinds.length * count),
    row: new Int32Array(entries),
    // Half the size stays in the cache twice as long.
    next: parts.some(({ rows }) => rows.length > 0xffff) ? new Int32Array(entries * width) : new Uint16Array(entries * width),
    merged: parts.some(({ merged }) => merged !== null) ? rowsMerged : null,
    changes: new Uint32Array(entries),
    broken: new Uint32Array(entries),
    votes: new Uint32Array(entries),
    settled: new Uint32Array(entries),
  };
  let base = 0;
  for (const { kind, block, proposals, rows, merged } of parts) {
    const table = kinds[kind]!;
    blocks.base[kind * count + block] = base;
    blocks.size[kind * count + block] = rows.length;
    const places = new Map(Array.from(rows, (row, place) => [row, place]));
    if (merged !== null) rowsMerged[kind * count + block] = merged;
    rows.forEach((row, place) => {
      const entry = base + place;
      blocks.row[entry] = row;
      blocks.changes[entry] = table.changes[row]! & ~(proposals === null ? 0 : (reduction?.needless(table, row, proposals) ?? 0));
      blocks.broken[entry] = table.broken[row]!;
      blocks.votes[entry] = table.votes[row]!;
      blocks.settled[entry] = table.settled[row]!;
      // Inputs that go with other proposals lead out of the block; they are never taken.
      for (let input = 0; input < width; input++) {
        const after = table.next[row * width + input]!;
        const there = places.get(merged === null ? after : merged[after]!) ?? 0;
        blocks.next[entry * width + input] = there;
        if (merged !== null && there === place) blocks.changes[entry] &= ~(1 << input);
      }
    });
    base += rows.length;
  }
  return blocks;
}

/** The block of these proposals. */
export const blockOf = ({ of, mask }: Blocks, proposals: number): number => of[proposals & mask]!;

/** The first entry of the acceptor's rows in the block. */
export const firstEntry = ({ base, kindOf, count }: Blocks, acceptor: number, block: number): number => base[kindOf[acceptor]! * count + block]!;

/** Writes the entries of these places in the block to `into`. */
export function entriesOf(blocks: Blocks, block: number, places: Int32Array, into: Int32Array): void {
  for (let a = 0; a < places.length; a++) into[a] = firstEntry(blocks, a, block) + places[a]!;
}

/** The entries of the acceptor's rows in the block. */
export function rowEntries(blocks: Blocks, acceptor: number, block: number): { readonly first: number; readonly end: number } {
  const first = firstEntry(blocks, acceptor, block);
  return { first, end: first + blocks.size[blocks.kindOf[acceptor]! * blocks.count + block]! };
}

/** The place of the acceptor's row in the block; -1 if it is not there. */
export function placeOf(blocks: Blocks, acceptor: number, block: number, given: number): number {
  const { merged, row: rows, kindOf, count } = blocks;
  const row = merged === null ? given : merged[kindOf[acceptor]! * count + block]![given]!;
  const { first, end } = rowEntries(blocks, acceptor, block);
  let [low, high] = [first, end - 1];
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const there = rows[middle]!;
    if (there === row) return middle - first;
    if (there < row) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** The largest place of each acceptor in any block, and one: what a packed state must have room for. */
export const placesOf = ({ kindOf, size, count }: Blocks): number[] =>
  Array.from(kindOf, (kind) => size.subarray(kind * count, (kind + 1) * count).reduce((largest, rows) => Math.max(largest, rows), 1));
