import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wrap } from './wrap.js';

describe('wrapping', () => {
  it('leaves lines that fit as they are, whatever spaces are in them', () => {
    expect(wrap('    false     a  b   [1 >= 2]', 29)).toEqual(['    false     a  b   [1 >= 2]']);
    expect(wrap('x '.repeat(500), Infinity)).toHaveLength(1);
  });

  it.each([
    ['a label', '    rule      one two three four five', ['    rule      one two three', '              four five']],
    ['a number', '      10. one two three four five', ['      10. one two three four', '          five']],
    ['an arrow', '      => one two three four five', ['      => one two three four', '         five']],
    ['nothing but spaces', '    one two: three four five six', ['    one two: three four five', '      six']],
    ['a label that takes more than half', '    unfortunately  one two three four', ['    unfortunately  one two', '              three four']],
  ])('goes on below the text after %s', (_, line, pieces) => {
    expect(wrap(line, 28)).toEqual(pieces);
  });

  it('keeps a word that is too long whole', () => {
    expect(wrap(`    got       ${'w'.repeat(60)} after`, 40)).toEqual([`    got       ${'w'.repeat(60)}`, '              after']);
    expect(wrap('w'.repeat(60), 40)).toEqual(['w'.repeat(60)]);
  });

  it('loses no word, and breaks no line that a space would have let fit', () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(words, fc.integer({ min: 40, max: 100 }), fc.constantFrom('', '    rule      ', '      3. '), (list, width, head) => {
        const pieces = wrap(head + list.join(' '), width);
        expect(pieces.join(' ').split(/ +/).filter(Boolean)).toEqual((head + list.join(' ')).split(/ +/).filter(Boolean));
        for (const piece of pieces) expect(piece.length).toBeLessThanOrEqual(width);
      }),
    );
  });
});
