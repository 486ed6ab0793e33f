/** Logs of many decisions that were written node by node, without a common clock, and may be longer than memory. */
import type { Place } from '../trace/errors.js';
import { traceError } from '../trace/errors.js';
import { LimitError } from '../engine/limit-error.js';
import { PartReader } from '../trace/part-reader.js';
import type { PartEvent } from '../trace/parts.js';
import { sameRun } from '../trace/parts.js';
import type { Trace } from '../trace/read.js';
import { readEach } from '../trace/read.js';
import type { BallotToken, TraceEvent, TraceHeader } from '../trace/wire.js';
import { kindsOf } from './judge.js';
import { linearize } from './linearize.js';
import { LogChecker } from './log.js';
import { endPass, logResult } from './log-check.js';
import { LogMerge } from './log-merge.js';
import { eventIn, slotsNamed, voteIn } from './project.js';
import type { SlotTrace } from './project-log.js';
import { Ranks } from './ranks.js';
import type { CheckOptions, CheckResult } from './result.js';

/** One of the logs: all but its events, which are read when they are needed, more than once. */
export interface LogPart {
  readonly trace: Trace;
  readonly open: () => AsyncIterable<Uint8Array>;
  /** The nodes of which lines were lost. */
  readonly lossy: readonly string[];
}

/** Lines of different parts as one number. */
const PART = 2 ** 40;

/** Checks the logs of one run. Throws TraceError if they do not fit together. */
export async function checkLogParts(parts: readonly LogPart[], options: CheckOptions = {}): Promise<CheckResult> {
  const [first] = parts as [LogPart, ...LogPart[]];
  for (const { trace } of parts) sameRun(first.trace, trace);
  // It is not known when lines were lost: a kind of which there may be more is complete nowhere.
  const lost = new Set(parts.flatMap(({ lossy }) => lossy).flatMap((node) => kindsOf(first.trace.header, node)));
  const header: TraceHeader = { ...first.trace.header, order: 'total', complete: first.trace.header.complete.filter((kind) => !lost.has(kind)) };
  const { log, last } = await merged(parts, header);
  const pass = endPass(log);
  const unnamedEvents = new Set<TraceEvent>();
  const found = await eventsOf(parts, pass.wrong, header, unnamedEvents);
  const places: Required<Place>[] = [{ file: first.trace.file, line: first.trace.headerLine }];
  const unexplained = new Map<number, CheckResult['unexplained'] extends ReadonlyMap<number, infer Wait> ? Wait : never>();
  const slots = pass.wrong.map((slot, index): SlotTrace => {
    const { trace, unexplained: here } = linearize({ header, first: places[0]!, byNode: found[index]!, lastOf: last, warnings: [] });
    const offset = places.length - 1;
    places.push(...trace.places!.slice(1));
    for (const [line, wait] of here) unexplained.set(line + offset, wait);
    const events = trace.events.map(({ event, line }) => ({ event, line: line + offset }));
    const unnamed = new Set(events.filter(({ event }) => unnamedEvents.has(event)).map(({ line }) => line));
    return { slot, unnamed, trace: { ...trace, events, places } };
  });
  placeFindings(log, parts, places);
  const warnings = parts.flatMap(({ trace: { file, warnings: own } }) => own.map((warning) => ({ ...warning, file })));
  const result = logResult(pass, { file: first.trace.file, header, headerLine: 0, warnings, places }, slots, options);
  return { ...result, unexplained, verdict: result.verdict === 'conforms' && unexplained.size > 0 ? 'inconclusive' : result.verdict };
}

/** Reads all parts once, in an order that explains them; also the index of each node's last line. */
async function merged(parts: readonly LogPart[], header: TraceHeader): Promise<{ readonly log: LogChecker; readonly last: ReadonlyMap<string, string> }> {
  const log = new LogChecker(header, { isInOrder: false });
  const ranks = new Ranks(header);
  const last = new Map<string, string>();
  const merge = new LogMerge(parts.map(({ trace, open }) => new PartReader(trace.file, trace.headerLine, open())), header.nodes.map(({ id }) => id), {
    isReady: (event, demand) => log.isReady(event, demand),
    feed: (event, part, line) => {
      last.set(event.at, String(event.i));
      log.feed(event, part * PART + line);
    },
    rankOf: header.complete.includes('promise') ? null : (event: TraceEvent & { readonly ballot?: BallotToken }) => (event.ballot === undefined ? 0 : ranks.of(event.ballot)),
  });
  try {
    await merge.run();
  } catch (error) {
    if (!(error instanceof LimitError)) throw error;
    throw traceError('LIMIT', { file: parts[0]!.trace.file }, { expected: 'logs that can be checked in memory', got: error.message, hint: error.hint });
  }
  return { log, last };
}

type Events = Map<string, PartEvent[]>;

/** What these slots see of each node, in its own order. `unnamed` is told of promises for many slots that do not name the one. */
async function eventsOf(parts: readonly LogPart[], slots: readonly number[], header: TraceHeader, unnamed: Set<TraceEvent>): Promise<Events[]> {
  const found = slots.map((): Events => new Map());
  if (slots.length === 0) return found;
  for (const { trace, open } of parts) {
    const take = (event: TraceEvent, line: number): void => slots.forEach((slot, index) => add(found[index]!, slot, event, { file: trace.file, line }, unnamed));
    const nothing = { event: () => undefined, end: () => undefined };
    for await (const _ of readEach(open(), trace.file, (_context, { line }) => (line === trace.headerLine ? { event: take, end: () => undefined } : nothing)));
  }
  for (const events of found) {
    for (const own of events.values()) own.sort((one, other) => Number(one.event.i) - Number(other.event.i));
    votedUpto(events, new Ranks(header));
  }
  return found;
}

function add(events: Events, slot: number, event: TraceEvent, place: Required<Place>, unnamed: Set<TraceEvent>): void {
  const isUpto = event.kind === 'accepted' && event.upto !== undefined && Number(event.upto) >= slot;
  const seen = isUpto ? event : eventIn(event, slot);
  if (seen === null) return;
  if (event.kind === 'promise' && event.slot === undefined && !slotsNamed(event).includes(slot)) unnamed.add(seen);
  const own = events.get(event.at) ?? [];
  events.set(event.at, own);
  own.push({ event: seen, ...place });
}

/** Votes for all that a ballot proposed up to some slot: for what it proposed in this one, the first time. */
function votedUpto(events: Events, ranks: Ranks): void {
  const proposals = [...events.values()].flat().flatMap(({ event }) => (event.kind === 'accept' ? [event] : []));
  const isOf = (ballot: BallotToken) => (proposal: { readonly ballot: BallotToken }) => ranks.of(proposal.ballot) === ranks.of(ballot);
  for (const [node, own] of events) {
    const voted = new Set<number>();
    events.set(node, own.flatMap((each) => {
      const { event } = each;
      if (event.kind !== 'accepted' || event.upto === undefined) return [each];
      if (voted.has(ranks.of(event.ballot))) return [];
      voted.add(ranks.of(event.ballot));
      return proposals.filter(isOf(event.ballot)).map(({ value }) => ({ ...each, event: { ...voteIn(event, value), ...(event.i !== undefined && { i: event.i }) } }));
    }));
  }
}

/** Findings of the log as a whole name lines as the first reading did; here they become places. */
function placeFindings(log: LogChecker, parts: readonly LogPart[], places: Required<Place>[]): void {
  const placeOf = (line: number): number => places.push({ file: parts[Math.floor(line / PART)]!.trace.file, line: line % PART }) - 1;
  const placed = log.findings.map((finding) => ({ ...finding, because: finding.because.map(placeOf), line: placeOf(finding.line) }));
  log.findings.splice(0, placed.length, ...placed);
}
