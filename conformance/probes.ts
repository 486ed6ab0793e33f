/**
 * The question of conformance testing, in the manner of the W-method (Chow 1978; Fujiwara et al. 1991): after each state
 * and every two inputs, is the acceptor in the state that the machine says? It is asked by what tells that state from
 * all others. A machine with a state too few shows it, wherever a correct cluster can ask.
 */
import type { Word } from './alphabet.js';
import { witness } from './apart.js';
import type { Hypothesis } from './hypothesis.js';
import { followFrom } from './hypothesis.js';
import type { Observations } from './observations.js';
import { keyOf } from './observations.js';

/** What the machine answers to the word in this state. */
const answersIn = (machine: Hypothesis, state: number, word: Word): string | null =>
  followFrom(machine, state, word)?.answers.map(keyOf).join() ?? null;

/** Some continuations that together tell the state from every other one; greedily few. */
function identify(machine: Hypothesis, state: number, words: readonly Word[]): Word[] {
  let others = machine.map((_, other) => other).filter((other) => other !== state);
  const chosen: Word[] = [];
  const separates = (word: Word, other: number): boolean => {
    const [own, its] = [answersIn(machine, state, word), answersIn(machine, other, word)];
    return own !== null && its !== null && own !== its;
  };
  for (;;) {
    const gains = words.map((word) => others.filter((other) => separates(word, other)).length);
    const best = Math.max(0, ...gains);
    if (best === 0) return chosen;
    const word = words[gains.indexOf(best)]!;
    chosen.push(word);
    others = others.filter((other) => !separates(word, other));
  }
}

/** The shortest known continuations by which two states are told apart, for all pairs. */
function witnesses(observations: Observations, machine: Hypothesis): Word[] {
  const pairs = machine.flatMap(({ access }, state) => machine.slice(0, state).map((other) => witness(observations, access, other.access) ?? []));
  return [...new Map(pairs.filter((word) => word.length > 0).map((word) => [word.join(), word])).values()].sort((one, other) => one.length - other.length);
}

/** Leaves out what is the beginning of another word: asking that answers it. */
function longest(words: readonly Word[]): Word[] {
  const sorted = [...new Map(words.map((word) => [`${word.join()},`, word]))].sort(([one], [other]) => (one < other ? -1 : 1));
  return sorted.flatMap(([text, word], at) => (sorted[at + 1]?.[0].startsWith(text) === true ? [] : [word]));
}

/** The sequences to ask, those that no correct cluster gives left out. */
export function probes(observations: Observations, machine: Hypothesis, withoutRestarts: boolean): Word[] {
  const { alphabet } = observations;
  const words = witnesses(observations, machine);
  const questions = machine.map((_, state) => identify(machine, state, words));
  const found = machine.flatMap(({ access, moves }) =>
    [...moves].flatMap(([first, one]) =>
      [...machine[one.to]!.moves].flatMap(([second, other]) => questions[other.to]!.map((question) => [...access, first, second, ...question])),
    ),
  );
  return longest(found.filter((word) => alphabet.carriedBy(word) !== null && !(withoutRestarts && word.some((index) => alphabet.isRestart(index)))));
}
