/** Logs that are taken for complete although they do not say so. */
import type { TraceEvent, TraceHeader } from '../trace/wire.js';

/** What the nodes of a cluster do. What its clients do is nobody's to know but theirs. */
const DONE_BY_NODES: readonly TraceEvent['kind'][] = ['prepare', 'promise', 'accept', 'accepted', 'nack', 'chosen', 'decided', 'applied', 'crash', 'restart', 'trim', 'snapshot'];

/** The header of a log in which nothing that nodes do is missing. */
export const asComplete = (header: TraceHeader): TraceHeader => ({ ...header, complete: [...new Set([...header.complete, ...DONE_BY_NODES])] });
