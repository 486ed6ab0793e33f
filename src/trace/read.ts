/** Reads the traces of a file, one after the other. */
import type { Place } from './errors.js';
import { traceError } from './errors.js';
import type { Line, Skip } from './lines.js';
import { LineSplitter, MAX_LINE_BYTES } from './lines.js';
import { didYouMean } from './nearest.js';
import type { JsonObject } from './parse.js';
import { parseLine } from './parse.js';
import { QuickLines } from './quick.js';
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
  /** Events in a trace that is kept in memory; default 2,000,000. */
  readonly events?: number;
  /** The input may go on some time: a last line without its end, and events that were announced, are not missed. */
  readonly live?: boolean;
}

/** Of a trace that is kept in memory. */
export const MAX_EVENTS = 2_000_000;

/** What is known of a trace besides its events when it is over. */
export type TraceEnd = Pick<Trace, 'warnings' | 'ignored'>;

/** What is made of a trace while it is read. */
export interface TraceTaker {
  readonly event: (event: TraceEvent, line: number) => void;
  readonly end: (end: TraceEnd) => void;
  /** What is wrong with the lines that it passes over is not noticed; it must not pass over headers. */
  readonly skip?: Skip;
  /** Without an order between nodes: a line of a kind that is ignored, which counts among those of its node. */
  readonly ignored?: (at: string, i: number | string, line: number) => void;
}

/** Called at each header. */
export type Open = (context: TraceContext, place: Required<Place>) => TraceTaker;

/** Reads traces from bytes as they come, and keeps nothing of them. All methods throw a TraceError for the first line that is wrong. */
export class TraceReader {
  private readonly splitter: LineSplitter;
  private readonly live: boolean;
  private trace: OpenTrace | undefined;

  constructor(private readonly file: string, private readonly open: Open, { lineBytes = MAX_LINE_BYTES, live = false }: ReadLimits = {}) {
    this.live = live;
    const quick = (bytes: Uint8Array, start: number, number: number): number => {
      const { trace } = this;
      if (trace === undefined || trace.count === trace.context.header.events) return 0;
      const event = trace.quick.read(bytes, start);
      if (event === null || trace.quick.next - 1 - start > lineBytes) return 0;
      trace.count += 1;
      trace.lastLine = number;
      trace.taker.event(event, number);
      return trace.quick.next;
    };
    const skip: Skip = (bytes, start) => this.trace?.taker.skip?.(bytes, start) ?? null;
    this.splitter = new LineSplitter({ quick, skip, line: (line) => this.line(line) }, file, lineBytes);
  }

  push(chunk: Uint8Array): void {
    this.splitter.push(chunk);
  }

  /** No more bytes: ends the last trace. */
  end(): void {
    if (!this.live) this.splitter.end();
    if (this.trace === undefined) throw traceError('EMPTY_FILE', { file: this.file, line: 1 }, { expected: 'a header', got: 'an empty file', hint: HEADER_HINT });
    close(this.trace, this.live);
  }

  private line(line: Line): void {
    const data = parseLine(line, this.file);
    const place = { file: this.file, line: line.number };
    if ('format' in data) {
      if (this.trace !== undefined) close(this.trace);
      this.trace = undefined;
      this.trace = openTrace(data, place, this.open);
    } else if (this.trace === undefined) {
      throw traceError('NO_HEADER', place, { expected: 'a header as the first line', got: show(data), hint: HEADER_HINT });
    } else {
      add(this.trace, data, place);
    }
  }
}

/** Called at each header; `done` takes what has become of the trace. */
export type Keep<T> = (context: TraceContext, place: Required<Place>, done: (item: T) => void) => TraceTaker;

/**
 * What `keep` makes of the traces of the input, each as soon as it is complete; at least one. `file` is the name in messages.
 * Throws a TraceError for the first line that is wrong, and whatever the input throws.
 */
export async function* readEach<T>(input: AsyncIterable<Uint8Array>, file: string, keep: Keep<T>, limits: ReadLimits = {}): AsyncGenerator<T> {
  const complete: T[] = [];
  const reader = new TraceReader(file, (context, place) => keep(context, place, (item) => complete.push(item)), limits);
  try {
    for await (const chunk of input) {
      reader.push(chunk);
      yield* complete.splice(0);
    }
    reader.end();
  } catch (error) {
    yield* complete.splice(0);
    throw error;
  }
  yield* complete;
}

/** The traces of the input, whole. */
export const readTraces = (input: AsyncIterable<Uint8Array>, file: string, limits: ReadLimits = {}): AsyncGenerator<Trace> =>
  readEach<Trace>(input, file, (context, place, done) => collect(context, place, limits.events ?? MAX_EVENTS, done), limits);

/** Keeps a trace whole. */
export function collect({ header }: TraceContext, place: Required<Place>, maxEvents: number, done: (trace: Trace) => void): TraceTaker {
  const events: TracedEvent[] = [];
  return {
    event: (event, line) => {
      if (events.length >= maxEvents) {
        const finding = { expected: `at most ${maxEvents} events in a trace`, got: 'more' };
        throw traceError('TOO_MANY_EVENTS', { ...place, line }, { ...finding, hint: 'raise the limit, or cut the log into traces that start from a known state' });
      }
      events.push({ line, event });
    },
    end: ({ warnings, ignored = [] }) => done({ file: place.file, header, headerLine: place.line, events, warnings, ...(ignored.length > 0 && { ignored }) }),
  };
}

const HEADER_HINT = `begin with a line {"format":"${FORMAT}","version":"${VERSION}",...}: spec/trace-format.md has an example`;

interface OpenTrace {
  readonly context: TraceContext;
  readonly place: Required<Place>;
  readonly taker: TraceTaker;
  readonly quick: QuickLines;
  readonly warnings: TraceWarning[];
  readonly ignored: { readonly at: string; readonly i: number | string; readonly line: number }[];
  /** By unknown kind: where it was met first, and how often. */
  readonly unknown: Map<string, { readonly line: number; count: number }>;
  /** Lines after the header, those of unknown kinds included. */
  count: number;
  lastLine: number;
}

function openTrace(data: JsonObject, place: Required<Place>, open: Open): OpenTrace {
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
  return { context, place, taker: open(context, place), quick: new QuickLines(context), warnings, ignored: [], unknown: new Map(), count: 0, lastLine: place.line };
}

function add(trace: OpenTrace, data: JsonObject, place: Required<Place>): void {
  const { events: announced } = trace.context.header;
  if (trace.count === announced) {
    const finding = { expected: `a header, or the end of the file, after ${announced} events`, got: show(data) };
    throw traceError('EVENTS_AFTER_END', place, { ...finding, hint: 'correct "events" in the header, or leave it out' });
  }
  trace.count += 1;
  trace.lastLine = place.line;
  const { kind } = data;
  if (typeof kind !== 'string' || !isUnknown(kind)) {
    if (isExtension(kind)) ignore(trace, data, place);
    else trace.taker.event(validateEvent(data, trace.context, place), place.line);
    return;
  }
  ignore(trace, data, place);
  const known = trace.unknown.get(kind);
  if (known === undefined) trace.unknown.set(kind, { line: place.line, count: 1 });
  else known.count += 1;
}

/** Nothing is known of the line but whose it is, and which of theirs. */
function ignore({ ignored, context, taker }: OpenTrace, { at, i }: JsonObject, { line }: Required<Place>): void {
  const isIndex = (typeof i === 'number' && Number.isInteger(i) && i >= 0) || (typeof i === 'string' && /^(0|[1-9][0-9]{0,127})$/.test(i));
  if (context.header.order !== 'per-node' || typeof at !== 'string' || !isIndex) return;
  if (taker.ignored === undefined) ignored.push({ at, i, line });
  else taker.ignored(at, i, line);
}

/** Ends the trace, if as many events came as its header announces. */
function close({ context, place, taker, warnings, ignored, unknown, count, lastLine }: OpenTrace, live = false): void {
  const { header } = context;
  if (!live && taker.skip === undefined && header.events !== undefined && count < header.events) {
    const finding = { expected: `${header.events} events after the header on line ${place.line}`, got: String(count) };
    throw traceError('EVENTS_MISSING', { ...place, line: lastLine }, { ...finding, hint: 'the file seems to be cut after this line: copy it again' });
  }
  const skipped = [...unknown].map(([kind, { line, count: times }]): TraceWarning => {
    const message = `${times === 1 ? 'ignored' : `ignored here and ${times - 1} more times`}: ${unknownKind(kind)}`;
    return { line, code: 'UNKNOWN_KIND', message };
  });
  taker.end({ warnings: [...warnings, ...skipped], ...(ignored.length > 0 && { ignored }) });
}

const isExtension = (kind: unknown): boolean => typeof kind === 'string' && kind.startsWith('x-');

const isUnknown = (kind: string): boolean => !isExtension(kind) && !(EVENT_KINDS as readonly string[]).includes(kind);

const unknownKind = (kind: string): string => `${show(kind)}, which is no kind of event (${didYouMean(kind, EVENT_KINDS, `the kinds are ${EVENT_KINDS.join(', ')}`)})`;
