/** Checks one trace: which rules its events exercise, the first that breaks one, and what that can cost. */
import { quorumsIntersect } from '../../model/cluster-rules.js';
import { blockedBy } from '../../model/guard.js';
import { RULES } from '../../model/rule-book.js';
import type { Verdict } from '../../model/verdict.js';
import type { Trace } from '../trace/read.js';
import type { Compiled } from './compile.js';
import { compile } from './compile.js';
import type { Consequence } from './consequence.js';
import { consequenceOf } from './consequence.js';
import type { Finding } from './finding.js';
import type { Bench } from './judge.js';
import { judge } from './judge.js';
import { CheckState } from './state.js';

export interface CheckResult {
  readonly trace: Trace;
  readonly verdict: Verdict;
  /** The first line that breaks a rule that matters for safety, deviations before it, and where consensus broke. By line. */
  readonly findings: readonly Finding[];
  /** The finding that decides the verdict, if there is one. */
  readonly first: Finding | undefined;
  /** What the first safety finding can cost; undefined if there is none. */
  readonly consequence: Consequence | undefined;
  /** How often each rule was exercised, rules never exercised included. */
  readonly exercised: Readonly<Record<string, number>>;
  readonly notTested: readonly string[];
  /** Lines that the log says are missing. */
  readonly lost: number;
  readonly names: Compiled['names'];
}

const isSerious = ({ severity }: Finding): boolean => severity === 'safety' || severity === 'consensus';

/** Checks a complete trace in memory. A broken rule is a finding, never an exception. */
export function check(trace: Trace): CheckResult {
  const compiled = compile(trace);
  const state = new CheckState(compiled.quorums);
  const bench: Bench = { compiled, state, findings: [], exercised: new Map() };
  checkHeader(bench);
  let consequence = bench.findings.some(isSerious) ? consequenceOf(compiled, { cluster: state.cluster, decided: [] }) : undefined;
  for (const { event, line } of trace.events) {
    judge(bench, event, line);
    if (consequence === undefined && bench.findings.some(isSerious)) consequence = consequenceOf(compiled, { cluster: state.cluster, decided: state.decided });
  }
  return result(bench, consequence);
}

function checkHeader({ compiled, exercised, findings }: Bench): void {
  exercised.set('quorums-intersect', 1);
  const blocked = blockedBy(quorumsIntersect, compiled.quorums, compiled.names);
  if (blocked.length === 0) return;
  findings.push({
    line: compiled.trace.headerLine, rule: 'quorums-intersect', severity: 'safety', at: undefined, blocked, because: [],
    expected: 'quorums of phase 1 and phase 2 that have an acceptor in common', got: compiled.quorums.name,
  });
}

function result({ compiled, state, findings, exercised }: Bench, consequence: Consequence | undefined): CheckResult {
  const serious = findings.filter(isSerious);
  const consensus = findings.find(({ severity }) => severity === 'consensus');
  const first = serious[0] ?? findings.find(({ severity }) => severity === 'deviation');
  // After the first serious line the others may only follow from it; where consensus broke is told in any case.
  const told = findings.filter((finding) => finding === first || finding === consensus || (!isSerious(finding) && (first === undefined || finding.line <= first.line || first.severity === 'deviation')));
  return {
    trace: compiled.trace,
    verdict: verdictOf(first, consensus, consequence, state.lost),
    findings: told,
    first,
    consequence,
    exercised: Object.fromEntries(RULES.map(({ id }) => [id, exercised.get(id) ?? 0])),
    notTested: RULES.map(({ id }) => id).filter((id) => !exercised.has(id)),
    lost: state.lost,
    names: compiled.names,
  };
}

function verdictOf(first: Finding | undefined, consensus: Finding | undefined, consequence: Consequence | undefined, lost: number): Verdict {
  if (consensus !== undefined || consequence?.kind === 'disagreement') return 'unsafe';
  if (consequence?.kind === 'unknown' || lost > 0) return 'inconclusive';
  return first === undefined ? 'conforms' : 'deviates';
}
