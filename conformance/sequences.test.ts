import { describe, expect, test } from 'vitest';
import type { Input, Word } from './alphabet.js';
import { Alphabet } from './alphabet.js';
import { asInExamples, canonical } from './exchange.js';
import { restartSequences, sequences } from './sequences.js';

const alphabet = new Alphabet({ ballots: 3, values: 2, restart: true, persist: false });

/** Every word over the alphabet, without any cleverness. */
const allWords = (length: number): Word[] =>
  length === 0 ? [[]] : allWords(length - 1).flatMap((word) => [...alphabet.inputs.keys()].map((index) => [...word, index]));

const inputs = (word: Word): Input[] => word.map((index) => alphabet.input(index));

function sendsTwoValuesInABallot(word: Word): boolean {
  const values = new Map<number, number>();
  return inputs(word).some((input) => {
    if (input.kind !== 'accept') return false;
    const before = values.get(input.ballot);
    values.set(input.ballot, input.value);
    return before !== undefined && before !== input.value;
  });
}

const exchanged = (word: Word): Word =>
  word.map((index) => {
    const input = alphabet.input(index);
    return input.kind === 'accept' ? alphabet.accept(input.ballot, 1 - input.value) : index;
  });

describe('sequences', () => {
  test.each([1, 2, 3, 4])('of length %i: one of each pair that exchanging x and y makes, none with two values in a ballot (B=3 V=2, restarts)', (length) => {
    const found = [...sequences(alphabet, { length, exchange: true })].map((word) => word.join());
    const possible = allWords(length).filter((word) => !sendsTwoValuesInABallot(word));
    const classes = new Set(possible.map((word) => [word.join(), exchanged(word).join()].sort().join(' ')));
    expect(new Set(found).size).toBe(found.length);
    expect(found.length).toBe(classes.size);
    expect(new Set(found.map((word) => [word, exchanged(word.split(',').map(Number)).join()].sort().join(' ')))).toEqual(classes);
  });

  test('without exchange: every sequence that sends one value in each ballot (B=3 V=2, length 3)', () => {
    const found = [...sequences(alphabet, { length: 3, exchange: false })];
    expect(found.length).toBe(allWords(3).filter((word) => !sendsTwoValuesInABallot(word)).length);
  });

  test('with one restart: never first, never last', () => {
    const found = [...restartSequences(alphabet, { length: 3, exchange: true })];
    const restart = alphabet.own('restart');
    expect(found.length).toBe(42);
    for (const word of found) expect(word.map((index) => index === restart)).toEqual([false, true, false]);
  });

  test('a word and its exchange have the same canonical form; examples name the values by their ballots', () => {
    for (const word of allWords(3).filter((one) => !sendsTwoValuesInABallot(one))) {
      expect(canonical(alphabet, exchanged(word), true)).toEqual(canonical(alphabet, word, true));
      expect(canonical(alphabet, asInExamples(alphabet, word), true)).toEqual(canonical(alphabet, word, true));
    }
    const seed = alphabet.word({ kind: 'accept', ballot: 2, value: 0 }, { kind: 'accept', ballot: 1, value: 1 });
    expect(inputs(asInExamples(alphabet, seed))).toEqual([{ kind: 'accept', ballot: 2, value: 1 }, { kind: 'accept', ballot: 1, value: 0 }]);
  });
});
