/** Checks a trace, whatever it is of. */
import { joinParts } from '../trace/parts.js';
import type { Trace } from '../trace/read.js';
import { checkDecision } from './decision.js';
import { linearize } from './linearize.js';
import { checkLog, isLog } from './log-check.js';
import type { CheckOptions, CheckResult } from './result.js';

export type { CheckOptions, CheckResult } from './result.js';

/** Checks a complete trace in memory. A broken rule is a finding, never an exception. Without an order between nodes it is checked in one that explains it, if there is one. */
export function check(trace: Trace, options: CheckOptions = {}): CheckResult {
  if (trace.header.order !== 'total') return checkParts([trace], options);
  return isLog(trace.header) ? checkLog(trace, options) : checkDecision(trace, options);
}

/** Checks logs of single nodes that belong to one run. Throws TraceError if they do not fit together. */
export function checkParts(traces: readonly Trace[], options: CheckOptions = {}): CheckResult {
  const { trace, unexplained } = linearize(joinParts(traces));
  const result = checkDecision(trace, options);
  // A log that contradicts itself, though it breaks no rule, by causes that come after what they cause, say.
  const verdict = result.verdict === 'conforms' && unexplained.size > 0 ? 'inconclusive' : result.verdict;
  return { ...result, verdict, unexplained };
}
