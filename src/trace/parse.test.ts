import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TraceError } from './errors.js';
import { parseLine } from './parse.js';
import { MAX_DEPTH } from './scan.js';

const parse = (text: string, terminated = true): unknown => parseLine({ number: 7, text, terminated }, 'log.ndjson');

function refusal(text: string, terminated = true): TraceError {
  try {
    parse(text, terminated);
  } catch (error) {
    if (error instanceof TraceError) return error;
    throw error;
  }
  throw new Error(`was not refused: ${text}`);
}

const nested = (depth: number, open = '[', close = ']'): string => open.repeat(depth) + close.repeat(depth);

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

const codeOf = (text: string): string | undefined => {
  try {
    parse(text);
    return undefined;
  } catch (error) {
    return error instanceof TraceError && error.code !== 'NOT_AN_OBJECT' ? error.code : undefined;
  }
};

/** Objects with neither forbidden keys nor large numbers. */
const json = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 }), { minKeys: 1 }).map((value) =>
  JSON.stringify(value, (_key, part: unknown) => (typeof part === 'number' && Math.abs(part) > Number.MAX_SAFE_INTEGER ? String(part) : part)),
).filter((text) => !/__proto__|constructor|prototype/.test(text));

describe('parse', () => {
  test('apart from what is refused on purpose, exactly what JSON.parse accepts is accepted (1000 texts, 5000 mutations)', () => {
    const alphabet = fc.constantFrom(...Array.from('{}[]:,"\\/ \t\n-+.0123456789eEtrufalsnd\u0000\u001f\u00e9\ufeff\u2028'));
    const accepts = (text: string): void => {
      expect(parse(text)).toEqual(JSON.parse(text));
    };
    fc.assert(fc.property(json, accepts), { numRuns: 1000 });
    fc.assert(
      fc.property(json, fc.nat(), fc.option(alphabet), fc.boolean(), (text, where, character, replace) => {
        const at = where % (text.length + 1);
        const mutated = text.slice(0, at) + (character ?? '') + text.slice(at + Number(replace));
        const code = codeOf(mutated);
        // A mutation can make two keys equal, and append digits to a number.
        if (code !== 'DUPLICATE_KEY' && code !== 'NUMBER_TOO_LARGE') expect(code === undefined).toBe(isJson(mutated));
        if (code === undefined) accepts(mutated);
      }),
      { numRuns: 5000 },
    );
  });

  test.each([
    ['hello', 1],
    ['{"a":1,}', 8],
    ["{'a':1}", 2],
    ['{"a":01}', 6],
    ['{"a":+1}', 6],
    ['{"a":.5}', 6],
    ['{"a":NaN}', 6],
    ['{"a":1}{"b":2}', 8],
    ['{"a" 1}', 6],
    ['[1 2]', 4],
    ['{"a":"\u0001"}', 7],
    ['{"a":"\\x"}', 7],
    ['{"a":"\\u12g4"}', 7],
    ['{"a":1 // why\n}', 8],
    ['{"a":', 6],
    ['{"a":"', 7],
    ['{', 2],
    ['\ufeff{}', 1],
  ])('INVALID_JSON names the column: %j at column %i', (text, column) => {
    expect(refusal(text)).toMatchObject({ name: 'TraceSyntaxError', code: 'INVALID_JSON', location: { file: 'log.ndjson', line: 7, column } });
  });

  test('every proper beginning of a last line without a newline is TRACE_CUT (a line with all kinds of JSON)', () => {
    const line = '{"a":[true,false,null,-1.5e+3,"\\u00e9\\n"],"b":{}}';
    expect(parse(line, false)).toEqual(JSON.parse(line));
    for (let end = 1; end < line.length; end += 1) expect(refusal(line.slice(0, end), false).code).toBe('TRACE_CUT');
    expect(refusal('{"a":1', true).code).toBe('INVALID_JSON');
    expect(refusal('some text', false).code).toBe('INVALID_JSON');
  });

  test(`nesting: ${MAX_DEPTH} passes, ${MAX_DEPTH + 1} and 10,000 do not`, () => {
    expect(parse(`{"v":${nested(MAX_DEPTH - 1)}}`)).toEqual({ v: JSON.parse(nested(MAX_DEPTH - 1)) });
    for (const text of [`{"v":${nested(MAX_DEPTH)}}`, `{"v":${nested(10_000)}}`, '{"a":'.repeat(10_000), '['.repeat(10_000)]) {
      expect(refusal(text)).toMatchObject({ code: 'TOO_DEEP', location: { line: 7 } });
    }
  });

  test.each(['{"__proto__":1}', '{"\\u005f_proto__":1}', '{"\\u005f\\u005fproto\\u005f\\u005f":{}}', '{"v":[{"a":{"__proto__":null}}]}', '{"constructor":1}', '{"v":{"prototype":1}}', '{"v":{"\\u0063onstructor":1}}'])(
    'a key that reaches a prototype is refused, however spelled and wherever: %s',
    (text) => {
      expect(refusal(text)).toMatchObject({ code: 'FORBIDDEN_KEY', location: { line: 7 } });
      expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    },
  );

  test('such a word as a value, or within a key, is nothing special', () => {
    expect(parse('{"v":"__proto__","my constructor":1}')).toEqual({ v: '__proto__', 'my constructor': 1 });
  });

  test.each([['{"a":1,"a":1}', 8], ['{"a":1,"\\u0061":2}', 8], ['{"v":{"b":{},"b":[]}}', 14]])('a key given twice is refused: %s', (text, column) => {
    expect(refusal(text)).toMatchObject({ code: 'DUPLICATE_KEY', location: { column } });
    expect(parse('{"a":{"a":[{"a":1},{"a":1}]}}')).toBeDefined();
  });

  test.each(['9007199254740992', '-9007199254740992', '9007199254740993', '1e16', '1e400', '-1e400', '4e99999999'])('a number that a double does not hold is refused: %s', (number) => {
    expect(refusal(`{"v":[${number}]}`)).toMatchObject({ code: 'NUMBER_TOO_LARGE', location: { line: 7, column: 7 }, hint: expect.stringContaining('as a string') });
  });

  test('numbers up to 2^53 - 1 and fractions pass', () => {
    expect(parse('{"v":[9007199254740991,-9007199254740991,0.1,1e-400,-0]}')).toEqual({ v: [9007199254740991, -9007199254740991, 0.1, 0, -0] });
  });

  test.each(['[]', '"a"', '1', 'null', 'true', '[{"at":"a1"}]'])('JSON that is no object is refused: %s', (text) => {
    expect(refusal(text)).toMatchObject({ code: 'NOT_AN_OBJECT', location: { line: 7 }, got: text });
  });

  test('the scan takes long strings, numbers and arrays (1 MiB each)', () => {
    const long = 2 ** 20;
    expect(parse(`{"v":"${'\\n'.repeat(long / 2)}"}`)).toBeDefined();
    expect(parse(`{"v":0.${'1'.repeat(long)}}`)).toBeDefined();
    expect(parse(`{"v":[${'0,'.repeat(long / 2)}0]}`)).toBeDefined();
    expect(refusal(`{"v":${'1'.repeat(long)}}`).code).toBe('NUMBER_TOO_LARGE');
    expect(refusal(`{"v":${'a'.repeat(long)}}`).got.length).toBeLessThan(100);
  });
});
