/** Exhaustive exploration of a protocol within its bounds: what holds, what breaks and by which shortest run. */
import type { Property, StateInvariant, StepInvariant } from '../../model/property.js';
import { CONSENSUS, PROPERTIES } from '../../model/invariants.js';
import type { Cluster, Synod } from '../../model/synod.js';
import type { Verdict } from '../../model/verdict.js';
import type { ActionCounts, Explored, Limit, Progress, SearchGoal, SearchLimits, SearchResult } from './search.js';
import { Search, added, isOutOfMemory, toItsEnd } from './search.js';
import { sheetsOf } from './sheets.js';
import type { Sheets } from './sheets.js';
import { Sweep } from './sweep.js';
import type { Run } from './run.js';
import { replay, runTo } from './run.js';
import type { Reduced } from './reduce.js';
import { NOT_REDUCIBLE } from './reduce.js';
import { spaceOf } from './space.js';
import type { Space } from './space.js';
import type { Symmetry } from './symmetry.js';
import { tidy } from './tidy.js';
import { shortened } from './shorten.js';
import type { Among } from './among.js';

export interface ExploreOptions extends SearchLimits {
  /** What to look at besides Agreement and Validity, which are always looked at: the verdict needs them. Default: everything. */
  readonly properties?: readonly Property[];
  /** Default: full. */
  readonly symmetry?: Symmetry;
  /** Go on after Agreement or Validity is broken, to the end of the space. Default: false. */
  readonly exhaust?: boolean;
  /**
   * Leaves out what no violation needs (see reduce.ts). The answers are the same, except that FreshBallotDecides is not
   * looked at. Counts are those of what is left; a run has no action that it could do without, and may yet be longer than
   * the shortest, by prepares. Default: false.
   */
  readonly reduce?: boolean;
  /** Where to start. Default: the initial state. */
  readonly start?: Cluster;
  /** False: only search. Default: true. The results are the same; a search that is ended early has covered all short runs. */
  readonly sweep?: boolean;
}

export interface PropertyResult {
  readonly name: string;
  readonly kind: Property['kind'];
  /** Null: not known, for the search ended before it had seen everything, or leaves out what the property asks for. */
  readonly holds: boolean | null;
  /** The shortest run that breaks it; for a possibility, that shows it. */
  readonly run?: Run;
  readonly because?: string;
}

export interface Exploration {
  readonly verdict: Verdict;
  readonly distinct: number;
  /** As TLC counts it: the number of states on the longest shortest path. */
  readonly depth: number;
  readonly transitions: number;
  readonly actions: ActionCounts;
  /** How many states have so many steps out; the last number counts those with more. */
  readonly degrees: Float64Array;
  /** True if every state within the bounds was seen. */
  readonly complete: boolean;
  /** What ended the search before that, if it was not a finding. */
  readonly limit: Limit | null;
  /** States that were found but not expanded. */
  readonly frontier: number;
  /** Every run of at most this many actions was explored. */
  readonly exploredLength: number;
  /** Renamings under which states were merged. */
  readonly merged: { readonly acceptors: boolean; readonly values: boolean };
  /** What was left out, as far as it could be proved; null if nothing was to be. */
  readonly reduced: Reduced | null;
  readonly properties: readonly PropertyResult[];
  /** Memory held for states, in bytes. */
  readonly bytes: number;
}

const isReduced = ({ reduced }: Space): boolean => reduced !== null && (reduced.prepares || reduced.steps);
const isConsensus = (name: string): boolean => (CONSENSUS as readonly string[]).includes(name);
const isStep = (property: Property): property is StepInvariant => property.kind === 'step';

/** Explores exhaustively. Throws LimitError if the bounds do not fit into the engine. */
export function explore(protocol: Synod, options: ExploreOptions = {}): Exploration {
  const plan = planOf(protocol, options);
  return explorationOf(plan, toItsEnd(exploring(plan, options)));
}

/** States that are searched before a sweep begins: where consensus breaks early, it breaks among them. */
const PROBED = 1 << 16;
/** For the states of a sweep, in bytes, if nothing else is said. */
const SWEPT_BYTES = 2 ** 31;

/** Sweeps the space; null if it cannot, or was interrupted. Yields now and then. */
export type Sweeping = () => Generator<undefined, Explored | null>;

/** Searches a little; if that is not the end, sweeps the whole space, and if that is not possible goes on searching. Yields now and then. */
export function* exploring(plan: Plan, limits: Limits, sweeping: Sweeping = () => sweepingAlone(plan, limits)): Generator<undefined, Explored> {
  const search = new Search({ space: plan.space, goal: plan.goal, limits });
  const rounds = search.run();
  for (let probing = maySweep(limits); ; ) {
    const { done, value } = rounds.next();
    if (done) return { result: value, tallies: [search.part], among: (keys, level) => search.part.among(keys, level) };
    yield;
    if (!probing || search.part.stored < PROBED) continue;
    probing = false;
    const swept = yield* sweeping();
    if (swept !== null) return swept;
  }
}

type Limits = SearchLimits & Pick<ExploreOptions, 'sweep'>;

/** A limit on states is one of a search: it is told how far it came. */
export const maySweep = ({ sweep, maxStates }: Limits): boolean => sweep !== false && maxStates === undefined;

export const sheetsFor = ({ space }: Plan, { maxBytes = SWEPT_BYTES }: SearchLimits): Sheets | null => sheetsOf(space, maxBytes);

function* sweepingAlone(plan: Plan, limits: SearchLimits): Generator<undefined, Explored | null> {
  const sheets = sheetsFor(plan, limits);
  if (sheets === null) return null;
  const sweep = new Sweep(plan.space, plan.goal, sheets);
  const part = yield* untilInterrupted(sweep.run(), limits);
  return part === null ? null : sweep.sum([part]);
}

/** Goes on to the end; null if it was interrupted, or there was no memory left. */
export function* untilInterrupted<T>(passes: Generator<Progress, T>, { interrupted, progress }: SearchLimits): Generator<undefined, T | null> {
  for (;;) {
    const next = orOutOfMemory(() => passes.next());
    if (next === null) return null;
    const { done, value } = next;
    if (done) return value;
    if ((interrupted?.() ?? null) !== null) return null;
    progress?.(value);
    yield;
  }
}

/** Null if there was no memory left. */
export function orOutOfMemory<T>(act: () => T): T | null {
  try {
    return act();
  } catch (error) {
    if (isOutOfMemory(error)) return null;
    throw error;
  }
}

/** What is to be searched, and for what. */
export interface Plan {
  readonly space: Space;
  readonly goal: SearchGoal;
  /** What was asked for; Agreement and Validity are watched besides. */
  readonly wanted: readonly Property[];
}

export function planOf(protocol: Synod, options: ExploreOptions): Plan {
  const wanted = options.properties ?? PROPERTIES;
  const space = spaceOf(protocol, options.symmetry ?? 'full', PROPERTIES.filter(isStep), options.start, options.reduce);
  const isLeftOut = (name: string): boolean => isReduced(space) && NOT_REDUCIBLE.has(name);
  const properties = PROPERTIES.filter((property) => isConsensus(property.name) || (wanted.includes(property) && !isLeftOut(property.name)));
  const stopAt = (name: string): boolean => options.exhaust !== true && isConsensus(name);
  return { space, goal: { properties, stopAt }, wanted };
}

/** What is to be said about it. */
export function explorationOf({ space, goal, wanted }: Plan, { result, tallies, among }: Explored): Exploration {
  const properties = PROPERTIES
    .filter((property) => wanted.includes(property) || result.findings.some((finding) => finding.property === property.name))
    .map((property) => (goal.properties.includes(property) ? resultOf(space, result, property, among) : { name: property.name, kind: property.kind, holds: null }));
  const counts = added(tallies.map(({ counts: part }) => part));
  const actions = actionCounts(space, counts);
  return {
    verdict: verdictOf(result, properties),
    distinct: result.distinct,
    depth: result.levels.length,
    transitions: counts.reduce((sum, steps) => sum + steps, 0),
    actions,
    degrees: added(tallies.map(({ degrees }) => degrees)),
    complete: result.complete,
    limit: result.limit,
    exploredLength: result.exploredLength,
    frontier: result.frontier,
    merged: space.canonical.applied,
    reduced: space.reduced,
    properties,
    bytes: result.bytes,
  };
}

function actionCounts({ inputs }: Space, counts: Float64Array): ActionCounts {
  const actions: ActionCounts = { prepare: counts.at(-2)!, promise: 0, accept: counts.at(-1)!, vote: 0, crash: 0, act: 0 };
  inputs.actions.forEach(({ kind }, input) => (actions[kind] += counts[input]!));
  return actions;
}

function resultOf(space: Space, result: SearchResult, property: Property, among: Among): PropertyResult {
  const { name, kind } = property;
  const finding = result.findings.find((candidate) => candidate.property === name);
  if (kind === 'possibility') return { name, kind, holds: finding !== undefined ? true : result.complete ? false : null };
  if (finding === undefined) return { name, kind, holds: result.complete ? true : null };
  const found = runTo(space, among, finding);
  const run = tidy(space.protocol, isReduced(space) ? needed(space, found, property) : found);
  return { name, kind, holds: false, run, because: becauseOf(space.protocol, property, run) };
}

/** Without the prepares that it does not need, and whatever only they made useful. */
function needed(space: Space, { start, transitions }: Run, property: StateInvariant | StepInvariant): Run {
  const actions = transitions.map(({ action }) => action);
  return replay(space, start, shortened(space.protocol, start, actions, property));
}

/** What is wrong at the end of a run that breaks the property. */
export function becauseOf(protocol: Synod, property: Property, run: Run): string {
  const last = run.transitions.at(-1);
  if (property.kind === 'state') return property.because(protocol, last?.next ?? run.start);
  if (property.kind === 'step' && last !== undefined) return property.because(run.transitions.at(-2)?.next ?? run.start, last);
  return '';
}

function verdictOf(result: SearchResult, properties: readonly PropertyResult[]): Verdict {
  if (properties.some(({ name, holds }) => holds === false && isConsensus(name))) return 'unsafe';
  if (!result.complete) return 'inconclusive';
  return properties.some(({ holds }) => holds === false) ? 'deviates' : 'conforms';
}
