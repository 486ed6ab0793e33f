/**
 * Seeded random runs, for bounds that no exhaustive search can finish: on the tables, with the checks of the search.
 * What is found is replayed in the model and shortened there (`walk.test.ts`). They prove nothing.
 */
import { CONSENSUS, PROPERTIES } from '../../model/invariants.js';
import type { Property, StepInvariant } from '../../model/property.js';
import type { Action, Synod } from '../../model/synod.js';
import { initialCluster } from '../../model/synod.js';
import type { Check } from './checks.js';
import { ALWAYS, checkOf } from './checks.js';
import type { Visitor } from './expand.js';
import { expand, leaderAction } from './expand.js';
import { lowestBit } from './inputs.js';
import { becauseOf } from './explore.js';
import { layoutOf, pack } from './layout.js';
import type { Run } from './run.js';
import { randomNumbers } from './random.js';
import { replay } from './run.js';
import type { ActionCounts, Limit } from './search.js';
import type { Space } from './space.js';
import { shortened } from './shorten.js';
import { actionOf, spaceOf } from './space.js';
import { StateTable } from './table.js';
import { tidy } from './tidy.js';

export interface WalkOptions {
  readonly runs: number;
  /** Actions in a run at most; only such as change the state are taken. */
  readonly depth: number;
  /** 0 to 2^32 - 1. Run k of a seed is always the same, however many runs are asked for. */
  readonly seed: number;
  /** What to look at besides Agreement and Validity. Default: everything. */
  readonly properties?: readonly Property[];
  /** Go on after Agreement or Validity is broken. Default: false. */
  readonly exhaust?: boolean;
  /** States that are counted exactly; default: two million. */
  readonly maxDistinct?: number;
  /** Asked now and then; says why to end, if so. */
  readonly interrupted?: () => Limit | null;
  /** Told now and then. */
  readonly progress?: (progress: { readonly walks: number; readonly steps: number; readonly distinct: number }) => void;
}

export interface WalkProperty {
  readonly name: string;
  readonly kind: Property['kind'];
  /** False: broken. True: a possibility that was seen. Null: neither, and nothing is known. */
  readonly holds: boolean | null;
  /** The run that breaks it, shortened: every action left is needed; a shortest run may still be shorter. */
  readonly run?: Run;
  readonly because?: string;
  /** The number of the random run in which this was seen, from 1. */
  readonly walk?: number;
  /** Actions of that run up to there, before it was shortened. */
  readonly foundLength?: number;
}

export interface WalkResult {
  /** `unsafe`, `deviates` (something else was broken) or `inconclusive`: random runs prove nothing. */
  readonly verdict: 'unsafe' | 'inconclusive';
  /** Runs made, the last one perhaps not to its end. */
  readonly walks: number;
  readonly steps: number;
  /** Actions in the longest run. */
  readonly longest: number;
  /** Different states seen; if not exact, at least so many. */
  readonly distinct: { readonly count: number; readonly exact: boolean };
  readonly actions: ActionCounts;
  /** How many different actions there are that can change a state, and those of them that no run took. */
  readonly kinds: number;
  readonly never: readonly Action[];
  readonly limit: Limit | null;
  readonly properties: readonly WalkProperty[];
}

/** Walks at random, each step equally likely among those that change the state. Throws LimitError if the bounds do not fit into the engine. */
export function walk(protocol: Synod, options: WalkOptions): WalkResult {
  const walker = new Walker(protocol, options);
  walker.walkAll();
  const actions: ActionCounts = { prepare: 0, promise: 0, accept: 0, vote: 0, crash: 0, act: 0 };
  for (const code of walker.possible) actions[walker.actionFor(code).kind] += walker.counts[code]!;
  const properties = walker.properties.map((property) => resultOf(walker, property));
  const broken = properties.filter(({ holds }) => holds === false);
  return {
    verdict: broken.some(({ name }) => isConsensus(name)) ? 'unsafe' : 'inconclusive',
    walks: walker.walks,
    steps: walker.steps,
    longest: walker.longest,
    distinct: { count: walker.seen.size, exact: walker.seen.size < walker.most },
    actions,
    kinds: walker.possible.length,
    never: walker.possible.filter((code) => walker.counts[code] === 0).map((code) => walker.actionFor(code)),
    limit: walker.limit,
    properties,
  };
}

const isConsensus = (name: string): boolean => (CONSENSUS as readonly string[]).includes(name);

/** Steps between two questions whether to go on. */
const PAUSE = 1024;
const MAX_TIDY = 500;
class Walker implements Visitor {
  walks = 0;
  steps = 0;
  longest = 0;
  readonly space: Space;
  readonly properties: readonly Property[];
  readonly found = new Map<Property, { readonly walk: number; readonly actions: readonly Action[] }>();
  /** The states seen in any run, up to a number. */
  readonly seen: StateTable;
  readonly most: number;
  private readonly layout: ReturnType<typeof layoutOf>;
  private readonly key: Uint32Array;
  private readonly fresh = new Int32Array(1);
  /** How often each action was taken, by its code: a bit of "what was sent", then acceptor by acceptor its inputs; and the codes of those that can change a state. */
  readonly counts: Float64Array;
  readonly possible: readonly number[];
  private open: { readonly property: Property; readonly check: Check }[];
  private openSteps: { readonly property: Property; readonly bit: number }[];
  private sent = 0;
  private readonly rows: Int32Array;
  private readonly path: number[] = [];
  /** The steps that change the current state. */
  private choices = 0;
  private readonly codes: Int32Array;
  private readonly rowsAfter: Int32Array;
  private readonly sentBits: number;
  private readonly width: number;
  private ended = false;
  limit: Limit | null = null;

  constructor(protocol: Synod, private readonly options: WalkOptions) {
    const wanted = options.properties ?? PROPERTIES;
    this.properties = PROPERTIES.filter((property) => isConsensus(property.name) || wanted.includes(property));
    const steps = this.properties.filter((property): property is StepInvariant => property.kind === 'step');
    this.space = spaceOf(protocol, 'none', steps);
    const { inputs, tables, start } = this.space;
    this.rows = start.rows.slice();
    this.sentBits = inputs.ballots + inputs.proposals.length;
    this.width = inputs.actions.length;
    const codes = this.sentBits + tables.length * this.width;
    [this.codes, this.rowsAfter, this.counts] = [new Int32Array(codes), new Int32Array(codes), new Float64Array(codes)];
    this.possible = Array.from({ length: codes }, (_, code) => code).filter((code) => this.canChange(code));
    this.layout = layoutOf(this.sentBits, tables.map(({ rows }) => rows.length));
    this.most = options.maxDistinct ?? 2_000_000;
    this.seen = new StateTable(this.layout.words, false);
    this.key = new Uint32Array(this.layout.words);
    this.open = this.properties.flatMap((property) => (property.kind === 'step' ? [] : [{ property, check: checkOf(this.space, property) }])).filter(({ check }) => check !== ALWAYS);
    this.openSteps = steps.map((property, k) => ({ property, bit: 1 << k }));
  }

  walkAll(): void {
    while (this.mayGoOn() && !this.ended && this.walks < this.options.runs) this.walkOnce(randomNumbers(this.options.seed, ++this.walks));
  }

  private walkOnce(random: () => number): void {
    this.sent = this.space.start.sent;
    this.rows.set(this.space.start.rows);
    this.path.length = 0;
    this.look();
    while (!this.ended && this.path.length < this.options.depth) {
      this.lookAtSteps();
      this.choices = 0;
      expand(this.space, this.sent, this.rows, this);
      if (this.choices === 0) return;
      this.step(Math.floor((random() / 2 ** 32) * this.choices));
      this.look();
      if (this.steps % PAUSE === 0 && !this.mayGoOn()) return;
    }
  }

  leader(bit: number): void {
    this.codes[this.choices++] = bit;
  }

  acceptor(acceptor: number, input: number, row: number): void {
    this.rowsAfter[this.choices] = row;
    this.codes[this.choices++] = this.sentBits + acceptor * this.width + input;
  }

  private step(choice: number): void {
    const code = this.codes[choice]!;
    if (code < this.sentBits) this.sent |= 1 << code;
    else this.rows[Math.floor((code - this.sentBits) / this.width)] = this.rowsAfter[choice]!;
    this.counts[code]!++;
    this.path.push(code);
    this.steps++;
    this.longest = Math.max(this.longest, this.path.length);
  }

  /** Looks at the state, unless it was seen before: what it breaks is known then. */
  private look(): void {
    pack(this.layout, this.sent, this.rows, this.key);
    if (this.seen.size >= this.most ? this.seen.tagOf(this.key) !== 0 : this.seen.addAll(this.key, 1, 1, this.fresh) === 0) return;
    for (const { property, check } of this.open) if (check(this.sent, this.rows) === (property.kind === 'possibility')) this.note(property, this.path);
    this.open = this.open.filter(({ property }) => !this.found.has(property));
  }

  /** Looks at all steps that could be taken next, those that change nothing included. */
  private lookAtSteps(): void {
    if (this.openSteps.length === 0) return;
    const { tables, inputs: { spontaneous } } = this.space;
    for (let a = 0; a < tables.length; a++) {
      for (let inputs = tables[a]!.broken[this.rows[a]!]! & (this.sent | spontaneous); inputs !== 0; inputs &= inputs - 1) {
        const input = lowestBit(inputs);
        const breaks = tables[a]!.breaks[this.rows[a]! * this.width + input]!;
        for (const { property, bit } of this.openSteps) if ((breaks & bit) !== 0) this.note(property, [...this.path, this.sentBits + a * this.width + input]);
        this.openSteps = this.openSteps.filter(({ property }) => !this.found.has(property));
      }
    }
  }

  private note(property: Property, path: readonly number[]): void {
    this.found.set(property, { walk: this.walks, actions: path.map((code) => this.actionFor(code)) });
    if (isConsensus(property.name) && this.options.exhaust !== true) this.ended = true;
  }

  private mayGoOn(): boolean {
    this.limit ??= this.options.interrupted?.() ?? null;
    this.options.progress?.({ walks: this.walks, steps: this.steps, distinct: this.seen.size });
    return this.limit === null;
  }

  actionFor(code: number): Action {
    const local = code - this.sentBits;
    return local < 0 ? leaderAction(this.space, code) : actionOf(this.space, Math.floor(local / this.width), local % this.width);
  }

  private canChange(code: number): boolean {
    const local = code - this.sentBits;
    return local < 0 || this.space.tables[Math.floor(local / this.width)]!.changes.some((mask) => ((mask >>> (local % this.width)) & 1) === 1);
  }
}

function resultOf({ space: { protocol }, found }: Walker, property: Property): WalkProperty {
  const { name, kind } = property;
  const finding = found.get(property);
  if (finding === undefined) return { name, kind, holds: null };
  const where = { walk: finding.walk, foundLength: finding.actions.length };
  if (property.kind === 'possibility') return { name, kind, holds: true, ...where };
  const start = initialCluster(protocol);
  const short = replay({ protocol }, start, shortened(protocol, start, finding.actions, property));
  // Putting thousands of actions in order would take longer than finding them, and nobody reads them.
  const run = short.transitions.length <= MAX_TIDY ? tidy(protocol, short) : short;
  return { name, kind, holds: false, run, because: becauseOf(protocol, property, run), ...where };
}
