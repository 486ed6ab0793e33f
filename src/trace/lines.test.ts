import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Line } from './lines.js';
import { LineSplitter, MAX_LINE_BYTES } from './lines.js';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

async function* stream(...chunks: readonly (Uint8Array | string)[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield typeof chunk === 'string' ? utf8(chunk) : chunk;
}

async function linesOf(input: AsyncIterable<Uint8Array>, maxBytes = MAX_LINE_BYTES): Promise<Line[]> {
  const lines: Line[] = [];
  const splitter = new LineSplitter({ quick: () => 0, line: (line) => lines.push(line) }, 'log.ndjson', maxBytes);
  for await (const chunk of input) splitter.push(chunk);
  splitter.end();
  return lines;
}

const textsOf = async (input: AsyncIterable<Uint8Array>): Promise<string[]> => (await linesOf(input)).map(({ text }) => text);

describe('lines', () => {
  test('blank lines are ignored and counted; the last line may lack its newline', async () => {
    expect(await linesOf(stream('a\n\n \t\r\nb\r\nc'))).toEqual([
      { number: 1, text: 'a', terminated: true },
      { number: 4, text: 'b\r', terminated: true },
      { number: 5, text: 'c', terminated: false },
    ]);
  });

  test('a byte order mark is dropped on line 1, and only there', async () => {
    expect(await textsOf(stream('\ufeffa\n\ufeffb\n'))).toEqual(['a', '\ufeffb']);
  });

  test('nothing depends on where chunks end (texts of up to 60 bytes, cut anywhere)', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'é', '€', '𝄞', '\n', '\r\n', ' '), maxLength: 15 });
    await fc.assert(
      fc.asyncProperty(text, fc.array(fc.nat(60)), async (whole, cuts) => {
        const bytes = utf8(whole);
        const ends = [...cuts.map((cut) => Math.min(cut, bytes.length)).sort((one, other) => one - other), bytes.length];
        const chunks = ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
        expect(await linesOf(stream(...chunks))).toEqual(await linesOf(stream(whole)));
        expect(await textsOf(stream(...chunks))).toEqual(whole.split('\n').filter((line) => !/^[ \r]*$/.test(line)));
      }),
    );
  });

  test('a line of exactly the limit passes, one byte more does not, in one chunk or in several (limit 8)', async () => {
    expect(await linesOf(stream('12345678\n'), 8)).toHaveLength(1);
    expect(await linesOf(stream('1234', '5678'), 8)).toHaveLength(1);
    for (const chunks of [['123456789\n'], ['1234', '56789'], ['1234', '56789\n']]) {
      await expect(linesOf(stream('\n', ...chunks), 8)).rejects.toMatchObject({ code: 'LINE_TOO_LONG', location: { line: 2 } });
    }
  });

  test('a line of 200 MB is refused after 1 MiB: nothing more is read (chunks of 64 KiB)', async () => {
    let read = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield utf8('short\n');
      for (; read < 200 * 2 ** 20; read += 2 ** 16) yield new Uint8Array(2 ** 16).fill(0x61);
    }
    await expect(linesOf(endless())).rejects.toMatchObject({ code: 'LINE_TOO_LONG', location: { line: 2 } });
    expect(read).toBeLessThanOrEqual(MAX_LINE_BYTES + 2 ** 16);
  });

  test('what is kept of a chunk is a copy: a producer may use its buffer again', async () => {
    async function* reusing(): AsyncGenerator<Uint8Array> {
      const buffer = new Uint8Array(2);
      for (const part of ['ab', 'cd', 'e\n']) {
        buffer.set(utf8(part));
        yield buffer;
      }
    }
    expect(await textsOf(reusing())).toEqual(['abcde']);
  });

  test.each([
    ['a byte that starts no character', [0x22, 0xff, 0x22, 0x0a], 'byte 0xff at byte 2 of the line'],
    ['an overlong form', [0xc0, 0x80, 0x0a], 'byte 0xc0 at byte 1 of the line'],
    ['a surrogate', [0x61, 0xed, 0xa0, 0x80, 0x0a], 'at byte 3 of the line'],
    ['a character that the newline cuts', [0x61, 0xe2, 0x82, 0x0a], 'a line that ends inside a character'],
  ])('invalid UTF-8 is named with its line and byte: %s', async (_name, bytes, got) => {
    await expect(linesOf(stream('a\n', Uint8Array.from(bytes)))).rejects.toMatchObject({
      name: 'TraceSyntaxError', code: 'INVALID_UTF8', location: { file: 'log.ndjson', line: 2 }, got: expect.stringContaining(got),
    });
  });

  test('a file that ends inside a character was cut', async () => {
    await expect(linesOf(stream('a\n', Uint8Array.from([0x22, 0xe2, 0x82])))).rejects.toMatchObject({ code: 'TRACE_CUT', location: { line: 2 } });
  });

  test.each([
    ['gzip', [0x1f, 0x8b, 0x08, 0x00], 'gzip -dc'],
    ['zstd', [0x28, 0xb5, 0x2f, 0xfd, 0x04], 'zstd -dc'],
    ['UTF-16, little endian', [0xff, 0xfe, 0x7b, 0x00], 'UTF-16'],
    ['UTF-16, big endian', [0xfe, 0xff, 0x00, 0x7b], 'UTF-16'],
    ['UTF-16 without a mark', [0x7b, 0x00, 0x22, 0x00], 'UTF-16'],
  ])('a file in %s is recognised, however long its first line is', async (_name, bytes, hint) => {
    const expected = { code: 'INVALID_UTF8', location: { line: 1 }, hint: expect.stringContaining(hint) };
    await expect(linesOf(stream(Uint8Array.from(bytes)))).rejects.toMatchObject(expected);
    await expect(linesOf(stream(Uint8Array.from(bytes.slice(0, 1)), Uint8Array.from([...bytes.slice(1), 0x0a])))).rejects.toMatchObject(expected);
    await expect(linesOf(stream(Uint8Array.from(bytes.slice(0, 3)), Uint8Array.from(bytes.slice(3)), new Uint8Array(2 ** 21)))).rejects.toMatchObject(expected);
  });
});
