/** What collects the verdicts of many traces into one report. */
import type { CheckResult } from '../check/check.js';
import type { TraceError } from '../trace/errors.js';
import type { Trace } from '../trace/read.js';

export interface CheckReporter {
  readonly result: (result: CheckResult) => void;
  /** A file that was not understood. */
  readonly error: (error: TraceError) => void;
  /** A trace with warnings, which --strict takes for errors. */
  readonly refused: (trace: Trace) => void;
  /** The report, without a newline at its end. */
  readonly end: () => string;
}
