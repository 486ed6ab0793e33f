import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, storedTraces } from '../corpus/stored-node.js';
import { parseLine } from './parse.js';
import { QuickLines } from './quick.js';
import { validateEvent, validateHeader } from './validate.js';
import type { TraceContext } from './validate.js';
import type { TraceEvent } from './wire.js';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** As any other line is read; null if it is refused. */
function slow(text: string, context: TraceContext): TraceEvent | null {
  try {
    return validateEvent(parseLine({ number: 2, text, terminated: true }, 'log'), context, { file: 'log', line: 2 });
  } catch {
    return null;
  }
}

const corpus = storedTraces().map((stored) => {
  const [first, ...lines] = Buffer.from(bytesOf(stored)).toString().trim().split('\n');
  return { context: validateHeader(JSON.parse(first!) as Record<string, unknown>, { file: 'log', line: 1 }), lines };
});

/** Members that lines may have, right and wrong. */
const member = fc.constantFrom(
  '"at":"a1"', '"at":"p1"', '"at":"a9"', '"kind":"accepted"', '"kind":"promise"', '"kind":"nack"', '"kind":"prepare"', '"kind":"decided"', '"kind":"applied"', '"ballot":1', '"ballot":"7"', '"ballot":01', '"ballot":2147483648', '"ballot":-1', '"ballot":[1,"p1"]',
  '"slot":0', '"slot":"3"', '"slot":1.5', '"value":"x"', '"value":7', '"value":7.0', '"value":null', '"value":"\\u0041"', '"value":"é"', '"value":{"b":1}', '"value":{"b":[1,"x",{}],"a":{"c":[]}}', '"value":{"b":1,"b":1}', '"value":{"toString":1}', '"value":{"2":1,"1":2}', '"value":[1.5]', '"value":{"__proto__":{}}', '"value":[[[[[[[[[[1]]]]]]]]]]', '"votes":[]', '"votes":[{"ballot":1,"value":"x"}]', '"votes":[{"slot":0,"ballot":1,"value":"x"}]', '"votes":[{"ballot":1}]', '"votes":[{"ballot":1,"value":1,"value":2}]',
  '"of":"prepare"', '"of":"chosen"', '"from":1', '"floor":2', '"upto":3', '"quorum":["a1","a2"]', '"quorum":["a1","a1"]', '"quorum":[]', '"i":0', '"i":1e0', '"loc":"a.go:1"', '"op":""', '"op":"o1"', '"x-a":1', '"__proto__":1', '"promised":[]',
);
const space = fc.constantFrom('', '', '', '', ' ', ' ', '\t');

describe('quick lines', () => {
  it('takes the lines of the corpus that are plain, and makes of them what the slow way makes', () => {
    let taken = 0;
    let all = 0;
    for (const { context, lines } of corpus) {
      const quick = new QuickLines(context);
      for (const line of lines) {
        const event = quick.read(utf8(`${line}\n`), 0);
        all++;
        if (event === null) continue;
        taken++;
        expect(event).toEqual(slow(line, context));
        expect(quick.next).toBe(utf8(line).length + 1);
      }
    }
    expect(taken).toBeGreaterThan(all * 0.9);
  });

  it('takes nothing that the slow way refuses, nor makes anything else of it (lines of the corpus with members left out, changed, added, in another order)', () => {
    let [taken, refused] = [0, 0];
    const change = fc.record({ at: fc.nat(), out: fc.boolean(), member: fc.option(member, { nil: undefined }) });
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.array(change, { maxLength: 2 }), fc.nat(), space, space, fc.constantFrom('', '', '', '', '\r', ' ', ','), (which, where, changes, turn, before, after, end) => {
        const { context, lines } = corpus[which % corpus.length]!;
        const members = Object.entries(JSON.parse(lines[where % Math.max(1, lines.length)] ?? '{}') as object).map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
        for (const { at, out, member: added } of changes) members.splice(at % (members.length + 1), out ? 1 : 0, ...(added === undefined ? [] : [added]));
        const turned = [...members.slice(turn % (members.length + 1)), ...members.slice(0, turn % (members.length + 1))];
        const line = `{${turned.map((text) => `${before}${text}${after}`).join(',')}}${end}`;
        const event = new QuickLines(context).read(utf8(`${line}\n`), 0);
        const expected = slow(line, context);
        if (event === null) refused++;
        else {
          taken++;
          expect(event).toEqual(expected);
        }
      }),
      { numRuns: process.env.PAXCHECK_SLOW === undefined ? 20_000 : 200_000 },
    );
    expect(Math.min(taken, refused)).toBeGreaterThan(1_000);
  });

  it('leaves a line alone that does not end in the bytes at hand', () => {
    const { context, lines } = corpus.find((trace) => trace.lines.length > 0)!;
    const bytes = utf8(lines[0]!);
    for (let end = 0; end <= bytes.length; end++) expect(new QuickLines(context).read(bytes.subarray(0, end), 0)).toBeNull();
  });
});
