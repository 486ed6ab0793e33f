import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TRACE_ERROR_CODES, TraceError } from './errors.js';
import type { ReadLimits, Trace } from './read.js';
import { readTraces } from './read.js';

const SPEC = readFileSync(new URL('../../spec/trace-format.md', import.meta.url), 'utf8');
const EXAMPLE = /```ndjson\n([^`]*)```/.exec(SPEC)![1]!;
const [HEADER, ...EVENTS] = EXAMPLE.trimEnd().split('\n') as [string, ...string[]];
const header = JSON.parse(HEADER);
const headerWith = (change: object): string => `${JSON.stringify({ ...header, events: undefined, ...change })}\n`;
const OPEN_HEADER = headerWith({});
const CRASH = '{"at":"a1","kind":"crash"}\n';

async function* stream(data: string | Uint8Array): AsyncGenerator<Uint8Array> {
  yield typeof data === 'string' ? new TextEncoder().encode(data) : data;
}

async function tracesOf(data: string | Uint8Array, limits?: ReadLimits): Promise<Trace[]> {
  const traces: Trace[] = [];
  for await (const trace of readTraces(stream(data), 'log.ndjson', limits)) traces.push(trace);
  return traces;
}

async function traceOf(data: string): Promise<Trace> {
  const traces = await tracesOf(data);
  expect(traces).toHaveLength(1);
  return traces[0]!;
}

describe('traces', () => {
  test('the example of the specification: 12 lines, no warnings', async () => {
    const trace = await traceOf(EXAMPLE);
    expect(trace).toMatchObject({ file: 'log.ndjson', headerLine: 1, header, warnings: [] });
    expect(trace.events).toEqual(EVENTS.map((line, index) => ({ line: index + 2, event: JSON.parse(line) })));
    expect(trace.events).toHaveLength(11);
  });

  test('several traces in a file; blank lines, CRLF and a byte order mark change nothing but line numbers', async () => {
    const traces = await tracesOf(`\ufeff\n${OPEN_HEADER}${CRASH}\r\n${EXAMPLE.replaceAll('\n', '\r\n')}${OPEN_HEADER}`);
    expect(traces.map(({ headerLine, events }) => [headerLine, events.map(({ line }) => line)])).toEqual([
      [2, [3]],
      [5, [6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]],
      [17, []],
    ]);
  });

  test('a trace is given before the next one is read', async () => {
    const traces = readTraces(stream(`${OPEN_HEADER}${OPEN_HEADER}nonsense\n`), 'log.ndjson');
    expect((await traces.next()).value).toMatchObject({ headerLine: 1 });
    await expect(traces.next()).rejects.toMatchObject({ code: 'INVALID_JSON', location: { line: 3 } });
  });

  test('x- fields and kinds are ignored without a warning, and count as events', async () => {
    const trace = await traceOf(`${headerWith({ events: 2, 'x-host': 'h', complete: ['x-tick'] })}{"kind":"x-tick","anything":1}\n{"at":"a1","kind":"crash","x-why":null}\n`);
    expect(trace.events).toEqual([{ line: 3, event: { at: 'a1', kind: 'crash', 'x-why': null } }]);
    expect(trace.warnings).toEqual([]);
  });

  test('unknown kinds and a later minor version are warnings, with line and suggestion', async () => {
    const trace = await traceOf(`${headerWith({ version: '1.3', events: 4, complete: ['acepted'] })}{"kind":"acepted"}\n${CRASH}{"kind":"acepted"}\n{"kind":"reticulate"}\n`);
    expect(trace.events.map(({ line }) => line)).toEqual([3]);
    expect(trace.warnings).toMatchObject([
      { line: 1, code: 'NEWER_VERSION', message: expect.stringContaining('1.3') },
      { line: 1, code: 'UNKNOWN_KIND', message: expect.stringContaining('"complete" names "acepted"') },
      { line: 2, code: 'UNKNOWN_KIND', message: expect.stringContaining('ignored here and 1 more times: "acepted", which is no kind of event (did you mean "accepted"?)') },
      { line: 5, code: 'UNKNOWN_KIND', message: expect.stringContaining('"reticulate"') },
    ]);
  });
});

describe('bad files', () => {
  test.each<[string, string, number, string | Uint8Array, ReadLimits?]>([
    ['EMPTY_FILE', 'empty', 1, ''],
    ['EMPTY_FILE', 'blank lines', 1, '\n\r\n  \n'],
    ['NO_HEADER', 'an event first', 2, `\n${CRASH}${OPEN_HEADER}`],
    ['UNKNOWN_FORMAT', 'a header of something else', 1, '{"format":"jepsen"}\n'],
    ['UNKNOWN_VERSION', 'version 2', 1, headerWith({ version: '2.0' })],
    ['UNSUPPORTED', 'profile fast', 1, headerWith({ profile: 'fast' })],
    ['INVALID_JSON', 'text among the events', 3, `${OPEN_HEADER}${CRASH}panic: oops\n${CRASH}`],
    ['INVALID_JSON', 'pretty-printed JSON', 1, JSON.stringify(header, null, 2)],
    ['NOT_AN_OBJECT', 'an array of events', 1, `[${EVENTS.join(',')}]\n`],
    ['INVALID_UTF8', 'a byte that is no UTF-8', 2, Buffer.concat([Buffer.from(`${OPEN_HEADER}{"at":"`), Buffer.from([0xff]), Buffer.from('"}\n')])],
    ['INVALID_UTF8', 'gzip', 1, Buffer.from([0x1f, 0x8b, 0x08, 0x00, 0x0a])],
    ['LINE_TOO_LONG', 'a line beyond 1 MiB', 2, `${OPEN_HEADER}{"at":"a1","kind":"crash","loc":"${'x'.repeat(2 ** 20)}"}\n`],
    ['LINE_TOO_LONG', 'a line beyond a limit of 1,000', 2, `${OPEN_HEADER}{"at":"a1","kind":"crash","loc":"${'x'.repeat(1000)}"}\n`, { lineBytes: 1000 }],
    ['TOO_DEEP', '10,000 arrays within each other', 2, `${OPEN_HEADER}{"at":"c","kind":"propose","value":${'['.repeat(10_000)}${']'.repeat(10_000)}}\n`],
    ['FORBIDDEN_KEY', '__proto__', 2, `${OPEN_HEADER}{"at":"a1","kind":"crash","__proto__":{"polluted":1}}\n`],
    ['FORBIDDEN_KEY', '__proto__, escaped, in a value', 2, `${OPEN_HEADER}{"at":"p1","kind":"propose","value":{"a":[{"\\u005f_proto__":1}]}}\n`],
    ['DUPLICATE_KEY', 'two ballots', 2, `${OPEN_HEADER}{"at":"p1","kind":"prepare","ballot":1,"ballot":2}\n`],
    ['NUMBER_TOO_LARGE', 'a ballot beyond 2^53', 2, `${OPEN_HEADER}{"at":"p1","kind":"prepare","ballot":9007199254740993}\n`],
    ['NUMBER_TOO_LARGE', 'a value beyond 2^53', 2, `${OPEN_HEADER}{"at":"p1","kind":"propose","value":[-9007199254740993]}\n`],
    ['BALLOT_NOT_ALLOWED', 'a name for an integer', 3, `${OPEN_HEADER}${CRASH}{"at":"p1","kind":"prepare","ballot":"x7"}\n`],
    ['BALLOT_NOT_ALLOWED', 'an integer for a pair', 2, `${headerWith({ ballots: { kind: 'pair' } })}{"at":"p1","kind":"prepare","ballot":7}\n`],
    ['UNKNOWN_NODE', 'an event at a node that is not there', 2, `${OPEN_HEADER}{"at":"a4","kind":"crash"}\n`],
    ['TRACE_CUT', 'cut in the middle of a line', 12, EXAMPLE.slice(0, -3)],
    ['TRACE_CUT', 'cut in the header', 1, HEADER.slice(0, 40)],
    ['EVENTS_MISSING', 'cut after a line', 11, `${[HEADER, ...EVENTS.slice(0, -1)].join('\n')}\n`],
    ['EVENTS_MISSING', 'cut after the header, another trace follows', 1, `${HEADER}\n${EXAMPLE}`],
    ['EVENTS_AFTER_END', 'an event too many', 13, `${EXAMPLE}${CRASH}`],
    ['EVENTS_AFTER_END', 'an unknown event too many', 2, `${headerWith({ events: 0 })}{"kind":"new"}\n`],
    ['TOO_MANY_EVENTS', 'a limit of 2 events', 4, `${OPEN_HEADER}${CRASH.repeat(3)}`, { events: 2 }],
  ])('%s: %s, at line %i', async (code, _name, line, data, limits) => {
    const error: unknown = await tracesOf(data, limits).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TraceError);
    expect(error).toMatchObject({ code, location: { file: 'log.ndjson', line }, expected: expect.stringMatching(/./), got: expect.stringMatching(/./), hint: expect.stringMatching(/./) });
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test('a file cut anywhere gives the events before the cut, or a named error (the example, at each of its bytes)', async () => {
    const bytes = new TextEncoder().encode(EXAMPLE);
    const codes = new Set<string>();
    for (let end = 0; end < bytes.length - 1; end += 1) {
      const error: unknown = await tracesOf(bytes.subarray(0, end)).catch((reason: unknown) => reason);
      if (!(error instanceof TraceError)) throw new Error(`cut after ${end} bytes: not noticed`);
      codes.add(error.code);
    }
    expect([...codes].sort()).toEqual(['EMPTY_FILE', 'EVENTS_MISSING', 'TRACE_CUT']);
    expect(await tracesOf(bytes.subarray(0, -1))).toHaveLength(1);
  });

  test('whatever the bytes: traces or a TraceError, never another exception (2000 files with 1 to 5 mutations, 500 random ones)', async () => {
    const bytes = new TextEncoder().encode(EXAMPLE);
    const interesting = fc.oneof(fc.nat(255), fc.constantFrom(...Buffer.from('"{}[],:\\0-9eunx\n\r_')));
    const mutation = fc.record({ at: fc.nat(bytes.length - 1), byte: interesting, how: fc.constantFrom('replace', 'insert', 'remove', 'cut') });
    const survives = async (data: Uint8Array): Promise<void> => {
      const result: unknown = await tracesOf(data).catch((reason: unknown) => reason);
      if (!(result instanceof TraceError)) expect(result).toBeInstanceOf(Array);
    };
    const mutated = fc.array(mutation, { minLength: 1, maxLength: 5 }).map((mutations) => {
      let data = [...bytes];
      for (const { at, byte, how } of mutations) {
        if (how === 'cut') data = data.slice(0, at);
        else data.splice(at, how === 'insert' ? 0 : 1, ...(how === 'remove' ? [] : [byte]));
      }
      return Uint8Array.from(data);
    });
    await fc.assert(fc.asyncProperty(mutated, survives), { numRuns: 2000 });
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), survives), { numRuns: 500 });
  });
});

test('the specification lists each error code with its class, and no other', () => {
  const rows = [...SPEC.matchAll(/^\| `([A-Z0-9_]+)` \| (Trace\w+) \|/gm)].map(([, code, name]) => `${name!} ${code!}`);
  const codes = Object.entries(TRACE_ERROR_CODES).flatMap(([name, list]) => list.map((code) => `${name} ${code}`));
  expect(rows.sort()).toEqual(codes.sort());
});
