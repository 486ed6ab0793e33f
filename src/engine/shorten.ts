/** Makes a run that breaks a property shorter: leaves out what it does not need. */
import type { StateInvariant, StepInvariant } from '../../model/property.js';
import type { Action, Cluster, Synod } from '../../model/synod.js';
import { blockers, take } from '../../model/synod.js';

type Invariant = StateInvariant | StepInvariant;

/** Actions replayed to shorten one run: a second or two. */
const SHORTENING = 200_000;

/** Those of these actions that are needed for the last one to break the property; of a very long run perhaps some more. */
export function shortened(protocol: Synod, start: Cluster, actions: readonly Action[], property: Invariant): readonly Action[] {
  const found = breaksAfter(protocol, start, actions, property);
  if (found === null) throw new Error(`the tables say that ${property.name} is broken, and the model does not`);
  let left = actions.slice(0, found);
  let budget = SHORTENING;
  for (let size = Math.max(1, left.length >> 1); ; size = Math.max(1, size >> 1)) {
    let dropped = false;
    for (let at = left.length - size; at > -size && budget > 0; at = Math.min(at, left.length) - size) {
      const without = [...left.slice(0, Math.max(0, at)), ...left.slice(at + size)];
      budget -= without.length;
      const length = breaksAfter(protocol, start, without, property);
      if (length === null) continue;
      left = without.slice(0, length);
      dropped = true;
    }
    if (budget <= 0 || (size === 1 && !dropped)) return left;
  }
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
