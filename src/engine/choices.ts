/**
 * The leader's guard as a table. For one ballot an acceptor matters to its leader only through the promises that the
 * leader counts; acceptors with the same promises form a class. The model's guard is asked once for every combination:
 * of classes where it does not matter who is in which, of acceptors otherwise.
 */
import { allows } from '../../model/guard.js';
import type { History } from '../../model/history.js';
import type { ProposalContext } from '../../model/leader.js';
import type { PromiseMessage } from '../../model/words.js';
import type { Acceptor, Synod } from '../../model/synod.js';
import { answerOf, valuesOf } from './blind-guard.js';
import type { Blocks } from './blocks.js';
import { rowEntries } from './blocks.js';
import { LimitError } from './limit-error.js';
import type { MachineTable } from './tabulate.js';

/** Above this many combinations they are kept in a map instead of an array. */
const ARRAY_LIMIT = 1 << 22;
const MAP_LIMIT = 1 << 22;
const UNKNOWN = 255;

/** A class is a digit of the combination's number: either acceptor a's own digit, or how many there are of the class. */
interface Digits {
  readonly weightOf: (acceptor: number, id: number) => number;
  readonly count: number;
}

function digitsFor(acceptors: number, classes: number, symmetric: boolean): Digits {
  const byAcceptor: Digits = { weightOf: (acceptor, id) => id * classes ** acceptor, count: classes ** acceptors };
  const byClass: Digits = { weightOf: (_, id) => (id === 0 ? 0 : (acceptors + 1) ** (id - 1)), count: (acceptors + 1) ** (classes - 1) };
  return symmetric && byClass.count < byAcceptor.count * 64 ? byClass : byAcceptor;
}

class BallotChoices {
  /** For each acceptor and entry what it adds to the number of the combination; and for each acceptor and row. */
  readonly weights: Float64Array[];
  private readonly rowWeights: Float64Array[];
  /** For "opened" and the values proposed: false if nothing more can be proposed, whatever was promised. */
  readonly open: Uint8Array;
  private readonly classes: (readonly PromiseMessage[])[] = [];
  /** For each acceptor and row its class. */
  private readonly classOf: readonly Int32Array[];
  private readonly known: Uint8Array | null;
  private readonly sparse = new Map<number, number>();
  private readonly width: number;

  constructor(private readonly protocol: Synod, private readonly ballot: number, tables: readonly MachineTable[], private readonly blocks: Blocks) {
    const ids = new Map<string, number>();
    this.idOf(ids, []);
    const byHistory = new Map<History, number>();
    const classFor = ({ history }: Acceptor): number => {
      if (!byHistory.has(history)) byHistory.set(history, this.idOf(ids, protocol.leader.hears(history, ballot)));
      return byHistory.get(history)!;
    };
    const classIn = new Map(tables.map((table) => [table, Int32Array.from(table.rows, classFor)]));
    this.classOf = tables.map((table) => classIn.get(table)!);
    const digits = digitsFor(tables.length, this.classes.length, protocol.quorums.symmetric);
    this.width = 2 << protocol.values;
    const combinations = digits.count * this.width;
    if (combinations > Number.MAX_SAFE_INTEGER) throw new LimitError('BOUNDS_TOO_LARGE', `${tables.length} acceptors can promise in too many ways to be told apart`, 'use fewer acceptors, ballots or values');
    this.rowWeights = this.classOf.map((ids, a) => Float64Array.from(ids, (id) => digits.weightOf(a, id)));
    this.weights = this.rowWeights.map((weights, a) => this.byEntry(weights, a));
    this.known = combinations <= ARRAY_LIMIT ? new Uint8Array(combinations).fill(UNKNOWN) : null;
    this.open = Uint8Array.from({ length: this.width }, (_, key) => (this.isOpen(key) ? 1 : 0));
  }

  private byEntry(weights: Float64Array, acceptor: number): Float64Array {
    const { count, row } = this.blocks;
    const result = new Float64Array(row.length);
    for (let block = 0; block < count; block++) {
      const { first, end } = rowEntries(this.blocks, acceptor, block);
      for (let entry = first; entry < end; entry++) result[entry] = weights[row[entry]!]!;
    }
    return result;
  }

  private idOf(ids: Map<string, number>, heard: readonly PromiseMessage[]): number {
    const key = JSON.stringify(heard);
    if (!ids.has(key)) {
      ids.set(key, this.classes.length);
      this.classes.push(heard);
    }
    return ids.get(key)!;
  }

  /** The values that may be proposed, as a mask; `situation` is "opened" and what was proposed. */
  ofEntries(entries: Int32Array, situation: number): number {
    let key = 0;
    for (let a = 0; a < entries.length; a++) key += this.weights[a]![entries[a]!]!;
    const known = this.known === null ? UNKNOWN : this.known[key * this.width + situation]!;
    return known !== UNKNOWN ? known : this.ofRows(entries.map((entry) => this.blocks.row[entry]!), situation);
  }

  /** The same for rows. */
  ofRows(rows: Int32Array, situation: number): number {
    const key = rows.reduce((sum, row, a) => sum + this.rowWeights[a]![row]!, 0) * this.width + situation;
    const known = this.known === null ? this.sparse.get(key) : this.known[key];
    if (known !== undefined && known !== UNKNOWN) return known;
    const mask = this.ask(rows, situation);
    if (this.known !== null) this.known[key] = mask;
    else {
      if (this.sparse.size >= MAP_LIMIT) this.sparse.clear();
      this.sparse.set(key, mask);
    }
    return mask;
  }

  private contextOf(situation: number): Omit<ProposalContext, 'value' | 'heard'> {
    const { protocol, ballot } = this;
    return { ballot, opened: (situation & 1) === 1, proposed: valuesOf(situation >>> 1, protocol.values), quorums: protocol.quorums };
  }

  private ask(rows: Int32Array, situation: number): number {
    const context = { ...this.contextOf(situation), heard: Array.from(rows, (row, a) => this.classes[this.classOf[a]![row]!]!) };
    return this.maskOf((value) => allows(this.protocol.leader.mayAccept, { ...context, value }));
  }

  /** Some value that was not proposed is not ruled out by what the guard says without looking at promises. */
  private isOpen(situation: number): boolean {
    const { ballot, opened, proposed } = this.contextOf(situation);
    const isRuledOut = (value: number): boolean => answerOf(this.protocol, ballot, value, proposed, opened) === 'never';
    return (this.maskOf((value) => !isRuledOut(value)) & ~(situation >>> 1)) !== 0;
  }

  private maskOf(allowed: (value: number) => boolean): number {
    return Array.from({ length: this.protocol.values }, (_, value) => (allowed(value) ? 1 << value : 0)).reduce((mask, bit) => mask | bit, 0);
  }
}

/** Which values the leader of each ballot may propose. */
export class LeaderTable {
  readonly ballots: readonly BallotChoices[];
  private readonly valueMask: number;

  constructor(private readonly protocol: Synod, tables: readonly MachineTable[], blocks: Blocks) {
    this.ballots = Array.from({ length: protocol.ballots }, (_, index) => new BallotChoices(protocol, index + 1, tables, blocks));
    this.valueMask = (1 << protocol.values) - 1;
  }

  /** The values that may be proposed in this ballot, as a mask, those already proposed included where the guard allows it. */
  allowed(ballot: number, sent: number, rows: Int32Array): number {
    return this.ballots[ballot - 1]!.ofRows(rows, this.situation(ballot, sent));
  }

  /** Some value may be proposed in this ballot that was not yet, for all that is known without a look at promises. */
  isOpen(ballot: number, sent: number): boolean {
    return this.ballots[ballot - 1]!.open[this.situation(ballot, sent)] !== 0;
  }

  /** The values that may be proposed in this ballot and were not yet, as a mask; for entries, and fast. */
  fresh(ballot: number, sent: number, entries: Int32Array): number {
    const choices = this.ballots[ballot - 1]!;
    const situation = this.situation(ballot, sent);
    return choices.open[situation] === 0 ? 0 : choices.ofEntries(entries, situation) & ~(situation >>> 1);
  }

  private situation(ballot: number, sent: number): number {
    const { ballots, values } = this.protocol;
    return ((sent >>> (ballot - 1)) & 1) | (((sent >>> (ballots + (ballot - 1) * values)) & this.valueMask) << 1);
  }
}
