/** What the verdicts of many traces come to: a line to read, and an exit code. */
import type { Verdict } from '../../model/verdict.js';
import { plural } from '../numbers.js';
import { EXIT, exitCodeOf } from './exit-code.js';
import { paintVerdict } from './style.js';

export interface Tally {
  readonly verdicts: Record<Verdict, number>;
  badFiles: number;
  /** Traces that put no rule to the test; they are inconclusive, too. */
  untested: number;
}

export const emptyTally = (): Tally => ({ verdicts: { conforms: 0, deviates: 0, unsafe: 0, inconclusive: 0 }, badFiles: 0, untested: 0 });

export function count(tally: Tally, verdict: Verdict, isUntested: boolean): void {
  tally.verdicts[verdict]++;
  if (isUntested) tally.untested++;
}

export const tracesIn = ({ verdicts }: Tally): number => Object.values(verdicts).reduce((sum, times) => sum + times, 0);

/** `isWhole`: false if some of the traces may be missing; then nothing passes. */
export function exitCode({ verdicts, badFiles, untested }: Tally, strict: boolean, isWhole = true): number {
  if (verdicts.unsafe > 0) return EXIT.unsafe;
  if (badFiles > 0) return EXIT.badInput;
  if (verdicts.deviates > 0 && strict) return exitCodeOf('deviates', strict);
  if (verdicts.inconclusive > untested || !isWhole) return EXIT.inconclusive;
  return untested > 0 ? EXIT.nothingTested : EXIT.conforms;
}

/** `of`: how many traces there are, where others are judged elsewhere. */
export function summary(tally: Tally, of = tracesIn(tally)): string {
  const parts = (Object.entries(tally.verdicts) as [Verdict, number][]).filter(([, times]) => times > 0).map(([verdict, times]) => `${times} ${paintVerdict(verdict)}`);
  return `${plural(of, 'trace')}: ${[...parts, ...(tally.badFiles > 0 ? [`${plural(tally.badFiles, 'file')} not understood`] : []), ...(tally.untested > 0 ? [`${tally.untested} put no rule to the test`] : [])].join(', ')}`;
}
