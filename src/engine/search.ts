/**
 * Breadth-first search over packed states. States are numbered in the order of their discovery, levels are ranges of
 * numbers; no parents are kept, a shortest run is found again from the levels (see run.ts). `search.test.ts` holds
 * counts, depth and the length of every violation against the toy.
 */
import type { Property, StepInvariant } from '../../model/property.js';
import type { Action } from '../../model/synod.js';
import type { Check } from './checks.js';
import { checkOf } from './checks.js';
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

class Search implements Visitor {
  readonly store: StateStore;
  readonly levels = [0];
  readonly findings: Finding[] = [];
  transitions = 0;
  readonly actions: ActionCounts = { prepare: 0, promise: 0, accept: 0, vote: 0, crash: 0, act: 0 };
  private readonly rows: Int32Array;
  private readonly moved: Int32Array;
  private readonly key: Uint32Array;
  private readonly open: { property: Property; check: Check }[];
  private readonly openSteps: Map<number, StepInvariant>;
  private length = 0;
  private stopped = false;

  constructor(private readonly space: Space, private readonly goal: SearchGoal, private readonly limits: SearchLimits) {
    this.store = new StateStore(space.layout.words);
    this.rows = new Int32Array(space.tables.length);
    this.moved = new Int32Array(space.tables.length);
    this.key = new Uint32Array(space.layout.words);
    this.open = goal.properties.filter((property) => property.kind !== 'step').map((property) => ({ property, check: checkOf(space, property) }));
    const wanted = new Set(goal.properties.map((property) => property.name));
    this.openSteps = new Map(space.steps.flatMap((step, k) => (wanted.has(step.name) ? [[k, step]] : [])));
  }

  run(sent: number, rows: Int32Array): SearchResult {
    this.rows.set(rows);
    this.insert(sent, this.rows);
    let levelsDone = 0;
    for (let first = 0; first < this.store.size && !this.stopped; levelsDone++) {
      const end = this.store.size;
      this.levels.push(end);
      if (!this.level(first, end)) break;
      first = end;
      this.length++;
    }
    const { store, levels, transitions, actions, findings, stopped } = this;
    if (levels.at(-1) !== store.size) levels.push(store.size);
    return { store, levels, transitions, actions, findings, complete: !stopped, exploredLength: stopped ? levelsDone : levelsDone - 1 };
  }

  /** Expands the states of one level; false if a limit or the goal ended it. */
  private level(first: number, end: number): boolean {
    for (let index = first; index < end; index++) {
      if (index % POLL === 0 && this.mustEnd(end)) this.stopped = true;
      if (this.stopped) return false;
      this.expand(index);
    }
    return !this.stopped;
  }

  private mustEnd(levelEnd: number): boolean {
    this.limits.progress?.(this.store.size, this.length, this.store.size - levelEnd);
    return this.store.size > (this.limits.maxStates ?? Infinity) || this.limits.interrupted?.() === true;
  }

  private expand(index: number): void {
    const { space, rows } = this;
    const sent = unpack(space.layout, this.store.chunkOf(index), this.store.offsetOf(index), rows);
    const available = sent | space.inputs.spontaneous;
    for (let a = 0; a < rows.length; a++) {
      const wrong = space.tables[a]!.broken[rows[a]!]! & available;
      if (wrong !== 0) this.brokenSteps(index, a, rows[a]!, wrong);
    }
    expand(space, sent, rows, this);
  }

  leader(bit: number, sent: number, rows: Int32Array): void {
    this.step(sent, rows, bit < this.space.inputs.ballots ? 'prepare' : 'accept');
  }

  acceptor(_acceptor: number, input: number, sent: number, rows: Int32Array): void {
    this.step(sent, rows, this.space.inputs.actions[input]!.kind);
  }

  private step(sent: number, rows: Int32Array, kind: Action['kind']): void {
    this.transitions++;
    this.actions[kind]++;
    this.moved.set(rows);
    this.insert(sent, this.moved);
  }

  /** Adds the state, in canonical form, and looks at it if it is new. `rows` is overwritten. */
  private insert(sent: number, rows: Int32Array): void {
    const canonical = this.space.canonical.apply(sent, rows);
    pack(this.space.layout, canonical, rows, this.key);
    if (!this.store.add(this.key)) return;
    for (let k = 0; k < this.open.length; k++) {
      const { property, check } = this.open[k]!;
      if (check(canonical, rows) === (property.kind === 'possibility')) {
        this.found({ property: property.name, length: this.length + (this.store.size === 1 ? 0 : 1), state: this.store.size - 1 });
        this.open.splice(k--, 1);
      }
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
