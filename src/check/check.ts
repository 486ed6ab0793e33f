/** Checks one trace: which rules its events exercise, the first that breaks one, and what that can cost. */
import { quorumsIntersect } from '../../model/cluster-rules.js';
import { blockedBy } from '../../model/guard.js';
import { RULES, isOfSafety } from '../../model/rule-book.js';
import type { Verdict } from '../../model/verdict.js';
import { joinParts } from '../trace/parts.js';
import type { Trace } from '../trace/read.js';
import type { Compiled } from './compile.js';
import { compile } from './compile.js';
import type { Consequence } from './consequence.js';
import { consequenceOf } from './consequence.js';
import type { Finding } from './finding.js';
import type { Bench } from './bench.js';
import { benchFor } from './bench.js';
import { coreOf } from './core.js';
import { judge } from './judge.js';
import type { Linearized } from './linearize.js';
import { linearize } from './linearize.js';

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

const isSerious = ({ severity }: Finding): boolean => isOfSafety(severity);

/** So many serious findings are followed to their consequence; with more of them harmless, the outcome is not known. */
const MAX_CONSEQUENCES = 5;

export const newExplorations = (): Explorations => ({ left: MAX_CONSEQUENCES });

/** The consequences of serious findings, until one of them is a disagreement. */
class Consequences {
  /** What the report tells: a disagreement if there is one, otherwise the first. */
  told: { readonly finding: Finding; readonly consequence: Consequence } | undefined;
  private followed = 0;

  constructor(private readonly bench: Bench<Compiled>, private readonly explorations: Explorations) {}

  /** Looks at serious findings that are new: one search for those of the same line, from the state after it. */
  follow(): void {
    const { compiled, state, findings } = this.bench;
    const fresh = findings.slice(this.followed).filter(isSerious);
    this.followed = findings.length;
    if (fresh.length === 0 || this.told?.consequence.kind === 'disagreement') return;
    if (fresh.some(({ severity }) => severity === 'consensus') && this.told !== undefined) return;
    const tooMany: Consequence = { kind: 'unknown', reason: `only the first ${MAX_CONSEQUENCES} wrong lines are explored` };
    const consequence = this.explorations.left-- > 0 ? consequenceOf(compiled, { cluster: state.cluster, decided: [...state.chosen, ...state.decided] }) : tooMany;
    if (this.told === undefined || RANK[consequence.kind] > RANK[this.told.consequence.kind]) this.told = { finding: fresh[0]!, consequence };
  }
}

/** The worst is told: what can cost agreement, then what may. */
const RANK: Readonly<Record<Consequence['kind'], number>> = { none: 0, unknown: 1, disagreement: 2 };

/** Checks a complete trace in memory. A broken rule is a finding, never an exception. Without an order between nodes it is checked in one that explains it, if there is one. */
export function check(trace: Trace, options: CheckOptions = {}): CheckResult {
  return trace.header.order === 'total' ? checkInOrder(trace, options) : checkParts([trace], options);
}

/** Checks logs of single nodes that belong to one run. Throws TraceError if they do not fit together. */
export function checkParts(traces: readonly Trace[], options: CheckOptions = {}): CheckResult {
  const { trace, unexplained } = linearize(joinParts(traces));
  const result = checkInOrder(trace, options);
  // A log that contradicts itself, though it breaks no rule, by causes that come after what they cause, say.
  const verdict = result.verdict === 'conforms' && unexplained.size > 0 ? 'inconclusive' : result.verdict;
  return { ...result, verdict, unexplained };
}

function checkInOrder(trace: Trace, { maxErrors = MAX_ERRORS, explorations = newExplorations() }: CheckOptions): CheckResult {
  const compiled = compile(trace);
  const bench = benchFor(compiled);
  const consequences = new Consequences(bench, explorations);
  checkHeader(bench);
  consequences.follow();
  for (const { event, line } of trace.events) {
    judge(bench, event, line);
    consequences.follow();
  }
  return result(bench, consequences.told, maxErrors);
}

function checkHeader({ compiled, exercised, findings }: Bench<Compiled>): void {
  exercised['quorums-intersect'] = 1;
  const blocked = blockedBy(quorumsIntersect, compiled.quorums, compiled.names);
  if (blocked.length === 0) return;
  findings.push({
    line: compiled.trace.headerLine, rule: 'quorums-intersect', severity: 'safety', at: undefined, blocked, because: [],
    expected: 'quorums of phase 1 and phase 2 that have an acceptor in common', got: compiled.quorums.name,
  });
}

function result({ compiled, state, findings, exercised }: Bench<Compiled>, told: Consequences['told'], maxErrors: number): CheckResult {
  const consensus = findings.find(({ severity }) => severity === 'consensus');
  const first = findings.find(isSerious) ?? findings.find(({ severity }) => severity === 'deviation');
  const cored = independent(compiled, findings, maxErrors);
  const isTold = (finding: Finding): boolean => finding === first || finding === consensus || finding === told?.finding;
  const isBefore = (finding: Finding): boolean => !isSerious(finding) && (first === undefined || finding.line <= first.line || first.severity === 'deviation');
  for (const finding of findings) if (!cored.has(finding) && (isTold(finding) || isBefore(finding))) cored.set(finding, isTold(finding) ? withCore(compiled, finding) : finding);
  const tested = isTested(exercised);
  return {
    trace: compiled.trace,
    events: compiled.trace.events.length,
    verdict: verdictOf(first, consensus, told?.consequence, state.nodes.lost > 0 || !tested),
    findings: findings.flatMap((finding) => cored.get(finding) ?? []),
    first: first && cored.get(first),
    consequence: told && { ...told, finding: cored.get(told.finding) ?? told.finding },
    tested,
    exercised,
    notTested: notTestedOf(exercised),
    lost: state.nodes.lost,
    unexplained: new Map(),
  };
}

/** A rule that matters was put to the test. */
export const isTested = (exercised: CheckResult['exercised']): boolean => RULES.some(({ id, severity }) => isOfSafety(severity) && id !== 'quorums-intersect' && exercised[id]! > 0);

export const notTestedOf = (exercised: CheckResult['exercised']): string[] => RULES.map(({ id }) => id).filter((id) => exercised[id] === 0);

const withCore = (compiled: Compiled, finding: Finding): Finding => ({ ...finding, because: coreOf(compiled, finding) });

/** So many findings are looked at for independent ones. */
const MAX_CORES = 50;

/** The serious findings that need no line that is wrong itself: what follows from an error is not told. Each with its core. */
function independent(compiled: Compiled, findings: readonly Finding[], most: number): Map<Finding, Finding> {
  const told = new Map<Finding, Finding>();
  const wrong = new Set<number>();
  for (const finding of findings.filter(isSerious).slice(0, MAX_CORES)) {
    if (told.size >= most || wrong.has(finding.line)) continue;
    const cored = withCore(compiled, finding);
    if (!cored.because.some((line) => wrong.has(line))) told.set(finding, cored);
    wrong.add(finding.line);
  }
  return told;
}

function verdictOf(first: Finding | undefined, consensus: Finding | undefined, consequence: Consequence | undefined, saysTooLittle: boolean): Verdict {
  if (consensus !== undefined || consequence?.kind === 'disagreement') return 'unsafe';
  if (consequence?.kind === 'unknown') return 'inconclusive';
  if (first !== undefined) return 'deviates';
  return saysTooLittle ? 'inconclusive' : 'conforms';
}
