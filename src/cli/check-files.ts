/** What there is to say of a file, trace by trace: in this thread or in another, so it is plain data. */
import type { Verdict } from '../../model/verdict.js';
import type { CheckResult } from '../check/check.js';
import { check } from '../check/check.js';
import type { Identity } from '../report/check-report.js';
import type { CheckReporter } from '../report/check-reporter.js';
import type { Finding, TraceErrorCode, TraceLocation } from '../trace/errors.js';
import { TraceError } from '../trace/errors.js';
import type { TraceSourceFile } from '../trace/files.js';
import type { Content } from '../trace/hashes.js';
import { Contents } from '../trace/hashes.js';
import type { Trace } from '../trace/read.js';
import { readTraces } from '../trace/read.js';
import type { Manner } from './check-formats.js';
import type { Shard } from './shard.js';
import { mayBeIn, select } from './shard.js';
import { VERSION } from './version.js';

export interface Task extends Manner {
  readonly shard: Shard | null;
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

export type Outcome =
  | Judged
  | Misread
  | Census
  /** A part of a run that was logged node by node: it waits for the others. */
  | { readonly kind: 'part'; readonly trace: Trace; readonly content: Content }
  /** Understood but for what is an error to who asks for strictness. */
  | { readonly kind: 'refused'; readonly trace: Trace };

/** Judges the traces of a file; one that is not understood ends it. Of a shard: what belongs there, and errors that may. */
export async function* checkFile({ file, input }: TraceSourceFile, task: Task, reporter: CheckReporter): AsyncGenerator<Outcome> {
  const { shard } = task;
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
      for await (const trace of readTraces(selected.input, file)) {
        const content = contents.ended.shift()!;
        count(content);
        if (mayBeIn(shard, content)) yield onTrace(trace, content, task, reporter);
        if (content.line === selected.last) break;
      }
    }
  } catch (error) {
    if (!(error instanceof TraceError)) throw error;
    const { line = 0 } = error.location;
    const where = contents.ended.filter((content) => content.line <= line).at(-1);
    if (where === undefined || mayBeIn(shard, where)) yield misread(error);
  }
  contents.ended.forEach(count);
  yield { kind: 'census', traces, runs };
}

/** What there is to say of one trace, which is complete in memory. */
function onTrace(trace: Trace, content: Content, { strict }: Task, reporter: CheckReporter): Outcome {
  const { warnings, header } = trace;
  // An unknown kind of event or a newer version is an error for users who ask for strictness.
  if (strict && warnings.length > 0) return { kind: 'refused', trace };
  if (header.order === 'per-node') return { kind: 'part', trace, content };
  return judged(check(trace), { checker: VERSION, sha256: content.sha256 }, reporter);
}

export const judged = (result: CheckResult, identity: Identity, reporter: CheckReporter): Judged => ({
  kind: 'judged',
  file: result.trace.file,
  verdict: result.verdict,
  isUntested: !result.tested && result.first === undefined,
  piece: reporter.pieces === null ? result : reporter.pieces.of(result, identity),
});

export const misread = ({ code, location, expected, got, hint }: TraceError): Misread => ({ kind: 'misread', code, location, finding: { expected, got, hint } });
