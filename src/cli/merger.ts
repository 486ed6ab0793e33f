/** Verdicts of many jobs as if one had checked all; in memory are the hashes of traces, and where each was met first. */
import type { Verdict } from '../../model/verdict.js';
import { count, plural } from '../numbers.js';
import type { Place } from '../trace/errors.js';
import { traceError } from '../trace/errors.js';
import { showText } from '../trace/show.js';
import { showShard } from './shard.js';
import type { Tally } from './tally.js';
import { emptyTally } from './tally.js';
import type { ErrorLine, SummaryLine, VerdictLine } from './verdict-lines.js';

interface Seen extends Pick<VerdictLine, 'verdict' | 'checker' | 'isUntested' | 'isRun' | 'odd'>, Required<Place> {}

/** The first is the worst. */
const BY_WEIGHT: readonly Verdict[] = ['unsafe', 'inconclusive', 'deviates', 'conforms'];

export class Merger {
  /** Verdicts that were there already. */
  duplicates = 0;
  /** If one of the jobs was. */
  strict: boolean;
  private readonly seen = new Map<string, Seen>();
  private readonly errors = new Set<string>();
  private readonly versions = new Map<string, string>();
  /** By the number of shards: those that were met, and of how many traces each knows. */
  private readonly shards = new Map<number, { readonly met: Set<number>; readonly traces: Map<number, string> }>();
  private readonly gaps: string[] = [];
  private jobs = 0;

  constructor(strict: boolean) {
    this.strict = strict;
  }

  /** Throws TraceError if it contradicts what was said of the same trace by the same version. */
  add(line: VerdictLine | ErrorLine | SummaryLine, place: Required<Place>): void {
    if (line.kind === 'error') this.errors.add(line.key);
    else if (line.kind === 'summary') this.addSummary(line);
    else this.addVerdict(line, place);
  }

  /** A verdict file has come to its end: so many lines, and so many that its summaries told of. `cut`: within a line. */
  endFile(file: string, lines: number, told: number | null, cut: boolean): void {
    const name = showText(file);
    if (cut) this.gaps.push(`${name} ends within a line: the job may have died`);
    else if (told === null) this.gaps.push(`${name} has no summary line: the job may have died`);
    else if (told !== lines) this.gaps.push(`${name} has ${plural(lines, 'line')} where its summaries count ${count(told)}: a job may have died, or lines are lost`);
  }

  /** Why the verdicts may not be those of all traces. */
  get incomplete(): readonly string[] {
    return [...this.gaps, ...[...this.shards.keys()].flatMap((of) => this.gapsOf(of)), ...(this.jobs === 0 && this.gaps.length === 0 ? ['there is no summary line'] : [])];
  }

  /** Shards without a summary line, the first hundred; `i/n`. */
  get missing(): readonly string[] {
    return [...this.shards.keys()].flatMap((of) => this.missingOf(of, 100));
  }

  get checkers(): readonly string[] {
    return [...this.versions.keys()].sort();
  }

  get runsNotChecked(): boolean {
    return this.badFiles > 0 && [...this.seen.values()].some(({ isRun }) => isRun);
  }

  /** As `check` counts: with a file that was not understood, nothing is said of logs of single nodes. */
  get tally(): Tally {
    const { badFiles } = this;
    const tally = { ...emptyTally(), badFiles };
    for (const { verdict, isUntested, isRun, odd } of this.seen.values()) {
      if ((isRun && badFiles > 0) || this.isRefused(odd)) continue;
      tally.verdicts[verdict]++;
      if (isUntested) tally.untested++;
    }
    return tally;
  }

  private get badFiles(): number {
    let files = this.errors.size;
    for (const { odd } of this.seen.values()) if (this.isRefused(odd)) files += odd;
    return files;
  }

  private isRefused(odd: number): boolean {
    return this.strict && odd > 0;
  }

  private addVerdict({ kind: _, sha256, ...said }: VerdictLine, place: Required<Place>): void {
    const key = Buffer.from(sha256, 'hex').toString('latin1');
    const checker = this.known(said.checker);
    const before = this.seen.get(key);
    if (before === undefined) {
      this.seen.set(key, { ...said, checker, ...place });
      return;
    }
    this.duplicates++;
    if (before.verdict === said.verdict) return;
    if (before.checker === checker) {
      throw traceError('BAD_VALUE', { ...place, field: 'verdict' }, {
        expected: `"${before.verdict}", as in ${showText(before.file)}:${before.line} for the trace with the same sha256`, got: `"${said.verdict}"`,
        hint: 'the same version says the same of the same trace: one of the files was changed, or a job ran with other options; check the trace again',
      });
    }
    if (BY_WEIGHT.indexOf(said.verdict) < BY_WEIGHT.indexOf(before.verdict)) this.seen.set(key, { ...said, checker, ...place });
  }

  private addSummary({ checker, shard, strict, of }: SummaryLine): void {
    this.jobs++;
    this.known(checker);
    this.strict ||= strict;
    if (shard === null) return;
    const known = this.shards.get(shard.of) ?? { met: new Set(), traces: new Map() };
    this.shards.set(shard.of, known);
    known.met.add(shard.number);
    known.traces.set(of, showShard(shard));
  }

  /** One copy of each, however many verdicts it is in. */
  private known(checker: string): string {
    const copy = this.versions.get(checker) ?? checker;
    this.versions.set(copy, copy);
    return copy;
  }

  private gapsOf(of: number): string[] {
    const { met, traces } = this.shards.get(of)!;
    const missing = of - met.size;
    const shown = this.missingOf(of, 8);
    const more = missing - shown.length;
    return [
      ...(missing > 0 ? [`no summary of ${missing === 1 ? 'shard' : 'shards'} ${shown.join(', ')}${more > 0 ? ` and ${count(more)} more` : ''}: the ${missing === 1 ? 'job' : 'jobs'} may have died`] : []),
      ...(traces.size > 1 ? [`the shards did not see the same files: ${[...traces].map(([times, shard]) => `${plural(times, 'trace')} in ${shard}`).slice(0, 8).join(', ')}`] : []),
    ];
  }

  private missingOf(of: number, most: number): string[] {
    const { met } = this.shards.get(of)!;
    const missing: string[] = [];
    for (let number = 1; number <= of && missing.length < most; number++) if (!met.has(number)) missing.push(showShard({ number, of }));
    return missing;
  }
}
