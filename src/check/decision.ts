/** Checks the trace of one decision: which rules its events exercise, the first that breaks one, and what that can cost. */
import { quorumsIntersect } from '../../model/cluster-rules.js';
import { blockedBy } from '../../model/guard.js';
import { isOfSafety } from '../../model/rule-book.js';
import type { Verdict } from '../../model/verdict.js';
import type { Trace } from '../trace/read.js';
import type { Bench } from './bench.js';
import { benchFor } from './bench.js';
import type { Compiled } from './compile.js';
import { compile } from './compile.js';
import type { Consequence } from './consequence.js';
import { consequenceOf, GRAVITY } from './consequence.js';
import { coreOf } from './core.js';
import type { Finding } from './finding.js';
import { judge } from './judge.js';
import type { CheckOptions, CheckResult, Explorations } from './result.js';
import { isTested, MAX_CONSEQUENCES, MAX_ERRORS, newExplorations, notTestedOf } from './result.js';

const isSerious = ({ severity }: Finding): boolean => isOfSafety(severity);

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
    if (this.told === undefined || GRAVITY[consequence.kind] > GRAVITY[this.told.consequence.kind]) this.told = { finding: fresh[0]!, consequence };
  }
}

/** Checks the lines of one decision, in their order. A broken rule is a finding, never an exception. */
export function checkDecision(trace: Trace, { maxErrors = MAX_ERRORS, explorations = newExplorations() }: CheckOptions): CheckResult {
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
