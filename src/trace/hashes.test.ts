import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Content } from './hashes.js';
import { Contents, hashOfParts } from './hashes.js';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

async function contentsOf(...chunks: readonly Uint8Array[]): Promise<{ ended: readonly Content[]; passed: Buffer }> {
  const contents = new Contents();
  const passed: Uint8Array[] = [];
  for await (const chunk of contents.through((async function* () { yield* chunks; })())) passed.push(chunk);
  return { ended: contents.ended, passed: Buffer.concat(passed) };
}

const contentsOfText = async (text: string): Promise<readonly Content[]> => (await contentsOf(Buffer.from(text))).ended;

const HEADER = '{"format":"paxos-trace","order":"total","id":"one"}\n';
const PART = '{"order":"per-node","format":"paxos-trace"}\r\n';
const EVENTS = '{"at":"a1","value":"\\"format\\""}\n\n{"at":"a1","x-deep":{"format":1}}\n';

describe('contents', () => {
  test.each([
    ['lines that end', `${HEADER}${EVENTS}`],
    ['a last line that does not', `${HEADER}${EVENTS}`.slice(0, -1)],
    ['a byte order mark and blank lines before the header', `\ufeff\n  \n${HEADER}${EVENTS}`],
    ['a byte order mark before the header', `\ufeff${HEADER}${EVENTS}`],
    ['a key that is written with escapes', `{"\\u0066ormat":"paxos-trace"}\n${EVENTS}`],
    ['a header alone, which does not end', HEADER.trim()],
  ])('of a file with one trace it is the hash of the file: %s', async (_name, text) => {
    expect((await contentsOfText(text)).map((content) => content.sha256)).toEqual([sha256(text)]);
  });

  test('traces share out the bytes of a file, each from its header on; an event that mentions "format" is none', async () => {
    const traces = [`\n${HEADER}${EVENTS}`, `${PART}${EVENTS}`, HEADER];
    const whole = traces.join('');
    expect(await contentsOfText(whole)).toEqual([
      { line: 2, sha256: sha256(traces[0]!), isPart: false, id: 'one', until: traces[0]!.length + PART.length },
      { line: 6, sha256: sha256(traces[1]!), isPart: true, id: undefined, until: whole.length },
      { line: 10, sha256: sha256(traces[2]!), isPart: false, id: 'one', until: whole.length },
    ]);
  });

  test('what is no trace has no hash', async () => {
    for (const text of ['', '\n\n', EVENTS, '[{"format":1}]\n', '{"format":\n']) expect(await contentsOfText(text)).toEqual([]);
  });

  test('nothing depends on where chunks end, and the input passes as it is', async () => {
    const line = fc.constantFrom(HEADER, PART, '\n', '{"at":"a1","value":"\\u0066"}\n', '{"at":"é","format "  :1}\n', '{"format":1');
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 6 }), fc.array(fc.nat(300)), async (lines, cuts) => {
        const bytes = Buffer.from(lines.join(''));
        const ends = [...cuts.map((cut) => Math.min(cut, bytes.length)).sort((one, other) => one - other), bytes.length];
        const chunks = ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
        const { ended, passed } = await contentsOf(...chunks);
        expect(passed.equals(bytes)).toBe(true);
        expect(ended).toEqual((await contentsOf(bytes)).ended);
      }),
    );
  });

  test('a hundred thousand lines with marks in one chunk take no more than their share of time', async () => {
    const events = '{"at":"a1","value":"\\u0066"}\n'.repeat(100_000);
    const begin = performance.now();
    expect(await contentsOfText(`${HEADER}${events}`)).toHaveLength(1);
    // Looking again for what is not there would take minutes.
    expect(performance.now() - begin).toBeLessThan(10_000);
  });
});

test('several parts have the hash of the list of their hashes, in whatever order they come; one has its own', () => {
  const [one, other] = ['1', '2'].map((text) => ({ sha256: sha256(text) })) as [{ sha256: string }, { sha256: string }];
  const list = [one, other].map((part) => part.sha256).sort().map((hash) => `${hash}\n`).join('');
  expect([hashOfParts([one, other]), hashOfParts([other, one]), hashOfParts([one])]).toEqual([sha256(list), sha256(list), one.sha256]);
});
