/**
 * Breadth-first search over packed states. States are numbered in the order of their discovery, levels are ranges of
 * numbers; no parents are kept, a shortest run is found again from the levels (see run.ts). `search.test.ts` holds
 * counts, depth and the length of every violation against the toy.
 */
import type { Property, StepInvariant } from '../../model/property.js';
import type { Action } from '../../model/synod.js';
import type { Check } from './checks.js';
import { ALWAYS, allHold, checkOf, isAnsweredTogether } from './checks.js';
import type { Visitor } from './expand.js';
import { expand, lowestBit } from './expand.js';
import { pack, unpack } from './layout.js';
import type { Space } from './space.js';
import { actionOf } from './space.js';
import { StateStore } from './store.js';

/** Where a property was first seen to fail; for a possibility, first seen to hold. */
export interface Finding {
  readonly property: string;
  /** Actions from the initial state to the finding. */
  readonly length: number;
  /** The number of the state; for a step invariant, of the state before the step. */
  readonly state: number;
  /** The step itself, for a step invariant. */
  readonly step?: Action;
}

export interface SearchLimits {
  readonly maxStates?: number;
  /** Polled now and then; true ends the search. */
  readonly interrupted?: () => boolean;
  /** Polled with the number of states and the length of the runs explored. */
  readonly progress?: (states: number, length: number, frontier: number) => void;
}

export type ActionCounts = Record<Action['kind'], number>;

export interface SearchResult {
  readonly store: StateStore;
  /** The first state of each level; the last entry is the number of states. */
  readonly levels: readonly number[];
  /** Steps that change the state. */
  readonly transitions: number;
  /** State-changing steps by kind of action. */
  readonly actions: ActionCounts;
  readonly findings: readonly Finding[];
  /** False if a limit ended the search before everything was seen. */
  readonly complete: boolean;
  /** All runs of at most this many actions were explored. */
  readonly exploredLength: number;
}

/** What the search stops for: nothing (the default), or the first finding for this property. */
export interface SearchGoal {
  readonly properties: readonly Property[];
  readonly stopAt?: (property: string) => boolean;
}

const POLL = 1 << 12;
/** States that go to the store together. */
const BATCH = 256;

interface Watched {
  readonly property: Property;
  readonly check: Check;
}

class Search implements Visitor {
  readonly store: StateStore;
  readonly levels = [0];
  readonly findings: Finding[] = [];
  /** State-changing steps by input; the last two are prepare and accept. */
  private readonly counts: Float64Array;
  /** The state that is being expanded, and a successor of it. */
  private sent = 0;
  private readonly rows: Int32Array;
  private readonly moved: Int32Array;
  private readonly batch: Uint32Array;
  private batched = 0;
  /** Those that `together` answers for, and those that are asked one by one. */
  private readonly joint: Watched[];
  private readonly single: Watched[];
  private readonly together: Check;
  private readonly openSteps: Map<number, StepInvariant>;
  private length = 0;
  private stopped = false;
  private readonly maxStates: number;

  constructor(private readonly space: Space, private readonly goal: SearchGoal, private readonly limits: SearchLimits) {
    this.maxStates = limits.maxStates ?? Infinity;
    this.store = new StateStore(space.layout.words);
    this.rows = new Int32Array(space.tables.length);
    this.moved = new Int32Array(space.tables.length);
    this.counts = new Float64Array(space.inputs.actions.length + 2);
    this.batch = new Uint32Array(space.layout.words * BATCH);
    const watched = goal.properties.filter((property) => property.kind !== 'step').map((property) => ({ property, check: checkOf(space, property) }));
    this.joint = watched.filter(({ property }) => isAnsweredTogether(space, property));
    this.single = watched.filter((one) => !this.joint.includes(one) && one.check !== ALWAYS);
    this.together = allHold(space);
    const wanted = new Set(goal.properties.map((property) => property.name));
    this.openSteps = new Map(space.steps.flatMap((step, k) => (wanted.has(step.name) ? [[k, step]] : [])));
  }

  run(sent: number, rows: Int32Array): SearchResult {
    this.moved.set(rows);
    this.put(this.space.canonical.apply(sent, this.moved));
    this.flush(0);
    let levelsDone = 0;
    for (let first = 0; first < this.store.size && !this.stopped; levelsDone++) {
      const end = this.store.size;
      this.levels.push(end);
      if (!this.level(first, end)) break;
      first = end;
      this.length++;
    }
    const { store, levels, findings, stopped } = this;
    const actions = this.actionCounts();
    const transitions = Object.values(actions).reduce((sum, times) => sum + times, 0);
    if (levels.at(-1) !== store.size) levels.push(store.size);
    return { store, levels, transitions, actions, findings, complete: !stopped, exploredLength: stopped ? levelsDone : levelsDone - 1 };
  }

  /** Expands the states of one level; false if a limit or the goal ended it. */
  private level(first: number, end: number): boolean {
    for (let index = first; index < end; index++) {
      if ((index % POLL === 0 || this.store.size > this.maxStates) && this.mustEnd(end)) this.stopped = true;
      if (this.stopped) break;
      this.expand(index);
    }
    this.flush(this.length + 1);
    return !this.stopped;
  }

  private actionCounts(): ActionCounts {
    const actions: ActionCounts = { prepare: this.counts.at(-2)!, promise: 0, accept: this.counts.at(-1)!, vote: 0, crash: 0, act: 0 };
    this.space.inputs.actions.forEach(({ kind }, input) => (actions[kind] += this.counts[input]!));
    return actions;
  }

  private mustEnd(levelEnd: number): boolean {
    this.limits.progress?.(this.store.size, this.length, this.store.size - levelEnd);
    return this.store.size > this.maxStates || this.limits.interrupted?.() === true;
  }

  private expand(index: number): void {
    const { space, rows } = this;
    this.sent = unpack(space.layout, this.store.chunkOf(index), this.store.offsetOf(index), rows);
    const available = this.sent | space.inputs.spontaneous;
    for (let a = 0; a < rows.length; a++) {
      const wrong = space.tables[a]!.broken[rows[a]!]! & available;
      if (wrong !== 0) this.brokenSteps(index, a, rows[a]!, wrong);
    }
    expand(space, this.sent, rows, this);
  }

  leader(bit: number): void {
    const isPrepare = bit < this.space.inputs.ballots;
    this.counts[this.counts.length - (isPrepare ? 2 : 1)]!++;
    this.moved.set(this.rows);
    const sent = this.sent | (1 << bit);
    this.put(isPrepare ? sent : this.space.canonical.apply(sent, this.moved));
  }

  acceptor(acceptor: number, input: number, row: number): void {
    this.counts[input]!++;
    const { moved, rows } = this;
    for (let a = 0; a < rows.length; a++) moved[a] = rows[a]!;
    moved[acceptor] = row;
    this.put(this.space.canonical.applyToStep(this.sent, moved, acceptor));
  }

  /** Puts the state (sent, moved), in canonical form, into the batch. */
  private put(sent: number): void {
    pack(this.space.layout, sent, this.moved, this.batch, this.batched * this.store.words);
    if (++this.batched === BATCH) this.flush(this.length + 1);
  }

  /** Adds the batch to the store and looks at those states that are new; they end runs of `length` actions. */
  private flush(length: number): void {
    const { store, space } = this;
    let index = store.size;
    store.addAll(this.batch, this.batched);
    this.batched = 0;
    for (; index < store.size; index++) {
      const sent = unpack(space.layout, store.chunkOf(index), store.offsetOf(index), this.moved);
      if (this.joint.length > 0 && !this.together(sent, this.moved)) this.look(this.joint, sent, length, index);
      if (this.single.length > 0) this.look(this.single, sent, length, index);
    }
  }

  /** Looks at the state (sent, moved); what was found is not watched any more. */
  private look(watched: Watched[], sent: number, length: number, index: number): void {
    for (let k = 0; k < watched.length; k++) {
      const { property, check } = watched[k]!;
      if (check(sent, this.moved) !== (property.kind === 'possibility')) continue;
      this.found({ property: property.name, length, state: index });
      watched.splice(k--, 1);
    }
  }

  private brokenSteps(index: number, a: number, row: number, inputs: number): void {
    const { space } = this;
    for (; inputs !== 0; inputs &= inputs - 1) {
      const input = lowestBit(inputs);
      for (const [k, invariant] of this.openSteps) {
        if (!((space.tables[a]!.breaks[row * space.inputs.actions.length + input]! >>> k) & 1)) continue;
        this.openSteps.delete(k);
        this.found({ property: invariant.name, length: this.length + 1, state: index, step: actionOf(space, a, input) });
      }
    }
  }

  private found(finding: Finding): void {
    this.findings.push(finding);
    if (this.goal.stopAt?.(finding.property)) this.stopped = true;
  }
}

/** Explores everything that can be reached from the packed state. */
export const search = (space: Space, goal: SearchGoal, sent: number, rows: Int32Array, limits: SearchLimits = {}): SearchResult =>
  new Search(space, goal, limits).run(sent, rows);
