/** `paxcheck check --follow`: a log that is still being written; what is wrong is told when it is there. */
import process from 'node:process';
import type { CheckOptions, CheckResult } from '../check/check.js';
import { check } from '../check/check.js';
import { asComplete } from '../check/complete.js';
import { isLog, endPass } from '../check/log-check.js';
import { logResults } from '../check/log-file.js';
import { LogChecker } from '../check/log.js';
import { checkJson, describeCheck } from '../report/check-report.js';
import { traceError } from '../trace/errors.js';
import { openTrace } from '../trace/files.js';
import { readLive } from '../trace/live-file.js';
import type { Open, TracedEvent } from '../trace/read.js';
import { MAX_EVENTS, TraceReader } from '../trace/read.js';
import type { TraceHeader } from '../trace/wire.js';
import { paintVerdict } from './style.js';

export interface FollowOptions extends CheckOptions {
  readonly json: boolean;
  readonly strict: boolean;
  readonly width: number;
}

/** The trace that is being written. */
interface Current {
  readonly header: TraceHeader;
  readonly headerLine: number;
  readonly log: LogChecker;
  /** Of a single decision all of them; of a log none, for they can be read again. */
  readonly events: TracedEvent[];
  lastLine: number;
  /** What was wrong when it was last told. */
  known: string;
}

/** Until the signal comes; the verdicts of the traces, the last of them as far as it went. */
export async function follow(file: string, options: FollowOptions, stop: AbortSignal): Promise<CheckResult[]> {
  const done: CheckResult[] = [];
  let current: Current | undefined;
  let ended: Current[] = [];
  const open: Open = (context, place) => {
    const header = options.strict ? asComplete(context.header) : context.header;
    if (header.order !== 'total') throw traceError('UNSUPPORTED', { ...place, field: 'order' }, { expected: '"total"', got: '"per-node"', hint: 'logs of single nodes are checked when all of them are there' });
    if (current !== undefined) ended.push(current);
    const opened: Current = { header, headerLine: place.line, log: new LogChecker(header, { eager: true }), events: [], lastLine: place.line, known: '' };
    current = opened;
    return { event: (event, line) => take(opened, { event, line }), end: () => undefined };
  };
  const reader = new TraceReader(file, open, { live: true });
  const tellAll = async (): Promise<void> => {
    for (const each of ended) done.push(await resultOf(file, each, options));
    ended = [];
    if (current !== undefined) await tellNew(file, current, options);
  };
  for await (const chunk of readLive(file, stop, tellAll)) reader.push(chunk);
  reader.end();
  await tellAll();
  return current === undefined ? done : [...done, await resultOf(file, current, options)];
}

function take(current: Current, traced: TracedEvent): void {
  current.lastLine = traced.line;
  if (!isLog(current.header) && current.events.length < MAX_EVENTS) current.events.push(traced);
  current.log.feed(traced.event, traced.line);
}

/** All that is wrong so far, if there is more of it than before. */
async function tellNew(file: string, current: Current, options: FollowOptions): Promise<void> {
  const { suspicions, findings } = current.log;
  const now = `${suspicions.size} ${findings.length}`;
  if (now === current.known || now === '0 0') return;
  current.known = now;
  tell(await resultOf(file, current, options), options);
}

export function tell(result: CheckResult, { json, width }: FollowOptions): void {
  console.log(json ? JSON.stringify(checkJson(result)) : describeCheck(result, { paint: paintVerdict, width }).join('\n'));
}

async function resultOf(file: string, { header, headerLine, log, events, lastLine }: Current, options: CheckOptions): Promise<CheckResult> {
  const about = { file, header, headerLine, warnings: [] };
  if (!isLog(header)) return check({ ...about, events }, options);
  const [result] = await logResults([{ about, pass: endPass(log), lastLine }], () => openTrace(file).input, options);
  return result!;
}

/** Comes with the first Ctrl-C; the second ends the process as ever. */
export function interruption(): AbortSignal {
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  return stop.signal;
}
