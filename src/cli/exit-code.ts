/** What scripts can trust. */
import type { Verdict } from '../../model/verdict.js';

export const EXIT = { conforms: 0, unsafe: 1, inconclusive: 2, badInput: 3, adapterFailed: 4, nothingTested: 5, usage: 64 } as const;

/** `deviates` is a warning unless asked to be strict. */
export const exitCodeOf = (verdict: Verdict, strict = false): number => (verdict === 'deviates' ? (strict ? EXIT.unsafe : EXIT.conforms) : EXIT[verdict]);
