/**
 * The toy explorer: breadth first, plain objects, one screen. It calls the model for everything and optimises nothing;
 * it is the oracle that the packed engine is tested against, and the place to start reading.
 */
import type { Property } from '../../model/property.js';
import { PROPERTIES } from '../../model/invariants.js';
import type { Cluster, Synod } from '../../model/synod.js';
import { initialCluster, successors } from '../../model/synod.js';

export interface ToyResult {
  readonly distinct: number;
  /** As TLC counts it: the states on the longest shortest path. */
  readonly depth: number;
  /** Steps that change the state. */
  readonly transitions: number;
  /** Actions in the shortest run that breaks the property; for a possibility, in the shortest run that shows it. */
  readonly shortest: ReadonlyMap<string, number>;
}

/** Explores everything. `canonical` names the class of a state; by default each state is its own. */
export function explore(protocol: Synod, properties: readonly Property[] = PROPERTIES, canonical: (cluster: Cluster) => string = JSON.stringify): ToyResult {
  const shortest = new Map<string, number>();
  const note = (property: Property, length: number, worthNoting: boolean): void => {
    if (worthNoting && !shortest.has(property.name)) shortest.set(property.name, length);
  };
  const visit = (cluster: Cluster, length: number): void => {
    for (const property of properties) {
      if (property.kind === 'state') note(property, length, !property.holds(protocol, cluster));
      if (property.kind === 'possibility') note(property, length, property.holds(protocol, cluster));
    }
  };
  let frontier = [initialCluster(protocol)];
  const seen = new Set(frontier.map(canonical));
  let [depth, transitions] = [0, 0];
  visit(frontier[0]!, 0);
  for (; frontier.length > 0; depth++) {
    const next: Cluster[] = [];
    for (const cluster of frontier) {
      for (const transition of successors(protocol, cluster)) {
        for (const property of properties) if (property.kind === 'step') note(property, depth + 1, !property.holds(cluster, transition));
        if (JSON.stringify(transition.next) !== JSON.stringify(cluster)) transitions++;
        const key = canonical(transition.next);
        if (seen.has(key)) continue;
        seen.add(key);
        visit(transition.next, depth + 1);
        next.push(transition.next);
      }
    }
    frontier = next;
  }
  return { distinct: seen.size, depth, transitions, shortest };
}
