import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TraceError } from './errors.js';
import { unpack } from './unpack.js';

const TEXT = Array.from({ length: 500 }, (_, index) => `{"line":${index}}\n`).join('');

async function* chunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

async function textOf(bytes: Uint8Array, size = 1000): Promise<string> {
  const all: Uint8Array[] = [];
  for await (const chunk of unpack(chunks(bytes, size), 'log.gz')) all.push(chunk);
  return Buffer.concat(all).toString();
}

describe('compressed input', () => {
  it('gzip comes out as it was, in chunks of any size, and in several members', async () => {
    for (const size of [1, 3, 4, 100, 1e6]) expect(await textOf(gzipSync(TEXT), size)).toBe(TEXT);
    expect(await textOf(Buffer.concat([gzipSync(TEXT), gzipSync(TEXT)]))).toBe(TEXT + TEXT);
  });

  it('what is not compressed stays as it is, however short', async () => {
    for (const text of ['', 'a', '{}\n', TEXT]) expect(await textOf(Buffer.from(text), 2)).toBe(text);
  });

  it('cut anywhere it is refused', async () => {
    const whole = gzipSync(TEXT);
    for (const end of [4, 10, 11, 40, whole.length >> 1, whole.length - 8, whole.length - 1]) {
      await expect(textOf(whole.subarray(0, end)), `cut at ${end}`).rejects.toMatchObject({ name: 'TraceSyntaxError', code: 'DAMAGED_ARCHIVE', location: { file: 'log.gz' } });
    }
  });

  it('with any byte changed it is refused or comes out as it was: never something else (300 changes)', async () => {
    const whole = gzipSync(TEXT);
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: whole.length - 1 }), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const bytes = Uint8Array.from(whole);
        bytes[at]! ^= change;
        try {
          expect(await textOf(bytes)).toBe(TEXT);
        } catch (error) {
          if (!(error instanceof TraceError)) throw error;
          refused++;
        }
      }),
      { numRuns: 300 },
    );
    expect(refused).toBeGreaterThan(100);
  });

  it('with a member that was wiped out in part it is refused; zeros at its end are padding', async () => {
    const [one, other] = [gzipSync(TEXT), gzipSync(TEXT)];
    const wiped = Buffer.concat([Buffer.alloc(4), other.subarray(4)]);
    for (const size of [1, 7, one.length, 1e6]) {
      await expect(textOf(Buffer.concat([one, wiped]), size), `chunks of ${size}`).rejects.toMatchObject({ code: 'DAMAGED_ARCHIVE' });
      expect(await textOf(Buffer.concat([one, other, Buffer.alloc(512)]), size)).toBe(TEXT + TEXT);
    }
  });

  it('an input that fails says so itself', async () => {
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(gzipSync(TEXT).subarray(0, 100));
      throw new Error('the disk is gone');
    }
    const read = async (): Promise<void> => {
      for await (const chunk of unpack(failing(), 'log.gz')) expect(chunk.length).toBeGreaterThan(0);
    };
    await expect(read()).rejects.toThrow('the disk is gone');
  });
});
