/**
 * Active learning of an acceptor's machine (L# of Vaandrager, Garhewal, Rot, Wißmann 2022; L* with its table replaced by
 * the tree of observations). What was observed anyway, all sequences up to a length, is the oracle that the machine must
 * agree with; long random walks look beyond that length.
 */
import type { Word } from './alphabet.js';
import type { Care, Hypothesis } from './hypothesis.js';
import { buildHypothesis, counterexample, follow } from './hypothesis.js';
import type { Observations } from './observations.js';
import { keyOf } from './observations.js';

export interface LearnOptions {
  /** More states than this, and the acceptor is not learned. Default: 400. */
  readonly maxStates?: number;
  /** Sequences, whatever their values are called, that the machine must explain besides those in the tree. */
  readonly mustExplain?: readonly Word[];
}

/** The machine, or why there is none. */
export type Learned = { readonly machine: Hypothesis } | { readonly failure: 'too many states' | 'no machine explains it' };

/** Learns a machine that agrees with every observation; asks the subject where they do not suffice. */
export async function learn(observations: Observations, { maxStates = 400, mustExplain = [] }: LearnOptions = {}): Promise<Learned> {
  const cares: Care[] = ['quick', 'careful', 'separate'];
  for (;;) {
    const known = observations.size;
    const machine = await buildHypothesis(observations, { maxStates, care: cares[0]! });
    if (machine === null) return { failure: 'too many states' };
    const wrong = counterexample(observations, machine) ?? mustExplain.find((word) => !explains(observations, machine, word)) ?? null;
    if (wrong === null) return { machine };
    await refine(observations, machine, wrong);
    // What was asked while building may tell states apart that were taken for one before.
    if (observations.size > known) continue;
    cares.shift();
    if (cares.length === 0) return { failure: 'no machine explains it' };
  }
}

/** True if the machine answers the word as the subject did; also if nobody has asked it. */
export function explains(observations: Observations, machine: Hypothesis, word: Word): boolean {
  const known = observations.known(word);
  const own = follow(machine, word);
  return known === null || (own !== null && own.answers.map(keyOf).join() === known.map(keyOf).join());
}

/** Asks what the states on the way of the counterexample answer to the rest of it: one of them must be two (Rivest, Schapire 1993). */
async function refine(observations: Observations, machine: Hypothesis, wrong: Word): Promise<void> {
  const path = follow(machine, wrong.slice(0, -1));
  for (const [at, state] of (path?.states ?? []).entries()) {
    const word = [...machine[state]!.access, ...wrong.slice(at)];
    if (observations.alphabet.carriedBy(word) !== null) await observations.ask(word);
  }
}
