/** A state graph as NDJSON: a header, then a line per state, then a line per edge. Stable: see the header's format and version. */
import type { Graph } from '../engine/graph.js';
import { boundsJson } from './explore-report.js';

/** What is said of the subject besides the graph. */
export interface GraphAbout {
  /** The id of the mutant; undefined: the reference. */
  readonly mutant?: string | undefined;
}

const NUMBERING = 'acceptors and values are numbered from 0, ballots from 1; state 0 is the first; level is the length of a shortest run to the state';
const MERGED = 'states that differ only in names are one state: an action bears the names of the state in "from", and "to" is what it leads to, up to renaming';

/** What a reader has to know to make sense of the numbers. */
export const graphNote = ({ merged }: Pick<Graph, 'merged'>): string => (merged.acceptors || merged.values ? `${NUMBERING}; ${MERGED}` : NUMBERING);

/** The lines, each with its end. A state has `broken` only where some invariant does not hold in it. */
export function* graphNdjson(graph: Graph, { mutant }: GraphAbout = {}): Generator<string> {
  const { protocol, merged, states, edges } = graph;
  yield line({
    format: 'paxcheck-graph',
    version: 1,
    bounds: boundsJson(protocol),
    ...(mutant !== undefined && { mutant }),
    merged,
    states: states.length,
    edges: edges.length,
    note: graphNote(graph),
  });
  for (const { id, level, cluster, broken } of states) yield line({ state: id, level, cluster, ...(broken.length > 0 && { broken }) });
  for (const { from, to, action } of edges) yield line({ from, to, action });
}

const line = (value: object): string => `${JSON.stringify(value)}\n`;
