/** `paxcheck check` over many files: what is told of each is counted and reported, and parts of runs are put together. */
import type { CheckResult } from '../check/check.js';
import { checkParts } from '../check/check.js';
import { isLog } from '../check/log-check.js';
import type { LogPart } from '../check/log-parts.js';
import { checkLogParts } from '../check/log-parts.js';
import { count as showCount, plural } from '../numbers.js';
import { refusalsOf } from '../report/check-problems.js';
import type { Identity } from '../report/check-report.js';
import type { CheckReporter } from '../report/check-reporter.js';
import { TraceError, traceError } from '../trace/errors.js';
import { openTrace } from '../trace/files.js';
import type { Content } from '../trace/hashes.js';
import { hashOfParts } from '../trace/hashes.js';
import { groupParts } from '../trace/parts.js';
import type { Trace } from '../trace/read.js';
import type { Judged, Outcome, Task } from './check-files.js';
import { checkFile, judged, optionsOf } from './check-files.js';
import { reporterFor } from './check-formats.js';
import type { Source } from './check-sources.js';
import { planThreads, sourcesAt } from './check-sources.js';
import { checkInThreads } from './check-threads.js';
import { reportFailure } from './failure.js';
import type { Progress } from './progress.js';
import { isIn, showShard } from './shard.js';
import { count, emptyTally, summary, tracesIn } from './tally.js';
import { VERSION } from './version.js';

/** Also where verdicts of several runs of the command are put together. */
export const RUNS_NOT_CHECKED = 'paxcheck: the logs of single nodes are not checked: one that was not understood may be a part of their run';

export class CheckRun {
  readonly tally = emptyTally();
  readonly reporter: CheckReporter;
  /** Orders that were found for logs without one. */
  readonly orders: Trace[] = [];
  private readonly parts = new Map<Trace, { readonly content: Content; readonly lossy: readonly string[] }>();
  /** Of all shards: traces in real order, and runs by their ids. */
  private traces = 0;
  private readonly runs = new Set<string | undefined>();
  private lines = 0;
  private seen = 0;

  constructor(private readonly task: Task, private readonly bar: Progress) {
    this.reporter = reporterFor(task, (text) => this.print(text));
  }

  /** Checks every file below the paths; one that is not understood does not keep the others from being checked. `threads`: undefined for as many as pay; some reports need one. */
  async check(paths: readonly string[], threads: number | undefined): Promise<void> {
    const most = this.reporter.pieces === null ? 1 : threads;
    const plan = most === undefined ? await planThreads(sourcesAt(paths)) : { threads: most, sources: sourcesAt(paths) };
    const outcomes = plan.threads === 1 ? this.checkHere(plan.sources) : checkInThreads(plan.sources, this.task, plan.threads, (source) => this.outcomesOf(source));
    for await (const outcome of outcomes) this.take(outcome);
    await this.checkRuns();
    this.bar.clear();
  }

  /** One line for people. */
  get summary(): string {
    const { shard } = this.task;
    return shard === null ? summary(this.tally) : `shard ${shard.number} of ${shard.of}: ${showCount(tracesIn(this.tally))} of ${summary(this.tally, this.all)}`;
  }

  /** The last line for machines: without it some of the lines may be missing. */
  get summaryJson(): object {
    const { shard, strict } = this.task;
    const { verdicts, badFiles, untested } = this.tally;
    return { format: 'paxcheck-summary', version: 1, checker: VERSION, ...(shard && { shard: showShard(shard) }), strict, lines: this.lines, traces: tracesIn(this.tally), of: this.all, verdicts, notUnderstood: badFiles, untested };
  }

  /** Traces in all shards; a run that was logged node by node is one. */
  private get all(): number {
    return this.traces + this.runs.size;
  }

  private async *checkHere(sources: AsyncGenerator<Source>): AsyncGenerator<Outcome> {
    for await (const source of sources) yield* this.outcomesOf(source);
  }

  private async *outcomesOf(source: Source): AsyncGenerator<Outcome> {
    if ('kind' in source) yield source;
    else yield* checkFile(source, this.task, this.reporter);
  }

  private take(outcome: Outcome): void {
    switch (outcome.kind) {
      case 'judged':
        this.tellProgress(outcome.file);
        this.takeJudged(outcome);
        break;
      case 'misread':
        this.tellError(traceError(outcome.code, outcome.location, outcome.finding));
        break;
      case 'refused':
        this.tellProgress(outcome.trace.file);
        this.takeRefused(outcome.trace);
        break;
      case 'part':
        this.tellProgress(outcome.trace.file);
        this.parts.set(outcome.trace, { content: outcome.content, lossy: outcome.lossy ?? [] });
        break;
      case 'census':
        this.traces += outcome.traces;
        for (const id of outcome.runs) this.runs.add(id);
    }
  }

  private takeJudged({ verdict, isUntested, piece }: Judged): void {
    count(this.tally, verdict, isUntested);
    if (this.reporter.pieces === null) this.reporter.result(piece as CheckResult);
    else this.reporter.pieces.add(piece);
  }

  private takeRefused(trace: Trace): void {
    this.tally.badFiles++;
    this.bar.clear();
    this.reporter.refused(trace);
    if (this.task.format === 'json') return;
    for (const { place, code, message } of refusalsOf(trace)) console.error(`${place.file}:${place.line}: ${code}: ${message}`);
  }

  /** Files that are not understood are counted, and told. */
  private tellError(error: TraceError): void {
    this.tally.badFiles++;
    this.reporter.error(error);
    if (this.task.format !== 'json') reportFailure(error);
  }

  private async checkRuns(): Promise<void> {
    if (this.tally.badFiles > 0 && this.parts.size > 0) {
      console.error(RUNS_NOT_CHECKED);
      return;
    }
    for (const group of groupParts([...this.parts.keys()])) {
      const contents = group.map((trace) => ({ file: trace.file, line: trace.headerLine, sha256: this.parts.get(trace)!.content.sha256 }));
      const sha256 = hashOfParts(contents);
      // With an id it was known before that they belong here.
      if (group[0].header.id === undefined && !isIn(this.task.shard, sha256)) continue;
      await this.checkRun(group, { checker: VERSION, sha256, parts: contents.sort((one, other) => (one.sha256 < other.sha256 ? -1 : 1)) });
    }
  }

  private async checkRun(group: readonly [Trace, ...Trace[]], identity: Identity): Promise<void> {
    try {
      const result = isLog(group[0].header) ? await checkLogParts(group.map((trace) => this.partOf(trace)), optionsOf(this.task)) : checkParts(group, optionsOf(this.task));
      if (result.log === undefined) this.orders.push(result.trace);
      this.takeJudged(judged(result, identity, this.reporter));
    } catch (error) {
      if (!(error instanceof TraceError)) throw error;
      this.tellError(error);
    }
  }

  private partOf(trace: Trace): LogPart {
    return { trace, lossy: this.parts.get(trace)!.lossy, open: () => openTrace(trace.file).input };
  }

  private print(text: string): void {
    this.bar.clear();
    this.lines++;
    console.log(text);
  }

  private tellProgress(file: string): void {
    this.seen++;
    this.bar.update(() => `${plural(this.seen, 'trace')} checked, now ${file}`);
  }
}
