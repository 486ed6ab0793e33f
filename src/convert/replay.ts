/** The cluster after each event of a trace, as the checker sees it. */
import type { Cluster } from '../../model/synod.js';
import type { Value } from '../../model/words.js';
import { benchFor } from '../check/bench.js';
import type { Compiled } from '../check/compile.js';
import { judge } from '../check/judge.js';
import type { TracedEvent } from '../trace/read.js';

export interface ReplayedState {
  /** What led here; undefined for the state before the first event. */
  readonly by: TracedEvent | undefined;
  readonly cluster: Cluster;
  readonly chosen: readonly Value[];
  /** By node. */
  readonly decided: ReadonlyMap<string, Value>;
}

/** One state more than there are events. */
export function* replay(compiled: Compiled): Generator<ReplayedState> {
  const bench = benchFor(compiled);
  const now = (by?: TracedEvent): ReplayedState => ({ by, cluster: bench.state.cluster, chosen: [...bench.state.chosen], decided: new Map(bench.state.decidedBy.map(({ node, value }) => [node, value])) });
  yield now();
  for (const traced of compiled.trace.events) {
    judge(bench, traced.event, traced.line);
    yield now(traced);
  }
}
