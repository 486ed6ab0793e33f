/** Logs of single nodes, put together: which of them belong to one run, and each node's events in the order of their indices. */
import type { Place } from './errors.js';
import { traceError } from './errors.js';
import type { Trace, TracedEvent } from './read.js';
import { show } from './show.js';
import { canonicalJson } from './values.js';
import type { TraceHeader } from './wire.js';

/** One event of one node. */
export interface PartEvent extends TracedEvent {
  readonly file: string;
}

/** All that was logged of one run, without an order between nodes. */
export interface Parts {
  readonly header: TraceHeader;
  readonly first: Required<Place>;
  /** For each node that logged something its events, in its own order. */
  readonly byNode: ReadonlyMap<string, readonly PartEvent[]>;
  readonly warnings: Trace['warnings'];
}

/** Traces without an order between nodes belong together if their headers have the same `id`, or none. */
export const groupParts = (traces: readonly Trace[]): Trace[][] => {
  const groups = new Map<string | undefined, Trace[]>();
  for (const trace of traces) groups.set(trace.header.id, [...(groups.get(trace.header.id) ?? []), trace]);
  return [...groups.values()];
};

/** What may differ between the headers of one run. */
const OWN_FIELDS: ReadonlySet<string> = new Set(['events', 'title', 'note', 'source']);

/**
 * Puts the parts of one run together. Throws TraceSchemaError HEADERS_DIFFER, INDEX_TWICE, INDEX_GAP.
 */
export function joinParts(traces: readonly Trace[]): Parts {
  const [first] = traces as [Trace, ...Trace[]];
  for (const other of traces) sameRun(first, other);
  const byNode = new Map<string, PartEvent[]>();
  for (const { file, events } of traces) {
    for (const { event, line } of events) {
      if (!byNode.has(event.at)) byNode.set(event.at, []);
      byNode.get(event.at)!.push({ event, line, file });
    }
  }
  for (const events of byNode.values()) inOrder(events);
  return { header: first.header, first: { file: first.file, line: first.headerLine }, byNode, warnings: traces.flatMap(({ file, warnings }) => warnings.map((warning) => ({ ...warning, file }))) };
}

function sameRun(first: Trace, other: Trace): void {
  const fields = new Set([...Object.keys(first.header), ...Object.keys(other.header)].filter((name) => !OWN_FIELDS.has(name) && !name.startsWith('x-')));
  for (const field of fields) {
    const [one, another] = [first, other].map(({ header }) => (header as unknown as Record<string, unknown>)[field]) as [unknown, unknown];
    if (canonicalJson(one ?? null) === canonicalJson(another ?? null)) continue;
    throw traceError('HEADERS_DIFFER', { file: other.file, line: other.headerLine, field }, {
      expected: `the same as in ${first.file}:${first.headerLine}, ${show(one)}`, got: show(another),
      hint: 'parts of one run have the same header; give runs that have nothing to do with each other different "id"s',
    });
  }
}

const indexOf = ({ event }: PartEvent): bigint => BigInt(event.i!);

function inOrder(events: PartEvent[]): void {
  events.sort((one, other) => (indexOf(one) < indexOf(other) ? -1 : indexOf(one) > indexOf(other) ? 1 : 0));
  for (const [at, each] of events.entries()) {
    const index = indexOf(each);
    const place = { file: each.file, line: each.line, field: 'i' };
    const before = events[at - 1];
    if (before !== undefined && index === indexOf(before)) {
      throw traceError('INDEX_TWICE', place, { expected: `another index than in ${before.file}:${before.line}`, got: show(each.event.i), hint: 'give each event of a node its own index; if these are logs of two runs, check them separately or give them different "id"s' });
    }
    if (index !== BigInt(at)) {
      throw traceError('INDEX_GAP', place, { expected: `the event ${at} of ${show(each.event.at)}`, got: `event ${show(each.event.i)}`, hint: 'count the events of each node from 0 without gaps; if a file of this node was not given, give it; if lines are lost, write an event of the kind "lost"' });
    }
  }
}
