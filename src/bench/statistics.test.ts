import { describe, expect, it } from 'vitest';
import { median, rangeText } from './statistics.js';
import { tableText } from './table-text.js';

describe('statistics', () => {
  it.each([[[3], 3], [[3, 1, 2], 2], [[4, 1, 3, 2], 2.5], [[10, 9, 100], 10]])('the median of %j is %d', (numbers, middle) => {
    expect(median(numbers)).toBe(middle);
  });

  it('the range of one run is no range', () => {
    expect(rangeText([1.234], 2)).toBe('one run');
    expect(rangeText([2, 1.234], 2)).toBe('1.23–2.00');
  });

  it('tables: words on the left, numbers on the right', () => {
    expect(tableText([['who', 's'], ['us', '10.5']], 1)).toEqual(['  who     s', '  us   10.5']);
  });
});
