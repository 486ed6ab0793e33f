/** What the checker found at one line of a trace. */
import type { Blocked } from '../../model/guard.js';
import type { Severity } from '../../model/rule-book.js';

export interface Finding {
  readonly line: number;
  /** Of a log of many decisions: the one that it is about, if it is about one. */
  readonly slot?: number;
  readonly rule: string;
  readonly severity: Severity;
  /** The node at which it happened; undefined for the header. */
  readonly at: string | undefined;
  /** The false conjuncts of the rule, with this trace's numbers. */
  readonly blocked: readonly Blocked[];
  readonly expected: string;
  readonly got: string;
  /** Earlier lines that this one contradicts, ascending; of serious findings no more than are needed (see core.ts). */
  readonly because: readonly number[];
}
