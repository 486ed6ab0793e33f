/** Long random sequences, the same for the same seed: they look for what shows only after many inputs. */
import type { Alphabet, Word } from './alphabet.js';
import { NOTHING_CARRIED } from './alphabet.js';
import type { Hypothesis } from './hypothesis.js';
import { follow } from './hypothesis.js';
import type { Observations } from './observations.js';
import { keyOf } from './observations.js';
import type { Answer } from './subject.js';

export interface WalkOptions {
  readonly count: number;
  readonly length: number;
  readonly seed: number;
  readonly withoutRestarts: boolean;
}

/** Mulberry32: numbers from 0 to 1, 1 excluded. */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The walks: each step is drawn from what a correct cluster could give next. */
export function walksOf(alphabet: Alphabet, { count, length, seed, withoutRestarts }: WalkOptions): Word[] {
  const random = randomNumbers(seed);
  const usable = [...alphabet.inputs.keys()].filter((index) => !(withoutRestarts && alphabet.isRestart(index)));
  return Array.from({ length: count }, () => {
    const word: number[] = [];
    let carried = NOTHING_CARRIED;
    while (word.length < length) {
      const possible = usable.filter((index) => alphabet.carry(carried, index) !== null);
      const index = possible[Math.floor(random() * possible.length)]!;
      carried = alphabet.carry(carried, index)!;
      word.push(index);
    }
    return word;
  });
}

/** A walk with what came of it. */
export interface Walked {
  readonly word: Word;
  readonly answers: readonly Answer[];
}

/** Runs the walks under their own names. */
export async function walk(observations: Observations, words: readonly Word[]): Promise<Walked[]> {
  const walked: Walked[] = [];
  for (const word of words) walked.push({ word, answers: await observations.runAsIs(word) });
  return walked;
}

/** The shortest beginning of a walk at which the subject and the machine part; null if they never do. */
export function surprise(machine: Hypothesis, walked: readonly Walked[]): Word | null {
  const parted = walked.flatMap(({ word, answers }) => {
    const expected = follow(machine, word)?.answers ?? [];
    const at = answers.findIndex((answer, index) => expected[index] === undefined || keyOf(expected[index]) !== keyOf(answer));
    return at < 0 ? [] : [word.slice(0, at + 1)];
  });
  return parted.reduce<Word | null>((shortest, word) => (shortest === null || word.length < shortest.length ? word : shortest), null);
}
