/** Exhaustive exploration of a protocol within its bounds: what holds, what breaks and by which shortest run. */
import type { Property, StepInvariant } from '../../model/property.js';
import { CONSENSUS, PROPERTIES } from '../../model/invariants.js';
import type { Cluster, Synod } from '../../model/synod.js';
import { initialCluster } from '../../model/synod.js';
import type { Verdict } from '../../model/verdict.js';
import type { ActionCounts, SearchLimits, SearchResult } from './search.js';
import { search } from './search.js';
import type { Run } from './run.js';
import { runTo } from './run.js';
import { encode, spaceOf } from './space.js';
import type { Space } from './space.js';
import type { Symmetry } from './symmetry.js';
import { tidy } from './tidy.js';
import { LimitError } from './limit-error.js';

export interface ExploreOptions extends SearchLimits {
  /** What to look at besides Agreement and Validity, which are always looked at: the verdict needs them. Default: everything. */
  readonly properties?: readonly Property[];
  /** Default: full. */
  readonly symmetry?: Symmetry;
  /** Go on after Agreement or Validity is broken, to the end of the space. Default: false. */
  readonly exhaust?: boolean;
  /** Where to start. Default: the initial state. */
  readonly start?: Cluster;
}

export interface PropertyResult {
  readonly name: string;
  readonly kind: Property['kind'];
  /** Null: not known, for the search ended before it had seen everything. */
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
  /** True if every state within the bounds was seen. */
  readonly complete: boolean;
  /** Every run of at most this many actions was explored. */
  readonly exploredLength: number;
  /** Renamings under which states were merged. */
  readonly merged: { readonly acceptors: boolean; readonly values: boolean };
  readonly properties: readonly PropertyResult[];
  /** Memory held for states, in bytes. */
  readonly bytes: number;
}

const isConsensus = (name: string): boolean => (CONSENSUS as readonly string[]).includes(name);
const isStep = (property: Property): property is StepInvariant => property.kind === 'step';

/** Explores breadth first. Throws LimitError if the bounds do not fit into the engine. */
export function explore(protocol: Synod, options: ExploreOptions = {}): Exploration {
  const wanted = options.properties ?? PROPERTIES;
  const properties = PROPERTIES.filter((property) => isConsensus(property.name) || wanted.includes(property));
  const from = options.start ?? initialCluster(protocol);
  const space = spaceOf(protocol, options.symmetry ?? 'full', PROPERTIES.filter(isStep), from);
  const start = encode(space, from);
  if (start === null) throw new LimitError('START_NOT_REACHABLE', 'the state to start from cannot be reached by these acceptors within these bounds', 'raise the number of ballots or values');
  const stopAt = (name: string): boolean => options.exhaust !== true && isConsensus(name);
  const result = search(space, { properties, stopAt }, start.sent, start.rows, options);
  const results = properties.filter((property) => wanted.includes(property) || result.findings.some((finding) => finding.property === property.name)).map((property) => resultOf(space, result, property, start));
  return {
    verdict: verdictOf(result, results),
    distinct: result.store.size,
    depth: result.levels.length - 1,
    transitions: result.transitions,
    actions: result.actions,
    complete: result.complete,
    exploredLength: result.exploredLength,
    merged: space.canonical.applied,
    properties: results,
    bytes: result.store.bytes,
  };
}

function resultOf(space: Space, result: SearchResult, property: Property, start: { sent: number; rows: Int32Array }): PropertyResult {
  const { name, kind } = property;
  const finding = result.findings.find((candidate) => candidate.property === name);
  if (kind === 'possibility') return { name, kind, holds: finding !== undefined ? true : result.complete ? false : null };
  if (finding === undefined) return { name, kind, holds: result.complete ? true : null };
  const run = tidy(space.protocol, runTo(space, result, finding, start));
  return { name, kind, holds: false, run, because: becauseOf(space.protocol, property, run) };
}

function becauseOf(protocol: Synod, property: Property, run: Run): string {
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
