/**
 * The rules on a learned machine, for sequences of any length: everything that the machine can be made to say, by
 * whatever a correct cluster can send it. Keeping the rules of severity `safety` here is enough for agreement in any
 * cluster of such acceptors, however large (spec/synod.md).
 */
import type { Alphabet, Carried, Word } from './alphabet.js';
import { NOTHING_CARRIED } from './alphabet.js';
import type { Hypothesis } from './hypothesis.js';
import type { Context } from './judge.js';
import { NEW_ACCEPTOR, judge } from './judge.js';
import { isSafety } from './review.js';

export interface MachineCheck {
  /** For each rule broken a shortest sequence that breaks it. */
  readonly breaches: ReadonlyMap<string, Word>;
  /** False if it ended before everything was seen. */
  readonly complete: boolean;
  /** Pairs of a state and what was said and sent. */
  readonly places: number;
}

interface Place {
  readonly state: number;
  readonly carried: Carried;
  readonly context: Context;
  readonly word: Word;
}

/** Checks breadth first, until a rule of safety is broken or a number of places was seen. Default: 100000. */
export function checkMachine(alphabet: Alphabet, machine: Hypothesis, limit = 100_000): MachineCheck {
  const breaches = new Map<string, Word>();
  // As if every prepare had been sent, which only the harmless promise-has-prepare could notice: fewer places.
  const prepares = Array.from({ length: alphabet.ballots }, (_, index) => index + 1);
  const places: Place[] = [{ state: 0, carried: NOTHING_CARRIED, context: { ...NEW_ACCEPTOR, prepares }, word: [] }];
  const seen = new Set<string>();
  for (const { state, carried, context, word } of places) {
    for (const [index, move] of machine[state]!.moves) {
      const after = alphabet.carry(carried, index);
      if (after === null) continue;
      const judged = judge(context, alphabet.input(index), { ...move.answer, claims: [] }, alphabet.values);
      const longer = [...word, index];
      for (const { rule } of judged.broken) if (!breaches.has(rule)) breaches.set(rule, longer);
      if (judged.broken.some(({ rule }) => isSafety(rule))) return { breaches, complete: false, places: places.length };
      const key = `${move.to} ${after} ${JSON.stringify(judged.context.history)}`;
      if (seen.has(key)) continue;
      if (places.length >= limit) return { breaches, complete: false, places: places.length };
      seen.add(key);
      places.push({ state: move.to, carried: after, context: judged.context, word: longer });
    }
  }
  return { breaches, complete: true, places: places.length };
}
