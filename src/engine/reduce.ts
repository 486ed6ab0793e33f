/**
 * What need not be explored to see every violation. All of it is proved from the tables and the guard of the protocol
 * at hand, so they hold for whatever acceptor or leader it is; what cannot be proved is not left out.
 *
 * Prepares first. If a leader may do nothing before its prepare that it may not do after it, then sending a prepare
 * takes nothing from anybody. No invariant but FreshBallotDecides looks at prepares. So all actions of any run are
 * possible, and lead to the same acceptors and proposals, if all prepares are sent before them.
 *
 * Needless steps. Row r dominates row d, given the proposals P, if an acceptor in r can do harm in every way in which
 * one in d can. It is the greatest relation with:
 *  - d and r have cast the same votes; r has settled no more than d (VotesSafe and SafeAt ask for settled, and are easier
 *    broken without); if TypeOK is false of d, then of r; what an input of P breaks in d, it breaks in r;
 *  - a leader that may still propose, depending on what was promised, hears the same from both;
 *  - after every input of P, r dominates d's next row, having taken the input, too, or not;
 *  - the same with one more proposal, any that a leader may still make.
 * Then r goes along with d in any run: each action is possible beside r when it is beside d, and breaks the same. So a
 * step from r to d helps nobody: what follows it follows without it, by a run that is shorter. The search leaves it out,
 * and still finds from every state the shortest way to each violation (by induction over its length).
 *
 * Rows that nobody can tell apart. Two rows are merged, given P, if each of the above is the same for both (votes,
 * settled, TypeOK, what inputs break, what is heard by leaders who still listen), and remains so after any input and any
 * proposal. Clusters that differ in such rows have the same future, action by action, so one of them is enough.
 * The same goes for CanChoose, which looks at votes only. It does not for learners that look at promises.
 */
import { referenceLearner } from '../../model/learner.js';
import type { Cluster, Synod } from '../../model/synod.js';
import { answerOf, valuesOf } from './blind-guard.js';
import type { Reduction } from './blocks.js';
import type { Inputs } from './inputs.js';
import { lowestBit } from './inputs.js';
import type { MachineTable } from './tabulate.js';
import { wellTyped } from './tabulate.js';

/** What was left out. */
export interface Reduced {
  /** All prepares are sent before the exploration starts. */
  readonly prepares: boolean;
  /** Steps that help nobody to break anything are not taken, and rows that nobody can tell apart are merged. */
  readonly steps: boolean;
}

/** What a reduced exploration says nothing about. */
export const NOT_REDUCIBLE: ReadonlySet<string> = new Set(['FreshBallotDecides']);

/** The proof that a prepare takes nothing from its leader: without it nothing may be proposed, or with it everything. */
export function prepareTakesNothing(protocol: Synod): boolean {
  const { ballots, values } = protocol;
  for (let ballot = 1; ballot <= ballots; ballot++) {
    for (let mask = 0; mask < 1 << values; mask++) {
      for (let value = 0; value < values; value++) {
        const proposed = valuesOf(mask, values);
        if (answerOf(protocol, ballot, value, proposed, false) !== 'never' && answerOf(protocol, ballot, value, proposed, true) !== 'always') return false;
      }
    }
  }
  return true;
}

/** Learners may look at all that was said; the reference looks at votes. */
export const knowsLearner = ({ learner }: Synod): boolean => learner === referenceLearner;

/** The same state with all prepares sent. */
export const allPrepared = ({ ballots }: Synod, from: Cluster): Cluster => ({ ...from, prepares: Array.from({ length: ballots }, (_, index) => index + 1) });

/** What may come, given what was proposed; and what is known of pairs of rows under it. */
interface Outlook {
  /** Inputs that an acceptor can get. */
  readonly available: number;
  /** Proposals, as bits, that may be made besides. */
  readonly moves: readonly number[];
  /** Ballots, from 0, whose leaders go by promises. */
  readonly listening: readonly number[];
  /** Pair -> its second row dominates its first. */
  readonly known: Map<number, boolean>;
}

/** For the rows of one machine. */
class Dominance {
  private readonly outlooks = new Map<number, Outlook>();
  /** For proposals: row -> the row that stands for it. */
  private readonly alike = new Map<number, Int32Array>();
  private readonly votes: Int32Array;
  private readonly hears: readonly Int32Array[];
  /** 1 where TypeOK holds. */
  private readonly typed: Uint8Array;
  private readonly width: number;

  constructor(private readonly table: MachineTable, private readonly inputs: Inputs, private readonly protocol: Synod, private readonly opened: readonly boolean[]) {
    const { rows } = table;
    this.width = inputs.actions.length;
    this.votes = classes(rows.map(({ history }) => history.votes));
    this.hears = Array.from({ length: inputs.ballots }, (_, b) => classes(rows.map(({ history }) => protocol.leader.hears(history, b + 1))));
    this.typed = wellTyped(table, protocol);
  }

  /** The inputs that lead from this row to a row that it dominates. */
  needless(row: number, proposals: number): number {
    let found = 0;
    for (let open = this.table.changes[row]! & this.outlook(proposals).available; open !== 0; open &= open - 1) {
      const input = open & -open;
      if (this.dominates(proposals, this.after(row, input), row)) found |= input;
    }
    return found;
  }

  /** Row -> the smallest row that nobody can tell from it; of those that these rows can lead to, -1 for all others. */
  merged(rows: Iterable<number>, proposals: number): Int32Array {
    const known = this.alike.get(proposals);
    if (known !== undefined) return known;
    const { available, moves } = this.outlook(proposals);
    const inputs = this.inputs.actions.map((_, input) => 1 << input).filter((input) => (available & input) !== 0);
    const members = this.closure(rows, inputs);
    const beyond = moves.map((move) => this.merged(members, proposals | move));
    // What is seen at once; then, until nothing new is told apart, what is seen after an input.
    let numbers = this.numbered(members, (row) => [this.shows(row, proposals, inputs), ...beyond.map((alike) => alike[row]!)].join());
    for (let before = -1, count = largest(numbers); count > before; [before, count] = [count, largest(numbers)]) {
      const last = numbers;
      const after = (row: number): number => last[row] ?? -row;
      numbers = this.numbered(members, (row) => [last[row]!, ...inputs.map((input) => after(this.after(row, input)))].join());
    }
    const smallest = new Map<number, number>();
    for (const row of members) if (!smallest.has(numbers[row]!)) smallest.set(numbers[row]!, row);
    const alike = numbers.map((number) => smallest.get(number) ?? -1);
    this.alike.set(proposals, alike);
    return alike;
  }

  private shows(row: number, proposals: number, inputs: readonly number[]): string {
    const { settled, breaks } = this.table;
    const broken = inputs.map((input) => breaks[row * this.width + lowestBit(input)]!);
    return [this.votes[row]!, settled[row]!, this.typed[row]!, ...this.outlook(proposals).listening.map((b) => this.hears[b]![row]!), ...broken].join();
  }

  /** All rows that these can lead to, in ascending order. */
  private closure(rows: Iterable<number>, inputs: readonly number[]): Int32Array {
    const seen = new Set(rows);
    for (const row of seen) {
      for (const input of inputs) if (this.after(row, input) < this.table.rows.length) seen.add(this.after(row, input));
    }
    return Int32Array.from(seen).sort();
  }

  private numbered(members: Int32Array, keyOf: (row: number) => string): Int32Array {
    const ids = new Map<string, number>();
    const numbers = new Int32Array(this.table.rows.length).fill(-1);
    for (const row of members) {
      const key = keyOf(row);
      if (!ids.has(key)) ids.set(key, ids.size);
      numbers[row] = ids.get(key)!;
    }
    return numbers;
  }

  private after = (row: number, input: number): number => this.table.next[row * this.width + lowestBit(input)]!;

  private outlook(proposals: number): Outlook {
    const known = this.outlooks.get(proposals);
    if (known !== undefined) return known;
    const { ballots, values, prepares, spontaneous } = this.inputs;
    const [moves, listening]: [number[], number[]] = [[], []];
    for (let b = 0; b < ballots; b++) {
      const mask = (proposals >>> (b * values)) & ((1 << values) - 1);
      const fresh = valuesOf(~mask, values);
      const answers = fresh.map((value) => this.opened.map((opened) => answerOf(this.protocol, b + 1, value, valuesOf(mask, values), opened)));
      if (answers.flat().includes('depends')) listening.push(b);
      moves.push(...fresh.filter((_, i) => answers[i]!.some((answer) => answer !== 'never')).map((value) => 1 << (b * values + value)));
    }
    const outlook = { available: prepares | (proposals << ballots) | spontaneous, moves, listening, known: new Map() };
    this.outlooks.set(proposals, outlook);
    return outlook;
  }

  /** r dominates d. Assumes it of all pairs that come up, then takes back what does not hold until nothing is left to take back. */
  private dominates(proposals: number, d: number, r: number): boolean {
    if (d === r) return true;
    const { known } = this.outlook(proposals);
    const count = this.table.rows.length;
    const asked = d * count + r;
    if (known.has(asked)) return known.get(asked)!;
    const assumed = new Set<number>();
    const open = [asked];
    for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
      if (known.has(pair) || assumed.has(pair)) continue;
      const [one, other] = [Math.floor(pair / count), pair % count];
      if (!this.agree(proposals, one, other)) known.set(pair, false);
      else {
        assumed.add(pair);
        for (const ways of this.answers(proposals, one, other)) open.push(...ways);
      }
    }
    const holds = (pair: number): boolean => Math.floor(pair / count) === pair % count || assumed.has(pair) || known.get(pair) === true;
    const keeps = (pair: number): boolean => this.answers(proposals, Math.floor(pair / count), pair % count).every((ways) => ways.some(holds));
    let failed: number[];
    do {
      failed = [...assumed].filter((pair) => !keeps(pair));
      for (const pair of failed) {
        assumed.delete(pair);
        known.set(pair, false);
      }
    } while (failed.length > 0);
    for (const pair of assumed) known.set(pair, true);
    return known.get(asked)!;
  }

  /** For each input that moves d, the pairs of which one must hold. */
  private answers(proposals: number, d: number, r: number): number[][] {
    const count = this.table.rows.length;
    const found: number[][] = [];
    for (let open = this.table.changes[d]! & this.outlook(proposals).available; open !== 0; open &= open - 1) {
      const input = open & -open;
      const [moved, along] = [this.after(d, input), this.after(r, input)];
      if (moved === along) continue;
      // Rows outside the table are met only where one ballot carries two values; nothing is known of them.
      found.push(moved >= count ? [] : along >= count || along === r ? [moved * count + r] : [moved * count + along, moved * count + r]);
    }
    return found;
  }

  /** What can be seen at once, and what lies beyond one more proposal. */
  private agree(proposals: number, d: number, r: number): boolean {
    const { settled, broken, breaks } = this.table;
    if (this.votes[d] !== this.votes[r] || (settled[r]! & ~settled[d]!) !== 0 || this.typed[d]! < this.typed[r]!) return false;
    const { available, moves, listening } = this.outlook(proposals);
    if (listening.some((b) => this.hears[b]![d] !== this.hears[b]![r])) return false;
    for (let open = broken[d]! & available; open !== 0; open &= open - 1) {
      const input = lowestBit(open);
      if ((breaks[d * this.width + input]! & ~breaks[r * this.width + input]!) !== 0) return false;
    }
    return moves.every((move) => this.dominates(proposals | move, d, r));
  }
}

const largest = (numbers: Int32Array): number => numbers.reduce((most, number) => Math.max(most, number), -1);

/** Numbers the different items. */
function classes(items: readonly unknown[]): Int32Array {
  const ids = new Map<string, number>();
  return Int32Array.from(items, (item) => {
    const key = JSON.stringify(item);
    if (!ids.has(key)) ids.set(key, ids.size);
    return ids.get(key)!;
  });
}

/** What may be left out of the blocks of this protocol. */
export function reductionOf(protocol: Synod, inputs: Inputs, preparesFirst: boolean): Reduction {
  const byTable = new Map<MachineTable, Dominance>();
  const of = (table: MachineTable): Dominance => {
    const known = byTable.get(table) ?? new Dominance(table, inputs, protocol, preparesFirst ? [true] : [false, true]);
    byTable.set(table, known);
    return known;
  };
  return {
    needless: (table, row, proposals) => of(table).needless(row, proposals),
    merged: (table, rows, proposals) => of(table).merged(rows, proposals),
  };
}
