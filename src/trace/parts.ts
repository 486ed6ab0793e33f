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
  /** The index of each node's last line, of whatever kind. */
  readonly lastOf: ReadonlyMap<string, string>;
  readonly warnings: Trace['warnings'];
}

/** Traces without an order between nodes belong together if their headers have the same `id`, or none. */
export const groupParts = (traces: readonly Trace[]): [Trace, ...Trace[]][] => {
  const groups = new Map<string | undefined, [Trace, ...Trace[]]>();
  for (const trace of traces) {
    const group = groups.get(trace.header.id);
    if (group === undefined) groups.set(trace.header.id, [trace]);
    else group.push(trace);
  }
  return [...groups.values()];
};

/** What may differ between the headers of one run. */
const OWN_FIELDS: ReadonlySet<string> = new Set(['events', 'title', 'note', 'source']);

/**
 * Puts the parts of one run together. Throws TraceSchemaError HEADERS_DIFFER, INDEX_TWICE, INDEX_GAP; TraceVersionError UNSUPPORTED for logs of many decisions.
 */
export function joinParts(traces: readonly Trace[]): Parts {
  const [first] = traces as [Trace, ...Trace[]];
  if (first.header.profile !== 'synod') {
    const hint = 'logs of many decisions without an order between nodes are read by "paxcheck check FILES", and by nothing else yet';
    throw traceError('UNSUPPORTED', { file: first.file, line: first.headerLine, field: 'profile' }, { expected: '"synod", or "order": "total"', got: show(first.header.profile), hint });
  }
  for (const other of traces) sameRun(first, other);
  const byNode = new Map<string, Numbered[]>();
  const add = (at: string, numbered: Numbered): void => {
    const known = byNode.get(at);
    if (known === undefined) byNode.set(at, [numbered]);
    else known.push(numbered);
  };
  for (const { file, events, ignored = [] } of traces) {
    for (const { event, line } of events) add(event.at, { index: event.i!, file, line, event });
    for (const { at, i, line } of ignored) add(at, { index: i, file, line });
  }
  for (const [node, numbered] of byNode) inOrder(node, numbered);
  const kept = ({ event, file, line }: Numbered): PartEvent[] => (event === undefined ? [] : [{ event, file, line }]);
  return {
    header: first.header,
    first: { file: first.file, line: first.headerLine },
    byNode: new Map([...byNode].map(([node, numbered]) => [node, numbered.flatMap(kept)])),
    lastOf: new Map([...byNode].map(([node, numbered]) => [node, String(numbered.length - 1)])),
    warnings: traces.flatMap(({ file, warnings }) => warnings.map((warning) => ({ ...warning, file }))),
  };
}

/** A line of a node; without an event if its kind is not known. */
interface Numbered extends Required<Place> {
  readonly index: number | string;
  readonly event?: TracedEvent['event'];
}

/** Throws TraceSchemaError HEADERS_DIFFER. */
export function sameRun(first: Trace, other: Trace): void {
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

function inOrder(node: string, lines: Numbered[]): void {
  lines.sort((one, other) => (BigInt(one.index) < BigInt(other.index) ? -1 : BigInt(one.index) > BigInt(other.index) ? 1 : 0));
  for (const [at, { index, file, line }] of lines.entries()) {
    const place = { file, line, field: 'i' };
    const before = lines[at - 1];
    if (before !== undefined && BigInt(index) === BigInt(before.index)) {
      throw traceError('INDEX_TWICE', place, { expected: `another index than in ${before.file}:${before.line}`, got: show(index), hint: 'give each event of a node its own index; name each file once; if these are logs of two runs, check them separately or give them different "id"s' });
    }
    if (BigInt(index) !== BigInt(at)) {
      throw traceError('INDEX_GAP', place, { expected: `the event ${at} of ${show(node)}`, got: `event ${show(index)}`, hint: 'count the events of each node from 0 without gaps; if a file of this node was not given, give it; if lines are lost, write an event of the kind "lost"' });
    }
  }
}
