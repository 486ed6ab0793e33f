/**
 * The leader's guard as a table. For one ballot an acceptor matters to its leader only through the promises that the
 * leader counts; acceptors with the same promises form a class. The model's guard is asked once for every combination.
 */
import { allows } from '../../model/guard.js';
import type { PromiseMessage } from '../../model/words.js';
import type { Synod } from '../../model/synod.js';
import type { MachineTable } from './tabulate.js';

/** Above this many combinations they are kept in a map instead of an array. */
const ARRAY_LIMIT = 1 << 22;
const UNKNOWN = 255;

class BallotChoices {
  /** For each acceptor and row its class. */
  readonly classOf: Int32Array[];
  private readonly promises: (readonly PromiseMessage[])[] = [];
  private readonly known: Uint8Array | null;
  private readonly sparse = new Map<number, number>();

  constructor(private readonly protocol: Synod, private readonly ballot: number, tables: readonly MachineTable[]) {
    const ids = new Map<string, number>();
    const classIn = new Map(tables.map((table) => [table, Int32Array.from(table.rows, (row) => this.idOf(ids, protocol.leader.hears(row.history, ballot)))]));
    this.classOf = tables.map((table) => classIn.get(table)!);
    const combinations = this.promises.length ** tables.length * 2 * 2 ** protocol.values;
    this.known = combinations <= ARRAY_LIMIT ? new Uint8Array(combinations).fill(UNKNOWN) : null;
  }

  private idOf(ids: Map<string, number>, heard: readonly PromiseMessage[]): number {
    const key = JSON.stringify(heard);
    if (!ids.has(key)) {
      ids.set(key, this.promises.length);
      this.promises.push(heard);
    }
    return ids.get(key)!;
  }

  /** The values that may be proposed, as a mask. */
  allowed(rows: Int32Array, opened: number, proposed: number): number {
    let key = 0;
    for (let a = 0; a < rows.length; a++) key = key * this.promises.length + this.classOf[a]![rows[a]!]!;
    key = (key * 2 + opened) * (1 << this.protocol.values) + proposed;
    const known = this.known === null ? (this.sparse.get(key) ?? UNKNOWN) : this.known[key]!;
    if (known !== UNKNOWN) return known;
    const mask = this.ask(rows, opened === 1, proposed);
    if (this.known === null) this.sparse.set(key, mask);
    else this.known[key] = mask;
    return mask;
  }

  private ask(rows: Int32Array, opened: boolean, proposedMask: number): number {
    const values = Array.from({ length: this.protocol.values }, (_, value) => value);
    const proposed = values.filter((value) => (proposedMask >> value) & 1);
    const heard = Array.from(rows, (row, acceptor) => this.promises[this.classOf[acceptor]![row]!]!);
    const { quorums, leader } = this.protocol;
    return values.reduce((mask, value) => mask | (allows(leader.mayAccept, { ballot: this.ballot, value, opened, proposed, heard, quorums }) ? 1 << value : 0), 0);
  }
}

/** Which values the leader of each ballot may propose. */
export class LeaderTable {
  private readonly ballots: readonly BallotChoices[];
  private readonly valueMask: number;

  constructor(private readonly protocol: Synod, tables: readonly MachineTable[]) {
    this.ballots = Array.from({ length: protocol.ballots }, (_, index) => new BallotChoices(protocol, index + 1, tables));
    this.valueMask = (1 << protocol.values) - 1;
  }

  /** The mask of values that may be proposed in this ballot, those already proposed included where the guard allows it. */
  allowed(ballot: number, sent: number, rows: Int32Array): number {
    const { ballots, values } = this.protocol;
    const proposed = (sent >>> (ballots + (ballot - 1) * values)) & this.valueMask;
    return this.ballots[ballot - 1]!.allowed(rows, (sent >>> (ballot - 1)) & 1, proposed);
  }
}
