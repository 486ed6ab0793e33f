/** Writes a trace as NDJSON. */
import { EVENT_FIELDS, HEADER_FIELDS } from './shape.js';
import type { TraceEvent, TraceHeader } from './wire.js';

/**
 * A line for the header and one for each event, each with its newline. The fields of a line come in the order of the
 * schema, those that it does not name last; what is within a field stays as it is. So equal traces give equal bytes, and
 * what was written and read is written again byte for byte. Expects a valid trace: it checks nothing.
 */
export function* traceLines(header: TraceHeader, events: Iterable<TraceEvent>): Generator<string> {
  yield lineOf(header, HEADER_FIELDS);
  for (const event of events) yield lineOf(event, EVENT_FIELDS.get(event.kind)!);
}

/** All lines of the trace as one text. */
export const writeTrace = (header: TraceHeader, events: Iterable<TraceEvent>): string => [...traceLines(header, events)].join('');

function lineOf(data: TraceHeader | TraceEvent, fields: readonly string[]): string {
  const given = Object.entries(data);
  const placeOf = (name: string): number => (fields.includes(name) ? fields.indexOf(name) : fields.length);
  return `${JSON.stringify(Object.fromEntries(given.sort(([one], [other]) => placeOf(one) - placeOf(other))))}\n`;
}
