/** One trace of the corpus with what is expected of it, and why: the reason must not be our own checker's output. */
import type { Verdict } from '../../model/verdict.js';
import type { TraceEvent, TraceHeader } from '../trace/wire.js';

export interface CorpusEntry {
  readonly id: string;
  readonly about: string;
  readonly lines: readonly [TraceHeader, ...TraceEvent[]];
  readonly bounds: { readonly acceptors: number; readonly ballots: number; readonly values: number };
  readonly expected: Verdict;
  /** The first wrong line (the header is line 1) and the rule that it breaks; absent if no line is wrong. */
  readonly wrong?: { readonly line: number; readonly rule: string };
}
