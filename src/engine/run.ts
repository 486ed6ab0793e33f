/** A run of the model: a shortest one to a finding, with real names, and what comes of a list of actions. */
import type { Action, Cluster, Transition } from '../../model/synod.js';
import { take } from '../../model/synod.js';
import { successorsOf } from './expand.js';
import type { Finding } from './search.js';
import type { Place, Space } from './space.js';
import { actionOf, decode, keyOf } from './space.js';
import type { Among } from './among.js';
import { wayTo } from './way.js';

/** Actions of the model with what came of each, from a given state on. */
export interface Run {
  readonly start: Cluster;
  readonly transitions: readonly Transition[];
}

/** The shortest run from the first state to the finding, its last step included; after all prepares, if the exploration starts after them. */
export function runTo(space: Space, among: Among, finding: Finding): Run {
  const { start, searchStart } = space;
  const actions: Action[] = decode(space, searchStart.sent & ~start.sent, searchStart.rows).prepares.map((ballot) => ({ kind: 'prepare', ballot }));
  let state: Place = searchStart;
  const isStep = space.steps.some(({ name }) => name === finding.property);
  for (const wanted of wayTo(space, among, finding.key, isStep ? finding.length - 1 : finding.length)) {
    const next = successorsOf(space, state.sent, state.rows).find((candidate) => keyOf(space, candidate)?.join() === wanted.join());
    if (next === undefined) throw new Error(`the way to ${wanted.join()} is lost`);
    actions.push(next.action);
    state = next;
  }
  if (isStep) actions.push(brokenStep(space, finding, state));
  return replay(space, decode(space, start.sent, start.rows), actions);
}

/** The step that breaks a step invariant, for the acceptor and values that bear these names in the run. */
function brokenStep(space: Space, { property }: Finding, { sent, rows }: Place): Action {
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
