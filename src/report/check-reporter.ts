/** What makes a report of the verdicts of many traces. */
import type { CheckResult } from '../check/check.js';
import type { TraceError } from '../trace/errors.js';
import type { Trace } from '../trace/read.js';
import type { Identity } from './check-report.js';

/** What a report says of one trace, as plain data, for another thread may have made it. */
export interface Pieces<Piece = unknown> {
  /** Needs nothing of what was added. */
  of(result: CheckResult, identity?: Identity): Piece;
  add(piece: Piece): void;
}

export interface CheckReporter {
  readonly result: (result: CheckResult, identity?: Identity) => void;
  /** The same in two steps. Null where what is said of a trace depends on those before it: then one thread has to do it all. */
  readonly pieces: Pieces | null;
  /** A file that was not understood. */
  readonly error: (error: TraceError) => void;
  /** A trace with warnings, which --strict takes for errors. */
  readonly refused: (trace: Trace) => void;
  /** The rest of the report, without a newline at its end; empty if all was told trace by trace. */
  readonly end: () => string;
}

export const inPieces = <Piece>(pieces: Pieces<Piece>): Pick<CheckReporter, 'result' | 'pieces'> => ({
  result: (result, identity) => pieces.add(pieces.of(result, identity)),
  pieces,
});
