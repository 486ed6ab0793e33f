/** What is told of a log, and what may be asked for. */

/** A slot in which a rule may be broken, where and which. */
export interface Suspicion {
  readonly slot: number;
  readonly line: number;
  readonly rule: string;
  /** It matters for safety: the slot was not judged any further. */
  readonly isSerious: boolean;
  /** False if it may turn out to be nothing. */
  readonly isCertain: boolean;
}

/** Bounds of what is kept in memory. */
export const LOG_LIMITS = { slots: 10_000_000, shapes: 200_000, broad: 20_000, proposed: 5_000_000, suspicions: 100_000 } as const;

export interface LogOptions {
  /** False: judges every event anew, which is slow. For tests. */
  readonly remember?: boolean;
  /** True: an event that is of many slots is told to all of them at once, so that what is wrong is known then. */
  readonly eager?: boolean;
  /** False: the order is not the real one, but one that was found: lines about slots that everybody has trimmed may yet come. */
  readonly isInOrder?: boolean;
}
