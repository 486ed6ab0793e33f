/** All sequences of inputs up to a length, as far as a correct cluster can give them and up to the names of the values. */
import type { Alphabet, Carried, Word } from './alphabet.js';
import { NOTHING_CARRIED } from './alphabet.js';
import type { Renaming } from './exchange.js';
import { rename, startRenaming } from './exchange.js';

export interface SequenceOptions {
  readonly length: number;
  readonly exchange: boolean;
  /** Sequences with restarts are left out; see `restartSequences`. */
  readonly withoutRestarts?: boolean;
}

/** Every sequence of exactly this length; the shorter ones are their beginnings. In lexicographic order. */
export function* sequences(alphabet: Alphabet, { length, exchange, withoutRestarts = false }: SequenceOptions): Generator<Word> {
  const usable = [...alphabet.inputs.keys()].filter((index) => !(withoutRestarts && alphabet.isRestart(index)));
  function* extend(word: number[], carried: Carried, renaming: Renaming): Generator<Word> {
    if (word.length === length) {
      yield [...word];
      return;
    }
    for (const index of usable) {
      const after = alphabet.carry(carried, index);
      const renamed = rename(alphabet, renaming, index);
      if (after === null || renamed.index !== index) continue;
      word.push(index);
      yield* extend(word, after, renamed.renaming);
      word.pop();
    }
  }
  yield* extend([], NOTHING_CARRIED, startRenaming(alphabet, exchange));
}

/** Every sequence of exactly this length with one restart, which is neither first nor last: for acceptors that must be killed for one. */
export function* restartSequences(alphabet: Alphabet, options: SequenceOptions): Generator<Word> {
  const restart = alphabet.own('restart');
  if (restart < 0) return;
  for (const word of sequences(alphabet, { ...options, length: options.length - 1, withoutRestarts: true })) {
    for (let at = 1; at < word.length; at++) yield [...word.slice(0, at), restart, ...word.slice(at)];
  }
}
