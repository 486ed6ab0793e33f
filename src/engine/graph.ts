/** The state graph of a protocol within small bounds: every state once, every step that changes one. For pictures and for other programs. */
import { PROPERTIES } from '../../model/invariants.js';
import type { Action, Cluster, Synod } from '../../model/synod.js';
import { checkOf } from './checks.js';
import { successorsOf } from './expand.js';
import { LimitError } from './limit-error.js';
import type { Place, Space } from './space.js';
import { decode, keyOf, placeAt } from './space.js';

export interface GraphState {
  /** States are numbered from 0 in the order in which they were found. */
  readonly id: number;
  /** The length of a shortest run that leads here. */
  readonly level: number;
  readonly cluster: Cluster;
  /** The names of the state invariants that do not hold here. */
  readonly broken: readonly string[];
}

/** A step from one state to another. Where states were merged, the action bears the names of the state it starts from. */
export interface GraphEdge {
  readonly from: number;
  readonly to: number;
  readonly action: Action;
}

export interface Graph {
  readonly protocol: Synod;
  /** Renamings under which states were merged. */
  readonly merged: { readonly acceptors: boolean; readonly values: boolean };
  readonly states: readonly GraphState[];
  readonly edges: readonly GraphEdge[];
}

export interface GraphLimits {
  readonly maxStates?: number;
}

/** Enough for three acceptors, three ballots and two values one by one; nobody draws more, and a file is hundreds of megabytes. */
export const MAX_GRAPH_STATES = 200_000;

/**
 * The graph, breadth first from the space's start. It has as many states and edges as `explore` has distinct states and
 * transitions (`graph.test.ts`). Throws LimitError if there are more than `maxStates` states.
 */
export function graphOf(space: Space, { maxStates = MAX_GRAPH_STATES }: GraphLimits = {}): Graph {
  const found = new FoundStates(space, maxStates);
  const edges: GraphEdge[] = [];
  found.idOf(space.start, 0);
  for (let from = 0; from < found.states.length; from++) {
    const { sent, rows } = found.places[from]!;
    const level = found.states[from]!.level + 1;
    for (const next of successorsOf(space, sent, rows)) edges.push({ from, to: found.idOf(next, level), action: next.action });
  }
  return { protocol: space.protocol, merged: space.canonical.applied, states: found.states, edges };
}

class FoundStates {
  readonly states: GraphState[] = [];
  readonly places: Place[] = [];
  private readonly ids = new Map<string, number>();
  private readonly checks: readonly { readonly name: string; readonly holds: ReturnType<typeof checkOf> }[];

  constructor(private readonly space: Space, private readonly maxStates: number) {
    this.checks = PROPERTIES.flatMap((property) => (property.kind === 'state' ? [{ name: property.name, holds: checkOf(space, property) }] : []));
  }

  /** The number of the state that this place is, up to renaming; a new one if it was not met before. */
  idOf(place: Place, level: number): number {
    const key = keyOf(this.space, place);
    if (key === null) throw new Error('a successor is not among the reachable states');
    const text = key.join();
    const known = this.ids.get(text);
    if (known !== undefined) return known;
    const id = this.states.length;
    if (id >= this.maxStates) throw new LimitError('GRAPH_TOO_LARGE', `the graph has more than ${this.maxStates} states`, 'use fewer acceptors, ballots or values, or merge states up to renaming (full symmetry)');
    this.ids.set(text, id);
    this.add(id, level, placeAt(this.space, key));
    return id;
  }

  private add(id: number, level: number, place: Place): void {
    const { sent, rows } = place;
    const broken = this.checks.flatMap(({ name, holds }) => (holds(sent, rows) ? [] : [name]));
    this.places.push(place);
    this.states.push({ id, level, cluster: decode(this.space, sent, rows), broken });
  }
}
