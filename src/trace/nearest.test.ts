import { expect, test } from 'vitest';
import { didYouMean, nearest } from './nearest.js';

test.each([
  ['balot', 'ballot'],
  ['blalot', 'ballot'],
  ['Ballot', 'ballot'],
  ['vlaue', 'value'],
  ['a', 'at'],
  ['value2', 'value'],
  ['completely different', undefined],
  ['xyz', undefined],
  ['', undefined],
])('nearest: %j means %j', (word, meant) => {
  expect(nearest(word, ['at', 'ballot', 'value'])).toBe(meant);
});

test('nearest: a word of 1 MB is no work', () => {
  expect(nearest('x'.repeat(1e6), ['at', 'ballot'])).toBeUndefined();
  expect(didYouMean(7, ['at'], 'otherwise')).toBe('otherwise');
});
