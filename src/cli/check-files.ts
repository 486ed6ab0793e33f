/** What there is to say of a file, trace by trace: in this thread or in another, so it is plain data. */
import type { Verdict } from '../../model/verdict.js';
import type { CheckOptions, CheckResult } from '../check/check.js';
import { check } from '../check/check.js';
import { asComplete } from '../check/complete.js';
import { isLog } from '../check/log-check.js';
import type { LogRead } from '../check/log-file.js';
import { keepLog, logResults } from '../check/log-file.js';
import type { Identity } from '../report/check-report.js';
import type { CheckReporter } from '../report/check-reporter.js';
import type { Finding, TraceErrorCode, TraceLocation } from '../trace/errors.js';
import { TraceError } from '../trace/errors.js';
import type { TraceSourceFile } from '../trace/files.js';
import type { Content } from '../trace/hashes.js';
import { Contents } from '../trace/hashes.js';
import type { Keep, Trace } from '../trace/read.js';
import { collect, MAX_EVENTS, readEach } from '../trace/read.js';
import { skipLines } from '../trace/skip.js';
import type { Manner } from './check-formats.js';
import type { Shard } from './shard.js';
import { mayBeIn, select } from './shard.js';
import { VERSION } from './version.js';

export interface Task extends Manner {
  readonly shard: Shard | null;
  /** See CheckOptions. */
  readonly maxErrors?: number;
}

export interface Judged {
  readonly kind: 'judged';
  readonly file: string;
  readonly verdict: Verdict;
  readonly isUntested: boolean;
  /** What the report says of it; the result itself if the reporter needs that. */
  readonly piece: unknown;
}

export interface Misread {
  readonly kind: 'misread';
  readonly code: TraceErrorCode;
  readonly location: TraceLocation;
  readonly finding: Finding;
}

/** How many traces a file has, in whatever shard; parts of runs are told by the ids of their runs. */
export interface Census {
  readonly kind: 'census';
  readonly traces: number;
  readonly runs: readonly (string | undefined)[];
}

/** A log of single nodes; of many decisions without its events, and with the nodes that lost lines. */
export interface Part {
  readonly trace: Trace;
  readonly lossy?: readonly string[];
}

export type Outcome =
  | Judged
  | Misread
  | Census
  /** A part of a run that was logged node by node: it waits for the others. */
  | ({ readonly kind: 'part'; readonly content: Content } & Part)
  /** Understood but for what is an error to who asks for strictness. */
  | { readonly kind: 'refused'; readonly trace: Trace };

/** Judges the traces of a file; one that is not understood ends it. Of a shard: what belongs there, and errors that may. */
export async function* checkFile({ file, input, again }: TraceSourceFile, task: Task, reporter: CheckReporter): AsyncGenerator<Outcome> {
  const { shard } = task;
  const logs = new Logs(again, task, reporter);
  const contents = new Contents();
  const runs: (string | undefined)[] = [];
  let traces = 0;
  const count = ({ isPart, id }: Content): void => {
    if (isPart) runs.push(id);
    else traces++;
  };
  try {
    const hashed = contents.through(input);
    const selected = shard === null ? { input: hashed, last: Infinity } : await select(hashed, contents, shard);
    if (selected !== null) {
      for await (const read of readEach(selected.input, file, task.strict ? keepStrictly : keep)) {
        const content = contents.ended.shift()!;
        count(content);
        if (mayBeIn(shard, content)) {
          if ('pass' in read) {
            logs.add(read, content);
            if (logs.areReady) yield* logs.results();
          } else {
            yield* logs.results();
            yield onTrace('lossy' in read ? read.trace : read, content, task, reporter, 'lossy' in read ? read.lossy : undefined);
          }
        }
        if (content.line === selected.last) break;
      }
    }
  } catch (error) {
    if (!(error instanceof TraceError)) throw error;
    yield* logs.results();
    const { line = 0 } = error.location;
    const where = contents.ended.filter((content) => content.line <= line).at(-1);
    if (where === undefined || mayBeIn(shard, where)) yield misread(error);
  }
  yield* logs.results();
  contents.ended.forEach(count);
  yield { kind: 'census', traces, runs };
}

/** Logs of many decisions are judged as they are read, and may be long; other traces are kept. */
const keep: Keep<Trace | LogRead | Required<Part>> = (context, place, done) => {
  if (!isLog(context.header)) return collect(context, place, MAX_EVENTS, done);
  return context.header.order === 'total' ? keepLog(context, place, done) : keepPart(context, place, done);
};

/** The same for who asks for strictness: what nodes do was logged without exception, whatever the header says. */
const keepStrictly: typeof keep = (context, place, done) => keep({ ...context, header: asComplete(context.header) }, place, done);

const OTHER_THAN_LOST = skipLines(['lost', 'upto']);

/** Events are read again when all parts are known. */
const keepPart: Keep<Required<Part>> = ({ header }, place, done) => {
  const lossy = new Set<string>();
  return {
    event: (event) => {
      // Votes for what is hidden are as good as lost.
      if (event.kind === 'lost' || (event.kind === 'accepted' && event.upto !== undefined && !header.complete.includes('accept'))) lossy.add(event.at);
    },
    end: ({ warnings }) => done({ trace: { file: place.file, header, headerLine: place.line, events: [], warnings }, lossy: [...lossy] }),
    ignored: () => undefined,
    skip: OTHER_THAN_LOST,
  };
};

/** Logs that were read once. What is wrong in them is looked for in all of them together, for it takes another reading. */
class Logs {
  private waiting: { readonly read: LogRead; readonly content: Content }[] = [];

  constructor(private readonly again: () => AsyncIterable<Uint8Array>, private readonly task: Task, private readonly reporter: CheckReporter) {}

  add(read: LogRead, content: Content): void {
    this.waiting.push({ read, content });
  }

  /** Nothing has to be read again, or much is waiting. */
  get areReady(): boolean {
    return this.waiting.length >= MAX_WAITING || this.waiting.every(({ read }) => read.pass.wrong.length === 0);
  }

  async *results(): AsyncGenerator<Outcome> {
    const { waiting } = this;
    this.waiting = [];
    const accepted = waiting.filter(({ read }) => !this.isRefused(read));
    let results: readonly CheckResult[];
    try {
      results = await logResults(accepted.map(({ read }) => read), this.again, optionsOf(this.task));
    } catch (error) {
      // It was understood when it was read first: it is another one by now.
      if (!(error instanceof TraceError)) throw error;
      yield misread(error);
      return;
    }
    for (const { read, content } of waiting) {
      const at = accepted.findIndex((each) => each.read === read);
      if (at < 0) yield { kind: 'refused', trace: { ...read.about, events: [] } };
      else yield judged(results[at]!, { checker: VERSION, sha256: content.sha256 }, this.reporter);
    }
  }

  private isRefused({ about }: LogRead): boolean {
    return this.task.strict && about.warnings.length > 0;
  }
}

const MAX_WAITING = 100;

export const optionsOf = ({ maxErrors }: Task): CheckOptions => (maxErrors === undefined ? {} : { maxErrors });

/** What there is to say of one trace, which is complete in memory. */
function onTrace(trace: Trace, content: Content, task: Task, reporter: CheckReporter, lossy?: readonly string[]): Outcome {
  const { warnings, header } = trace;
  const { strict } = task;
  // An unknown kind of event or a newer version is an error for users who ask for strictness.
  if (strict && warnings.length > 0) return { kind: 'refused', trace };
  if (header.order === 'per-node') return { kind: 'part', trace, content, ...(lossy !== undefined && { lossy }) };
  return judged(check(trace, optionsOf(task)), { checker: VERSION, sha256: content.sha256 }, reporter);
}

export const judged = (result: CheckResult, identity: Identity, reporter: CheckReporter): Judged => ({
  kind: 'judged',
  file: result.trace.file,
  verdict: result.verdict,
  isUntested: !result.tested && result.first === undefined,
  piece: reporter.pieces === null ? result : reporter.pieces.of(result, identity),
});

export const misread = ({ code, location, expected, got, hint }: TraceError): Misread => ({ kind: 'misread', code, location, finding: { expected, got, hint } });
