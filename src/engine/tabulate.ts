/**
 * Tabulation: within bounds an acceptor is a finite machine, so it is run once over everything that can reach it and
 * written down as a table. A row ("column" of the cluster) is a local state together with all that the acceptor has
 * said. The explorer then never calls an acceptor again, be it the reference, a mutant or a learned implementation.
 */
import type { AcceptorMachine } from '../../model/acceptor.js';
import type { History } from '../../model/history.js';
import { cannotVoteAt, messagesIn, votedFor } from '../../model/history.js';
import { propertyNamed } from '../../model/invariants.js';
import type { StateInvariant, StepInvariant } from '../../model/property.js';
import type { Acceptor, Action, Cluster, Synod, Transition } from '../../model/synod.js';
import { afterStep, localStep } from '../../model/synod.js';
import type { Reply } from '../../model/words.js';
import { sameVote } from '../../model/words.js';
import { LimitError } from './limit-error.js';
import type { Inputs } from './inputs.js';
import { lowestBit } from './inputs.js';

/** One acceptor's machine, composed with what it has said, as flat tables. Row r, input i: entry r * inputs + i. */
export interface MachineTable {
  readonly rows: readonly Acceptor[];
  /** The number of this row; -1 if it is not in the table. */
  readonly find: (row: Acceptor) => number;
  /** The row after the input. */
  readonly next: Int32Array;
  /** Bit i: input i changes the row. */
  readonly changes: Uint32Array;
  /** Bit k: the step breaks step invariant k. */
  readonly breaks: Uint32Array;
  /** Bit i: input i breaks some step invariant. */
  readonly broken: Uint32Array;
  /** Bit (b, v): the acceptor voted for v in b. */
  readonly votes: Uint32Array;
  /** Bit (b, v): it voted for v in b or cannot vote in b any more. */
  readonly settled: Uint32Array;
  /** Some row has a vote that nobody could propose within the bounds: the masks do not tell everything. */
  readonly strays: boolean;
}

const MAX_ROWS = 1 << 22;

/** Things of which equal ones are the same: numbered from 0, compared by their JSON. */
class Distinct<T> {
  readonly list: T[] = [];
  private readonly ids = new Map<string, number>();

  idOf(thing: T): number {
    const key = JSON.stringify(thing);
    const known = this.ids.get(key);
    if (known !== undefined) return known;
    this.ids.set(key, this.list.length);
    return this.list.push(thing) - 1;
  }

  /** -1 if there is no such thing. */
  find(thing: T): number {
    return this.ids.get(JSON.stringify(thing)) ?? -1;
  }
}

const STATES = 2 ** 26;

/** A row is a pair: what the acceptor remembers, and what it has said. Many rows share one of the two, and what the machine does depends on the first only. */
class Rows {
  readonly list: Acceptor[] = [];
  private readonly ids = new Map<number, number>();
  private readonly states = new Distinct<unknown>();
  private readonly histories = new Distinct<History>();
  private readonly answers = new Distinct<readonly Reply[]>();
  /** For each row the numbers of its state and of its history. */
  private readonly stateOf: number[] = [];
  private readonly historyOf: number[] = [];
  /** A state and an input -> what the machine does. */
  private readonly local = new Map<number, LocalOutcome>();
  /** A history and an answer -> the history after it. */
  private readonly longer = new Map<number, number>();
  /** For each row that was asked about: input -> what comes of it, once it is known. */
  private readonly steps: (Outcome | undefined)[][] = [];

  constructor(private readonly machine: AcceptorMachine, private readonly protocol: Synod, private readonly inputs: Inputs) {}

  idOf({ state, history }: Acceptor): number {
    return this.pair(this.states.idOf(state), this.histories.idOf(history));
  }

  /** -1 if there is no such row. */
  find({ state, history }: Acceptor): number {
    const [remembered, said] = [this.states.find(state), this.histories.find(history)];
    return remembered < 0 || said < 0 ? -1 : (this.ids.get(said * STATES + remembered) ?? -1);
  }

  step(row: number, input: number): Outcome {
    const steps = (this.steps[row] ??= []);
    return (steps[input] ??= this.take(row, input));
  }

  /** Only the first so many rows are kept. */
  cut(count: number): void {
    this.list.length = count;
    for (const [key, id] of this.ids) if (id >= count) this.ids.delete(key);
    this.steps.length = 0;
  }

  private pair(state: number, history: number): number {
    const key = history * STATES + state;
    const known = this.ids.get(key);
    if (known !== undefined) return known;
    if (this.list.length >= MAX_ROWS) throw new LimitError('ACCEPTOR_TOO_LARGE', `the acceptor has more than ${MAX_ROWS} local states within these bounds`, 'use fewer ballots or values');
    this.ids.set(key, this.list.length);
    this.stateOf.push(state);
    this.historyOf.push(history);
    return this.list.push({ state: this.states.list[state], history: this.histories.list[history]! }) - 1;
  }

  private take(row: number, input: number): Outcome {
    const { state, replies, answer } = this.localStep(this.stateOf[row]!, input);
    const said = this.historyOf[row]!;
    return { row: this.pair(state, replies.length === 0 ? said : this.after(said, replies, answer)), replies };
  }

  private localStep(state: number, input: number): LocalOutcome {
    const key = input * STATES + state;
    const known = this.local.get(key);
    if (known !== undefined) return known;
    const { state: after, replies } = localStep(this.machine, this.states.list[state], this.inputs.actions[input]!);
    const outcome = { state: this.states.idOf(after), replies, answer: this.answers.idOf(replies) };
    this.local.set(key, outcome);
    return outcome;
  }

  private after(said: number, replies: readonly Reply[], answer: number): number {
    const key = answer * STATES + said;
    const known = this.longer.get(key);
    if (known !== undefined) return known;
    const { history } = afterStep(this.protocol.leader, this.histories.list[said]!, { state: null, replies });
    const after = this.histories.idOf(history);
    this.longer.set(key, after);
    return after;
  }
}

/** What the machine does, whatever it has said before: numbers of its next state and of its answer. */
interface LocalOutcome {
  readonly state: number;
  readonly replies: readonly Reply[];
  readonly answer: number;
}

/** What comes of an input: the row after it, and what is said. */
interface Outcome {
  readonly row: number;
  readonly replies: Transition['replies'];
}

/** Finds all rows that the inputs can reach, whichever single value each ballot carries (or any values, if leaders do not keep to one). */
function reach(rows: Rows, machine: AcceptorMachine, protocol: Synod, inputs: Inputs, from: Cluster): void {
  const starts = from.acceptors.filter((_, acceptor) => protocol.machines[acceptor] === machine).map((acceptor) => rows.idOf(acceptor));
  for (const possible of inputs.environments(protocol, from.accepts)) {
    const seen = new Set(starts);
    const open = [...starts];
    for (let row = open.pop(); row !== undefined; row = open.pop()) {
      for (let mask = possible; mask !== 0; mask &= mask - 1) {
        const after = rows.step(row, lowestBit(mask)).row;
        if (!seen.has(after)) {
          seen.add(after);
          open.push(after);
        }
      }
    }
  }
}

/** Runs the machine over all rows that it can reach from these states, and all inputs. Throws LimitError if there are too many rows. */
export function tabulate(machine: AcceptorMachine, protocol: Synod, inputs: Inputs, steps: readonly StepInvariant[], from: Cluster): MachineTable {
  const rows = new Rows(machine, protocol, inputs);
  reach(rows, machine, protocol, inputs, from);
  const reached = rows.list.length;
  const width = inputs.actions.length;
  const table = {
    rows: rows.list,
    find: (acceptor: Acceptor) => rows.find(acceptor),
    next: new Int32Array(reached * width).fill(-1),
    changes: new Uint32Array(reached),
    breaks: new Uint32Array(reached * width),
    broken: new Uint32Array(reached),
    votes: new Uint32Array(reached),
    settled: new Uint32Array(reached),
    strays: rows.list.some(({ history }) => history.votes.some((vote) => !inputs.proposals.some((proposal) => sameVote(vote, proposal)))),
  };
  for (let row = 0; row < reached; row++) fillRow(table, row, inputs, steps, rows);
  // Filling may have met rows outside every environment; they are never entered, so they are dropped again.
  rows.cut(reached);
  return table;
}

function fillRow(table: MachineTable, row: number, inputs: Inputs, steps: readonly StepInvariant[], rows: Rows): void {
  const before = table.rows[row]!;
  inputs.actions.forEach((action, input) => {
    const { row: id, replies } = rows.step(row, input);
    table.next[row * inputs.actions.length + input] = id;
    if (id !== row) table.changes[row]! |= 1 << input;
    const transition = localTransition(action, replies);
    steps.forEach((invariant, k) => {
      if (invariant.holds({ prepares: [], accepts: [], acceptors: [before] }, transition)) return;
      table.breaks[row * inputs.actions.length + input]! |= 1 << k;
      table.broken[row]! |= 1 << input;
    });
  });
  inputs.proposals.forEach(({ ballot, value }, bit) => {
    if (votedFor(before.history, ballot, value)) table.votes[row]! |= 1 << bit;
    if (votedFor(before.history, ballot, value) || cannotVoteAt(before.history, ballot)) table.settled[row]! |= 1 << bit;
  });
}

/** Every step that changes a row says exactly one thing that was not said before. */
export function addsOneMessage({ rows, next, changes }: MachineTable, { actions }: Inputs): boolean {
  const said = rows.map(({ history }) => messagesIn(history));
  return rows.every((_, row) =>
    actions.every((__, input) => {
      const after = next[row * actions.length + input]!;
      return ((changes[row]! >>> input) & 1) === 0 || after >= rows.length || said[after] === said[row]! + 1;
    }),
  );
}

/** For each row 1 if TypeOK, which looks at one acceptor at a time, holds of it. */
export function wellTyped({ rows }: MachineTable, protocol: Synod): Uint8Array {
  const { holds } = propertyNamed('TypeOK') as StateInvariant;
  return Uint8Array.from(rows, (row) => (holds(protocol, { prepares: [], accepts: [], acceptors: [row] }) ? 1 : 0));
}

/** A step of this acceptor alone, as the step invariants want to see it. */
const localTransition = (action: Action, replies: Transition['replies']): Transition => ({
  action: { ...action, acceptor: 0 } as Action,
  replies,
  next: { prepares: [], accepts: [], acceptors: [] },
});
