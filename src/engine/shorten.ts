/** Makes a run that breaks a property shorter: leaves out what it does not need. */
import type { StateInvariant, StepInvariant } from '../../model/property.js';
import type { Action, Cluster, Synod } from '../../model/synod.js';
import { blockers, take } from '../../model/synod.js';
import { minimal } from '../minimal.js';

type Invariant = StateInvariant | StepInvariant;

/** Actions replayed to shorten one run: a second or two. */
const SHORTENING = 200_000;

/** Those of these actions that are needed for the last one to break the property; of a very long run perhaps some more. */
export function shortened(protocol: Synod, start: Cluster, actions: readonly Action[], property: Invariant): readonly Action[] {
  const found = breaksAfter(protocol, start, actions, property);
  if (found === null) throw new Error(`the tables say that ${property.name} is broken, and the model does not`);
  const enough = (rest: readonly Action[]): readonly Action[] | null => {
    const length = breaksAfter(protocol, start, rest, property);
    return length === null ? null : rest.slice(0, length);
  };
  return minimal(actions.slice(0, found), enough, SHORTENING);
}

/** After how many of these actions the property is first broken; null if it never is, or if one before is not possible. */
function breaksAfter(protocol: Synod, start: Cluster, actions: readonly Action[], property: Invariant): number | null {
  let cluster = start;
  if (property.kind === 'state' && !property.holds(protocol, cluster)) return 0;
  for (const [index, action] of actions.entries()) {
    if (blockers(protocol, cluster, action).length > 0) return null;
    const transition = take(protocol, cluster, action);
    if (!(property.kind === 'state' ? property.holds(protocol, transition.next) : property.holds(cluster, transition))) return index + 1;
    cluster = transition.next;
  }
  return null;
}
