/**
 * Active learning of an acceptor's machine (L# of Vaandrager, Garhewal, Rot, Wißmann 2022; L* with its table replaced by
 * the tree of observations). What was observed anyway, all sequences up to a length, is the oracle that the machine must
 * agree with; long random walks look beyond that length.
 */
import type { Word } from './alphabet.js';
import type { Care, Hypothesis } from './hypothesis.js';
import { buildHypothesis, counterexample, follow } from './hypothesis.js';
import type { Observations } from './observations.js';

export interface LearnOptions {
  /** More states than this, and the acceptor is not learned. Default: 400. */
  readonly maxStates?: number;
}

/** The machine, or why there is none. */
export type Learned = { readonly machine: Hypothesis } | { readonly failure: string };

/** Learns a machine that agrees with every observation; asks the subject where they do not suffice. */
export async function learn(observations: Observations, { maxStates = 400 }: LearnOptions = {}): Promise<Learned> {
  const cares: Care[] = ['quick', 'careful', 'separate'];
  for (;;) {
    const known = observations.size;
    const machine = await buildHypothesis(observations, { maxStates, care: cares[0]! });
    if (machine === null) return { failure: `it has more than ${maxStates} states within these bounds` };
    const wrong = counterexample(observations, machine);
    if (wrong === null) return { machine };
    await refine(observations, machine, wrong);
    // What was asked while building may tell states apart that were taken for one before.
    if (observations.size > known) continue;
    cares.shift();
    if (cares.length === 0) return { failure: 'no machine explains what was observed' };
  }
}

/** Asks what the states on the way of the counterexample answer to the rest of it: one of them must be two (Rivest, Schapire 1993). */
async function refine(observations: Observations, machine: Hypothesis, wrong: Word): Promise<void> {
  const path = follow(machine, wrong.slice(0, -1));
  for (const [at, state] of (path?.states ?? []).entries()) {
    const word = [...machine[state]!.access, ...wrong.slice(at)];
    if (observations.alphabet.carriedBy(word) !== null) await observations.ask(word);
  }
}
