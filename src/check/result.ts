/** What a check comes to. */
import { RULES, isOfSafety } from '../../model/rule-book.js';
import type { Verdict } from '../../model/verdict.js';
import type { Trace } from '../trace/read.js';
import type { Consequence } from './consequence.js';
import type { Finding } from './finding.js';
import type { Linearized } from './linearize.js';

export interface CheckResult {
  /** Its events may have been left out; `events` counts them. */
  readonly trace: Trace;
  readonly events: number;
  readonly verdict: Verdict;
  /** The first line that breaks a rule that matters for safety, others that do not follow from it, deviations before it, and where consensus broke. By line. */
  readonly findings: readonly Finding[];
  /** The finding that decides the verdict, if there is one. */
  readonly first: Finding | undefined;
  /** What the serious findings can cost, the worst of them; undefined if there is none. */
  readonly consequence: { readonly finding: Finding; readonly consequence: Consequence } | undefined;
  /** False if no rule that matters was exercised: then nothing is claimed. */
  readonly tested: boolean;
  /** How often each rule was exercised, rules never exercised included. */
  readonly exercised: Readonly<Record<string, number>>;
  readonly notTested: readonly string[];
  /** Lines that the log says are missing. */
  readonly lost: number;
  /** Of logs without an order between nodes: lines that no order explains, and why. */
  readonly unexplained: Linearized['unexplained'];
  /** Of logs of many decisions. */
  readonly log?: LogCounts;
  /** Of the same: the lines of slots in which something is wrong, each as a trace of one decision. */
  readonly slots?: ReadonlyMap<number, Trace>;
}

export interface LogCounts {
  /** The slots of which something was said, but for those that were trimmed. */
  readonly slots: number;
  /** Those in which something is wrong; `unexplored`: so many of them were not looked into. */
  readonly wrongSlots: number;
  readonly unexplored: number;
  /** Events about slots that everybody had trimmed before: they were not judged. */
  readonly notJudged: number;
}

export interface CheckOptions {
  /** How many errors that do not follow from each other are told; default 10. */
  readonly maxErrors?: number;
  /** How many wrong lines are still followed to what they can cost, in all traces that share this; default 5 for each trace. */
  readonly explorations?: Explorations;
}

/** Counts down. With none left, what further lines can cost is not known. */
export interface Explorations {
  left: number;
}

export const MAX_ERRORS = 10;

/** So many serious findings are followed to their consequence; with more of them harmless, the outcome is not known. */
export const MAX_CONSEQUENCES = 5;

export const newExplorations = (): Explorations => ({ left: MAX_CONSEQUENCES });

/** A rule that matters was put to the test. */
export const isTested = (exercised: CheckResult['exercised']): boolean => RULES.some(({ id, severity }) => isOfSafety(severity) && id !== 'quorums-intersect' && exercised[id]! > 0);

export const notTestedOf = (exercised: CheckResult['exercised']): string[] => RULES.map(({ id }) => id).filter((id) => exercised[id] === 0);
