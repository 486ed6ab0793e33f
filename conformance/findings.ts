/** What the acceptor suite gathers before it judges as a whole. */
import type { Case } from './case.js';
import type { ClusterResult } from './cluster.js';
import type { Study, StudyOptions } from './study.js';
import type { Subject } from './subject.js';

export interface SuiteOptions extends StudyOptions {
  /** The exploration of the cluster gives up after so many states. */
  readonly maxStates: number;
}

export const SUITE_DEFAULTS: SuiteOptions = { ballots: 3, values: 2, length: 4, restartLength: 3, walks: { count: 50, length: 24 }, seed: 1, maxStates: 2_000_000 };

/** Everything that the report is made of. */
export interface Findings {
  readonly subject: Subject;
  readonly options: SuiteOptions;
  readonly study: Study;
  /** Shortest first; of equal length those of safety first. */
  readonly cases: readonly Case[];
  /** The cluster of three learned acceptors; or of one that does what was seen and two references. */
  readonly cluster: ClusterResult | null;
}
