/**
 * A guard is a conjunction whose conjuncts have names, so that a false guard can say why it is false.
 * Every rule of the protocol is written as one, here in `model/`, and nowhere else.
 */
import type { Names } from './words.js';
import { PLAIN_NAMES } from './words.js';

/** One condition of a guard: a formula as in the paper, its truth, and the same formula with this run's numbers. */
export interface Conjunct<C> {
  readonly formula: string;
  readonly holds: (context: C) => boolean;
  readonly numbers: (context: C, names: Names) => string;
}

/** Named conjuncts; the guard is their conjunction. The empty guard is true. */
export type Guard<C> = Readonly<Record<string, Conjunct<C>>>;

/** A conjunct that is false, with its numbers filled in. */
export interface Blocked {
  readonly conjunct: string;
  readonly formula: string;
  readonly numbers: string;
}

/** True if every conjunct holds. */
export function allows<C>(guard: Guard<C>, context: C): boolean {
  for (const name in guard) if (!guard[name]!.holds(context)) return false;
  return true;
}

/** The false conjuncts, in the order in which the guard names them; empty if the guard allows the step. */
export function blockedBy<C>(guard: Guard<C>, context: C, names: Names = PLAIN_NAMES): Blocked[] {
  return Object.entries(guard)
    .filter(([, conjunct]) => !conjunct.holds(context))
    .map(([name, conjunct]) => ({ conjunct: name, formula: conjunct.formula, numbers: conjunct.numbers(context, names) }));
}

/** The same guard without the named conjunct: how a mutant forgets a rule. */
export function without<C>(guard: Guard<C>, name: string): Guard<C> {
  if (!(name in guard)) throw new Error(`the guard has no conjunct ${name}`);
  return Object.fromEntries(Object.entries(guard).filter(([key]) => key !== name));
}
