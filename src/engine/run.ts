/**
 * A shortest run to a state, found again from the levels of the search: no parents are stored. Backwards, level by
 * level, for a state with the wanted successor; then forwards with real names, since merged states have lost theirs.
 */
import type { Action, Cluster, Transition } from '../../model/synod.js';
import { take } from '../../model/synod.js';
import { successorsOf } from './expand.js';
import { pack, unpack } from './layout.js';
import type { Space } from './space.js';
import { actionOf, decode } from './space.js';
import type { Finding, SearchResult } from './search.js';

/** Actions of the model with what came of each, from a given state on. */
export interface Run {
  readonly start: Cluster;
  readonly transitions: readonly Transition[];
}

interface Packed {
  readonly sent: number;
  readonly rows: Int32Array;
}

const keyOf = (space: Space, { sent, rows }: Packed): string => {
  const key = new Uint32Array(space.layout.words);
  const canonical = rows.slice();
  pack(space.layout, space.canonical.apply(sent, canonical), canonical, key);
  return key.join();
};

function stateAt(space: Space, { store }: SearchResult, index: number): Packed {
  const rows = new Int32Array(space.tables.length);
  return { sent: unpack(space.layout, store.chunkOf(index), store.offsetOf(index), rows), rows };
}

/** The keys of the states on a shortest way to state `index`, the first state excluded. */
function wayTo(space: Space, result: SearchResult, index: number): string[] {
  const keys: string[] = [];
  let level = result.levels.findIndex((start, at) => index >= start && index < (result.levels[at + 1] ?? Infinity));
  let target = index;
  for (; level > 0; level--) {
    const wanted = keyOf(space, stateAt(space, result, target));
    keys.unshift(wanted);
    target = predecessor(space, result, level, wanted);
  }
  return keys;
}

function predecessor(space: Space, result: SearchResult, level: number, wanted: string): number {
  for (let index = result.levels[level - 1]!; index < result.levels[level]!; index++) {
    const { sent, rows } = stateAt(space, result, index);
    if (successorsOf(space, sent, rows).some((next) => keyOf(space, next) === wanted)) return index;
  }
  throw new Error(`no state of level ${level - 1} leads to ${wanted}`);
}

/** The shortest run from (sent, rows) to the finding, its last step included. */
export function runTo(space: Space, result: SearchResult, finding: Finding, start: Packed): Run {
  const actions: Action[] = [];
  let state: Packed = start;
  for (const wanted of wayTo(space, result, finding.state)) {
    const next = successorsOf(space, state.sent, state.rows).find((candidate) => keyOf(space, candidate) === wanted);
    if (next === undefined) throw new Error(`the way to ${wanted} is lost`);
    actions.push(next.action);
    state = next;
  }
  if (finding.step !== undefined) actions.push(renamedStep(space, finding, state));
  return replay(space, decode(space, start.sent, start.rows), actions);
}

/** The step that breaks a step invariant, for the acceptor and values that bear these names in the run. */
function renamedStep(space: Space, { property }: Finding, { sent, rows }: Packed): Action {
  const { actions, spontaneous } = space.inputs;
  const k = space.steps.findIndex(({ name }) => name === property);
  for (const [acceptor, table] of space.tables.entries()) {
    const input = actions.findIndex((_, at) => (((sent | spontaneous) >>> at) & 1) === 1 && ((table.breaks[rows[acceptor]! * actions.length + at]! >>> k) & 1) === 1);
    if (input >= 0) return actionOf(space, acceptor, input);
  }
  throw new Error(`the step that breaks ${property} is lost`);
}

/** Takes the actions one after the other in the model. */
export function replay(space: Pick<Space, 'protocol'>, start: Cluster, actions: readonly Action[]): Run {
  const transitions: Transition[] = [];
  let cluster = start;
  for (const action of actions) {
    const transition = take(space.protocol, cluster, action);
    transitions.push(transition);
    cluster = transition.next;
  }
  return { start, transitions };
}
