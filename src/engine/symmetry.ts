/**
 * Canonical form under renaming of acceptors and of values. Exact: two states get the same form if and only if one is
 * a renaming of the other. Acceptors are renamed by sorting their rows; values by the renamings that make the word
 * "what was sent" smallest, which is nearly always one. The toy's minimum over all renamings is the twin that tests it.
 */
import { inOrder } from '../../model/history.js';
import type { Acceptor, Synod } from '../../model/synod.js';
import type { Value, Vote } from '../../model/words.js';
import type { Inputs } from './inputs.js';
import type { MachineTable } from './tabulate.js';

export type Symmetry = 'none' | 'acceptors' | 'values' | 'full';

/** All orders of 0..n-1. */
export function permutations(n: number): number[][] {
  return n === 0 ? [[]] : permutations(n - 1).flatMap((shorter) => Array.from({ length: n }, (_, at) => [...shorter.slice(0, at), n - 1, ...shorter.slice(at)]));
}

const renameVote = (vote: Vote, to: readonly Value[]): Vote => ({ ...vote, value: to[vote.value]! });

/** Renames values in any plain data in which votes are objects with a ballot and a value. */
export function renameValues(data: unknown, to: readonly Value[]): unknown {
  if (data === null || typeof data !== 'object') return data;
  if (Array.isArray(data)) return data.map((item) => renameValues(item, to));
  const renamed: Record<string, unknown> = { ...data };
  for (const key of Object.keys(renamed)) renamed[key] = renameValues(renamed[key], to);
  return typeof renamed.value === 'number' && typeof renamed.ballot === 'number' ? renameVote(renamed as unknown as Vote, to) : renamed;
}

/** The acceptor with its values renamed, its sets in order again. */
export function renameAcceptor(acceptor: Acceptor, to: readonly Value[]): Acceptor {
  const renamed = renameValues(acceptor, to) as Acceptor;
  return { ...renamed, history: inOrder(renamed.history) };
}

/** For "what was proposed": its smallest image, and the renamings that lead to it; only those need be tried. */
interface Plan {
  readonly image: number;
  readonly renamings: readonly number[];
}

export class Canonical {
  /** For each renaming of values and each acceptor: row -> row. The first renaming changes nothing. */
  private readonly rowMaps: Int32Array[][];
  private readonly renamings: number[][];
  private readonly plans = new Map<number, Plan>();
  private lastProposals = -1;
  private lastPlan: Plan = { image: 0, renamings: [0] };
  private readonly groups: number[][];
  private readonly scratch: Int32Array;
  private readonly candidate: Int32Array;

  constructor(private readonly protocol: Synod, private readonly inputs: Inputs, tables: readonly MachineTable[], symmetry: Symmetry) {
    const identity = Array.from({ length: protocol.values }, (_, value) => value);
    const all = symmetry === 'values' || symmetry === 'full' ? permutations(protocol.values).sort() : [identity];
    const maps = new Map([...new Set(tables)].map((table) => [table, rowMaps(table, all)]));
    const byValue = [...maps].every(([table, ofTable]) => ofTable.every((map, k) => map.every((row) => row >= 0) && commutes(table, map, all[k]!, inputs)));
    this.renamings = byValue ? all : [identity];
    this.rowMaps = this.renamings.map((_, k) => tables.map((table) => maps.get(table)![k]!));
    const byAcceptor = (symmetry === 'acceptors' || symmetry === 'full') && protocol.quorums.symmetric;
    this.groups = byAcceptor ? groupBy(tables) : [];
    this.scratch = new Int32Array(tables.length);
    this.candidate = new Int32Array(tables.length);
  }

  /** What was merged, as it should be reported. */
  get applied(): { acceptors: boolean; values: boolean } {
    return { acceptors: this.groups.length > 0, values: this.renamings.length > 1 };
  }

  /** These proposals can be those of a canonical state. */
  isCanonical(proposals: number): boolean {
    return this.renamings.length === 1 || this.planFor(proposals).image === proposals;
  }

  /** A canonical state with these proposals stays so, up to the order of its acceptors, when one of them takes a step. */
  keepsValues(proposals: number): boolean {
    return this.renamings.length === 1 || this.planFor(proposals).renamings.length === 1;
  }

  /** The renaming that makes these proposals smallest, if there is only one: their image, and for each acceptor row -> row. */
  onlyRenaming(proposals: number): { readonly image: number; readonly rowMaps: readonly Int32Array[] } | null {
    const { image, renamings } = this.renamings.length === 1 ? { image: proposals, renamings: [0] } : this.planFor(proposals);
    return renamings.length === 1 ? { image, rowMaps: this.rowMaps[renamings[0]!]! } : null;
  }

  /** All images of the row of an acceptor under the renamings of values. */
  imagesOf(acceptor: number, row: number): number[] {
    return this.rowMaps.map((maps) => maps[acceptor]![row]!);
  }

  /** For each acceptor the one before it, and the one after it, with which it may be exchanged; -1 if there is none. */
  neighbours(): { readonly before: Int32Array; readonly after: Int32Array } {
    const [before, after] = [new Int32Array(this.scratch.length).fill(-1), new Int32Array(this.scratch.length).fill(-1)];
    for (const group of this.groups) {
      for (let i = 1; i < group.length; i++) [before[group[i]!], after[group[i - 1]!]] = [group[i - 1]!, group[i]!];
    }
    return { before, after };
  }

  /** Puts the rows in canonical order, in place, and returns the canonical "sent". */
  apply(sent: number, rows: Int32Array): number {
    if (this.renamings.length === 1) {
      this.sort(rows);
      return sent;
    }
    const { ballots } = this.protocol;
    const { image, renamings } = this.planFor(sent >>> ballots);
    this.renameRows(rows, renamings[0]!, this.scratch);
    for (let k = 1; k < renamings.length; k++) {
      this.renameRows(rows, renamings[k]!, this.candidate);
      if (less(this.candidate, this.scratch)) this.scratch.set(this.candidate);
    }
    rows.set(this.scratch);
    return (sent & ((1 << ballots) - 1)) | (image << ballots);
  }

  private planFor(proposals: number): Plan {
    if (proposals === this.lastProposals) return this.lastPlan;
    let plan = this.plans.get(proposals);
    if (plan === undefined) this.plans.set(proposals, (plan = this.smallest(proposals)));
    [this.lastProposals, this.lastPlan] = [proposals, plan];
    return plan;
  }

  private renameRows(rows: Int32Array, k: number, into: Int32Array): void {
    const maps = this.rowMaps[k]!;
    for (let a = 0; a < rows.length; a++) into[a] = maps[a]![rows[a]!]!;
    this.sort(into);
  }

  /** Puts what the acceptors are, rows or places, in ascending order where they may be exchanged. */
  sort(rows: Int32Array): void {
    for (const group of this.groups) {
      for (let i = 1; i < group.length; i++) {
        for (let j = i; j > 0 && rows[group[j - 1]!]! > rows[group[j]!]!; j--) swap(rows, group[j - 1]!, group[j]!);
      }
    }
  }

  private renameProposals(proposals: number, k: number): number {
    const { values } = this.inputs;
    return this.inputs.proposals.reduce((mask, { ballot, value }, bit) => ((proposals >> bit) & 1 ? mask | (1 << ((ballot - 1) * values + this.renamings[k]![value]!)) : mask), 0);
  }

  /** The renamings with the smallest image; of those that agree on all proposed values only one, for no other value occurs in a row. */
  private smallest(proposals: number): Plan {
    const images = this.renamings.map((_, k) => this.renameProposals(proposals, k));
    const least = Math.min(...images);
    const used = Array.from({ length: this.inputs.values }, (_, value) => value).filter((value) => this.inputs.proposals.some((vote, bit) => vote.value === value && (proposals >> bit) & 1));
    const seen = new Set<string>();
    const renamings = images.flatMap((image, k) => {
      const effect = used.map((value) => this.renamings[k]![value]).join();
      if (image !== least || seen.has(effect)) return [];
      seen.add(effect);
      return [k];
    });
    return { image: least, renamings };
  }
}

function swap(rows: Int32Array, one: number, other: number): void {
  const held = rows[one]!;
  rows[one] = rows[other]!;
  rows[other] = held;
}

const less = (one: Int32Array, other: Int32Array): boolean => {
  for (let a = 0; a < one.length; a++) if (one[a] !== other[a]) return one[a]! < other[a]!;
  return false;
};

/** Acceptors with the same machine, two or more. */
const groupBy = (tables: readonly MachineTable[]): number[][] =>
  [...new Set(tables)].map((table) => tables.flatMap((other, a) => (other === table ? [a] : []))).filter((group) => group.length > 1);

/** For each renaming of values: row -> row, -1 where the renamed row is not in the table. */
function rowMaps(table: MachineTable, renamings: readonly (readonly Value[])[]): Int32Array[] {
  const isIdentity = (to: readonly Value[]): boolean => to.every((value, from) => value === from);
  return renamings.map((to) => Int32Array.from(table.rows, (row, id) => (isIdentity(to) ? id : table.find(renameAcceptor(row, to)))));
}

/**
 * Renaming and stepping may be exchanged: next(rename(row), rename(input)) = rename(next(row, input)). A machine that
 * treats values differently fails here; then they must not be merged.
 */
function commutes(table: MachineTable, map: Int32Array, to: readonly Value[], { ballots, values, actions }: Inputs): boolean {
  const renameInput = (input: number): number => {
    const proposal = input - ballots;
    return proposal < 0 || proposal >= ballots * values ? input : ballots + Math.floor(proposal / values) * values + to[proposal % values]!;
  };
  return map.every((image, row) =>
    actions.every((_, input) => {
      const after = table.next[row * actions.length + input]!;
      return after >= map.length || table.next[image * actions.length + renameInput(input)] === map[after];
    }),
  );
}
