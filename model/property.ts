/** What a property of the protocol is: of states, of steps, or a possibility. */
import type { Cluster, Synod, Transition } from './synod.js';

export interface Described {
  readonly name: string;
  readonly formula: string;
  readonly sentence: string;
  /** Where it comes from: TLA+ modules are those of Lamport; "PMS" is "Paxos Made Simple". */
  readonly source: string;
}

/** Must hold in every reachable state. */
export interface StateInvariant extends Described {
  readonly kind: 'state';
  readonly holds: (protocol: Synod, cluster: Cluster) => boolean;
  /** What is wrong, in this state's words; only called where it does not hold. */
  readonly because: (protocol: Synod, cluster: Cluster) => string;
}

/** Must hold of every step: the state before it, and the transition. */
export interface StepInvariant extends Described {
  readonly kind: 'step';
  readonly holds: (before: Cluster, transition: Transition) => boolean;
  readonly because: (before: Cluster, transition: Transition) => string;
}

/** Must hold in at least one reachable state: a protocol that does nothing is safe, and fails here. */
export interface Possibility extends Described {
  readonly kind: 'possibility';
  readonly holds: (protocol: Synod, cluster: Cluster) => boolean;
}

export type Property = StateInvariant | StepInvariant | Possibility;
