/** What reports show beside the lines of a log: findings, what keeps a trace from a verdict, and what --strict refuses. */
import type { Gravity } from '../../model/rule-book.js';
import { gravityOf } from '../../model/rule-book.js';
import type { CheckResult } from '../check/check.js';
import type { Place } from '../trace/errors.js';
import type { Trace } from '../trace/read.js';
import { explanationOf, statementOf } from './check-report.js';
import { linesOf } from './neighbours.js';

export interface Problem {
  /** The rule, or why there is no verdict: `no-order`, `inconclusive`. */
  readonly id: string;
  readonly gravity: Gravity;
  readonly line: number;
  readonly text: string;
  /** Earlier lines that this one contradicts. */
  readonly because: readonly number[];
  /** Where these lines are. */
  readonly trace: Trace;
}

/** All problems of the trace, by line. Whoever looks for problems only must not take an inconclusive trace for one that conforms. */
export function problemsOf(result: CheckResult): Problem[] {
  const found = result.findings.map((finding): Problem => ({ id: finding.rule, gravity: gravityOf(finding.severity), line: finding.line, text: `${finding.slot === undefined ? '' : `slot      ${finding.slot}\n`}${explanationOf(result, finding)}`, because: finding.because, trace: linesOf(result, finding) }));
  return [...found, ...noVerdict(result)].sort((one, other) => one.line - other.line);
}

function noVerdict(result: CheckResult): Problem[] {
  const { verdict, first, lost, unexplained, trace } = result;
  if (verdict !== 'inconclusive' || first !== undefined) return [];
  const [line] = unexplained.keys();
  const text = statementOf(result);
  return [lost === 0 && line !== undefined ? { id: 'no-order', gravity: 0, line, text, because: [], trace } : { id: 'inconclusive', gravity: 1, line: trace.headerLine, text, because: [], trace }];
}

/** A warning of a trace as an error. */
export interface Refusal {
  readonly place: Required<Place>;
  readonly code: string;
  readonly message: string;
}

/** Why --strict refuses the trace. */
export const refusalsOf = ({ file, warnings }: Trace): Refusal[] =>
  warnings.map((warning) => ({ place: { file: warning.file ?? file, line: warning.line }, code: warning.code, message: `${warning.message} (an error under --strict)` }));

/** The same as JSON: one object for the trace, where the first of them is. */
export function refusalJson(trace: Trace): object {
  const [{ place, code, message }] = refusalsOf(trace) as [Refusal, ...Refusal[]];
  return {
    format: 'paxcheck-verdict',
    version: 1,
    ...place,
    ...(trace.header.id !== undefined && { id: trace.header.id }),
    error: { name: 'TraceWarning', code, message, hint: 'without --strict such lines are ignored' },
    warnings: trace.warnings,
  };
}
