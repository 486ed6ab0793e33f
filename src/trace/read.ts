/** Reads the traces of a file, one after the other. */
import type { Place } from './errors.js';
import { traceError } from './errors.js';
import { splitLines } from './lines.js';
import { didYouMean } from './nearest.js';
import type { JsonObject } from './parse.js';
import { parseLine } from './parse.js';
import { EVENT_KINDS } from './shape.js';
import { show } from './show.js';
import type { TraceContext } from './validate.js';
import { FORMAT, validateEvent, validateHeader, VERSION } from './validate.js';
import type { TraceEvent, TraceHeader } from './wire.js';

export interface TracedEvent {
  readonly line: number;
  readonly event: TraceEvent;
}

/** What is odd, and does not keep the rest from being understood. An error for users who ask for strictness. */
export interface TraceWarning {
  /** Where the trace was put together from several files. */
  readonly file?: string;
  readonly line: number;
  readonly code: 'NEWER_VERSION' | 'UNKNOWN_KIND';
  readonly message: string;
}

export interface Trace {
  readonly file: string;
  readonly header: TraceHeader;
  readonly headerLine: number;
  /** In the order of the file, without those of unknown kinds. */
  readonly events: readonly TracedEvent[];
  readonly warnings: readonly TraceWarning[];
  /** Without an order between nodes: lines of kinds that were ignored, which count among those of their node. */
  readonly ignored?: readonly { readonly at: string; readonly i: number | string; readonly line: number }[];
  /** Of a trace that was put together: where its header and its events come from. Then lines are places in this list. */
  readonly places?: readonly Required<Place>[];
}

/** Where a line of the trace is to be found. */
export const placeIn = ({ file, places }: Pick<Trace, 'file' | 'places'>, line: number): Required<Place> => places?.[line] ?? { file, line };

export interface ReadLimits {
  /** Bytes in a line without its newline; default 1 MiB. */
  readonly lineBytes?: number;
  /** Events in a trace; default 2,000,000. */
  readonly events?: number;
}

const MAX_EVENTS = 2_000_000;

/**
 * The traces of the input, each as soon as it is complete; at least one. `file` is the name in messages.
 * Throws a TraceError for the first line that is wrong, and whatever the input throws.
 */
export async function* readTraces(input: AsyncIterable<Uint8Array>, file: string, limits: ReadLimits = {}): AsyncGenerator<Trace> {
  let trace: OpenTrace | undefined;
  for await (const line of splitLines(input, file, limits.lineBytes)) {
    const data = parseLine(line, file);
    const place = { file, line: line.number };
    if ('format' in data) {
      if (trace !== undefined) yield close(trace);
      trace = open(data, place);
    } else if (trace === undefined) {
      throw traceError('NO_HEADER', place, { expected: 'a header as the first line', got: show(data), hint: HEADER_HINT });
    } else {
      add(trace, data, place, limits.events ?? MAX_EVENTS);
    }
  }
  if (trace === undefined) throw traceError('EMPTY_FILE', { file, line: 1 }, { expected: 'a header', got: 'an empty file', hint: HEADER_HINT });
  yield close(trace);
}

const HEADER_HINT = `begin with a line {"format":"${FORMAT}","version":"${VERSION}",...}: spec/trace-format.md has an example`;

interface OpenTrace {
  readonly context: TraceContext;
  readonly place: Required<Place>;
  readonly events: TracedEvent[];
  readonly warnings: TraceWarning[];
  readonly ignored: { readonly at: string; readonly i: number | string; readonly line: number }[];
  /** By unknown kind: where it was met first, and how often. */
  readonly unknown: Map<string, { readonly line: number; count: number }>;
  /** Lines after the header, those of unknown kinds included. */
  count: number;
  lastLine: number;
}

function open(data: JsonObject, place: Required<Place>): OpenTrace {
  const context = validateHeader(data, place);
  const { version, complete } = context.header;
  const warnings: TraceWarning[] = [];
  if (version !== VERSION) {
    const message = `the trace is of version ${show(version)}, this is a reader of "${VERSION}": it may miss something`;
    warnings.push({ line: place.line, code: 'NEWER_VERSION', message });
  }
  for (const kind of complete) {
    if (isUnknown(kind)) warnings.push({ line: place.line, code: 'UNKNOWN_KIND', message: `"complete" names ${unknownKind(kind)}` });
  }
  return { context, place, events: [], warnings, ignored: [], unknown: new Map(), count: 0, lastLine: place.line };
}

function add(trace: OpenTrace, data: JsonObject, place: Required<Place>, maxEvents: number): void {
  const { events: announced } = trace.context.header;
  if (trace.count === announced) {
    const finding = { expected: `a header, or the end of the file, after ${announced} events`, got: show(data) };
    throw traceError('EVENTS_AFTER_END', place, { ...finding, hint: 'correct "events" in the header, or leave it out' });
  }
  if (trace.count >= maxEvents) {
    const finding = { expected: `at most ${maxEvents} events in a trace`, got: 'more' };
    throw traceError('TOO_MANY_EVENTS', place, { ...finding, hint: 'raise the limit, or cut the log into traces that start from a known state' });
  }
  trace.count += 1;
  trace.lastLine = place.line;
  const { kind } = data;
  if (typeof kind !== 'string' || !isUnknown(kind)) {
    if (isExtension(kind)) ignore(trace, data, place);
    else trace.events.push({ line: place.line, event: validateEvent(data, trace.context, place) });
    return;
  }
  ignore(trace, data, place);
  const known = trace.unknown.get(kind);
  if (known === undefined) trace.unknown.set(kind, { line: place.line, count: 1 });
  else known.count += 1;
}

/** Nothing is known of the line but whose it is, and which of theirs. */
function ignore({ ignored, context }: OpenTrace, { at, i }: JsonObject, { line }: Required<Place>): void {
  const isIndex = (typeof i === 'number' && Number.isInteger(i) && i >= 0) || (typeof i === 'string' && /^(0|[1-9][0-9]{0,127})$/.test(i));
  if (context.header.order === 'per-node' && typeof at === 'string' && isIndex) ignored.push({ at, i, line });
}

/** The trace, if as many events came as its header announces. */
function close({ context, place, events, warnings, ignored: skipped, unknown, count, lastLine }: OpenTrace): Trace {
  const { header } = context;
  if (header.events !== undefined && count < header.events) {
    const finding = { expected: `${header.events} events after the header on line ${place.line}`, got: String(count) };
    throw traceError('EVENTS_MISSING', { ...place, line: lastLine }, { ...finding, hint: 'the file seems to be cut after this line: copy it again' });
  }
  const ignored = [...unknown].map(([kind, { line, count: times }]): TraceWarning => {
    const message = `${times === 1 ? 'ignored' : `ignored here and ${times - 1} more times`}: ${unknownKind(kind)}`;
    return { line, code: 'UNKNOWN_KIND', message };
  });
  return { file: place.file, header, headerLine: place.line, events, warnings: [...warnings, ...ignored], ...(skipped.length > 0 && { ignored: skipped }) };
}

const isExtension = (kind: unknown): boolean => typeof kind === 'string' && kind.startsWith('x-');

const isUnknown = (kind: string): boolean => !isExtension(kind) && !(EVENT_KINDS as readonly string[]).includes(kind);

const unknownKind = (kind: string): string => `${show(kind)}, which is no kind of event (${didYouMean(kind, EVENT_KINDS, `the kinds are ${EVENT_KINDS.join(', ')}`)})`;
