/**
 * Values are opaque to an acceptor, so sequences that differ in the names of the values only are the same sequence.
 * Of each class the one is run in which values appear in the order x, y, ...; answers are translated back.
 */
import type { Reply, Value, Vote } from '../src/index.js';
import type { Alphabet, Word } from './alphabet.js';
import type { Answer } from './subject.js';

/** The values in the order of their first use: place i holds the value that is called i in the sequence run. */
export type Renaming = readonly Value[];

/** Before anything is used; or, if values are not to be exchanged, every value under its own name. */
export const startRenaming = (alphabet: Alphabet, exchange: boolean): Renaming => (exchange ? [] : Array.from({ length: alphabet.values }, (_, value) => value));

/** The input under the names of the sequence run, and the names after it. */
export function rename(alphabet: Alphabet, renaming: Renaming, index: number): { readonly index: number; readonly renaming: Renaming } {
  const input = alphabet.input(index);
  if (input.kind !== 'accept') return { index, renaming };
  const known = renaming.indexOf(input.value);
  return {
    index: alphabet.accept(input.ballot, known < 0 ? renaming.length : known),
    renaming: known < 0 ? [...renaming, input.value] : renaming,
  };
}

/** The sequence of its class that is run. */
export function canonical(alphabet: Alphabet, word: Word, exchange: boolean): Word {
  let renaming = startRenaming(alphabet, exchange);
  return word.map((index) => {
    const renamed = rename(alphabet, renaming, index);
    renaming = renamed.renaming;
    return renamed.index;
  });
}

/** The same sequence with x for the value of the lowest ballot, y for the next, ...: how examples are written. */
export function asInExamples(alphabet: Alphabet, word: Word): Word {
  const accepts = word.flatMap((index) => {
    const input = alphabet.input(index);
    return input.kind === 'accept' ? [input] : [];
  });
  const order = [...new Set([...accepts].sort((one, other) => one.ballot - other.ballot).map((accept) => accept.value))];
  return word.map((index) => {
    const input = alphabet.input(index);
    return input.kind === 'accept' ? alphabet.accept(input.ballot, order.indexOf(input.value)) : index;
  });
}

const isIdentity = (renaming: Renaming): boolean => renaming.every((value, place) => value === place);

/** The answer in the names of whoever asked. */
export function translate(answer: Answer, renaming: Renaming, values: number): Answer {
  if (isIdentity(renaming)) return answer;
  const rest = Array.from({ length: values }, (_, value) => value).filter((value) => !renaming.includes(value));
  const names = [...renaming, ...rest];
  const vote = <V extends Vote | null>(cast: V): V => (cast === null ? cast : { ...cast, value: names[cast.value] ?? cast.value });
  const message = <R extends Reply>(reply: R): R => (reply.kind === 'promise' ? { ...reply, vote: vote(reply.vote) } : reply.kind === 'accepted' ? vote(reply as R & Vote) : reply);
  const { known } = answer;
  return {
    ...answer,
    replies: answer.replies.map(message),
    claims: answer.claims.map(message),
    ...(known?.vote !== undefined && { known: { ...known, vote: vote(known.vote) } }),
  };
}
