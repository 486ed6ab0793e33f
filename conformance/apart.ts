/** Apartness (Vaandrager et al. 2022): two sequences lead to different states if some continuation, observed after both, was answered differently. */
import type { Word } from './alphabet.js';
import type { Cursor, Observations } from './observations.js';
import { keyOf } from './observations.js';

/** The shortest continuation that was answered differently after the two words; null if nothing observed tells them apart. */
export function witness(observations: Observations, one: Word, other: Word): Word | null {
  const [first, second] = [observations.at(one), observations.at(other)];
  if (first === null || second === null) return null;
  let pairs: { readonly first: Cursor; readonly second: Cursor; readonly word: Word }[] = [{ first, second, word: [] }];
  while (pairs.length > 0) {
    const next: typeof pairs = [];
    for (const pair of pairs) {
      for (const index of observations.alphabet.inputs.keys()) {
        const [a, b] = [observations.step(pair.first, index), observations.step(pair.second, index)];
        if (a === null || b === null) continue;
        const word = [...pair.word, index];
        if (keyOf(a.answer) !== keyOf(b.answer)) return word;
        if (a.cursor.node.edges.size > 0 && b.cursor.node.edges.size > 0) next.push({ first: a.cursor, second: b.cursor, word });
      }
    }
    pairs = next;
  }
  return null;
}
