import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { skipLines } from './skip.js';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const word = fc.constantFrom('a', 'lost', 'los', 'format', '\\u', '{}', '', 'é');

describe('passing over lines', () => {
  it('passes over the lines before the first that has a text in it, or does not end, and over no other (any lines, from any line on)', () => {
    let passed = 0;
    fc.assert(
      fc.property(fc.array(fc.array(word, { maxLength: 3 }), { minLength: 1, maxLength: 12 }), fc.boolean(), (words, isWhole) => {
        const lines = words.map((each) => each.join(' '));
        const bytes = utf8(lines.join('\n') + (isWhole ? '\n' : ''));
        const skip = skipLines(['lost']);
        for (let first = 0; first < lines.length; first++) {
          const whole = isWhole ? lines.length : lines.length - 1;
          const marked = lines.findIndex((line, at) => at >= first && /lost|format|\\u/.test(line));
          const expected = Math.min(whole, marked < 0 ? whole : marked);
          const start = utf8(lines.slice(0, first).map((line) => `${line}\n`).join('')).length;
          const skipped = skip(bytes, start);
          expect(skipped?.lines ?? 0).toBe(Math.max(0, expected - first));
          if (skipped !== null) expect(skipped.next).toBe(utf8(lines.slice(0, expected).map((line) => `${line}\n`).join('')).length);
          passed += skipped?.lines ?? 0;
        }
      }),
    );
    expect(passed).toBeGreaterThan(100);
  });
});
