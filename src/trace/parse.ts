/** One line of a trace as plain data. */
import type { Finding } from './errors.js';
import { traceError } from './errors.js';
import type { Line } from './lines.js';
import type { ScanCode } from './scan.js';
import { scan } from './scan.js';
import { show, showText } from './show.js';
import { CUT_HINT } from './utf8.js';

export type JsonObject = Readonly<Record<string, unknown>>;

const HINTS: Readonly<Record<ScanCode, string>> = {
  INVALID_JSON: 'write each event as one line of JSON: double quotes, no comments, no trailing commas, no NaN, no line breaks inside',
  TOO_DEEP: 'write a deep value as a string or as a digest',
  FORBIDDEN_KEY: 'rename the key: it would change how the object behaves in some languages',
  DUPLICATE_KEY: 'remove one of them: parsers differ in which of the two they keep',
  NUMBER_TOO_LARGE: 'write it as a string, "9007199254740993": a double cannot hold it',
};

/**
 * The object on the line, safe to use: no key that JSON.parse would drop or that reaches a prototype, no number that
 * it would round to another integer, nesting of at most 64.
 * Throws TraceSyntaxError: the codes of scan.ts; TRACE_CUT for JSON that ends with a file without a last newline; NOT_AN_OBJECT.
 */
export function parseLine({ number, text, terminated }: Line, file: string): JsonObject {
  scan(text, (code, at, expected, end) => {
    const cut = code === 'INVALID_JSON' && at === text.length && !terminated;
    const finding: Finding = {
      expected,
      got: at === text.length ? 'the end of the line' : showText(text.slice(at, end)),
      hint: cut ? CUT_HINT : HINTS[code],
    };
    return traceError(cut ? 'TRACE_CUT' : code, { file, line: number, column: at + 1 }, finding);
  });
  const data: unknown = JSON.parse(text);
  if (typeof data === 'object' && data !== null && !Array.isArray(data)) return data as JsonObject;
  throw traceError('NOT_AN_OBJECT', { file, line: number }, {
    expected: 'a JSON object',
    got: show(data),
    hint: 'write each event as an object on a line of its own; text that is not JSON does not belong into a trace',
  });
}
