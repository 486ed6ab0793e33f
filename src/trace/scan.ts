/**
 * Reads a line of JSON without building anything, and refuses what JSON.parse would take without a word: deep nesting,
 * a key given twice, keys that name an object's machinery, numbers that a double cannot hold.
 * parse.test.ts proves that apart from these it accepts exactly what JSON.parse accepts.
 */

export type ScanCode = 'INVALID_JSON' | 'TOO_DEEP' | 'FORBIDDEN_KEY' | 'DUPLICATE_KEY' | 'NUMBER_TOO_LARGE';

/** Makes the error to throw. What is wrong is text[at..end), or all after `at`; `at` is the text's length if the text ends too early. */
export type Problem = (code: ScanCode, at: number, expected: string, end?: number) => Error;

/** Objects and arrays within each other. */
export const MAX_DEPTH = 64;

const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

interface Cursor {
  readonly text: string;
  readonly problem: Problem;
  at: number;
}

/** Throws what `problem` makes of the first thing that is wrong. Takes time linear in the length of the text. */
export function scan(text: string, problem: Problem): void {
  const cursor: Cursor = { text, problem, at: 0 };
  value(cursor, 0);
  if (skipSpace(cursor) !== undefined) throw problem('INVALID_JSON', cursor.at, 'the end of the line');
}

function value(cursor: Cursor, depth: number): void {
  const next = skipSpace(cursor);
  if (next === '{' || next === '[') {
    if (depth === MAX_DEPTH) throw cursor.problem('TOO_DEEP', cursor.at, `at most ${MAX_DEPTH} objects and arrays within each other`);
    if (next === '{') object(cursor, depth + 1);
    else array(cursor, depth + 1);
  } else if (next === '"') string(cursor);
  else word(cursor);
}

function object(cursor: Cursor, depth: number): void {
  const keys = new Set<string>();
  if (isEmpty(cursor, '}')) return;
  do {
    key(cursor, keys);
    expect(cursor, ':', '":"');
    value(cursor, depth);
  } while (another(cursor, '}'));
}

function array(cursor: Cursor, depth: number): void {
  if (isEmpty(cursor, ']')) return;
  do value(cursor, depth);
  while (another(cursor, ']'));
}

/** Steps over the opening bracket, and over the closing one if it follows at once. */
function isEmpty(cursor: Cursor, close: string): boolean {
  cursor.at += 1;
  const empty = skipSpace(cursor) === close;
  if (empty) cursor.at += 1;
  return empty;
}

/** Steps over a comma (true) or the closing bracket (false). */
function another(cursor: Cursor, close: string): boolean {
  if (skipSpace(cursor) !== ',') {
    expect(cursor, close, `"," or "${close}"`);
    return false;
  }
  cursor.at += 1;
  return true;
}

function key(cursor: Cursor, keys: Set<string>): void {
  if (skipSpace(cursor) !== '"') throw cursor.problem('INVALID_JSON', cursor.at, 'a key in double quotes');
  const start = cursor.at;
  string(cursor);
  const raw = cursor.text.slice(start, cursor.at);
  const name = raw.includes('\\') ? (JSON.parse(raw) as string) : raw.slice(1, -1);
  if (FORBIDDEN.has(name)) throw cursor.problem('FORBIDDEN_KEY', start, `a key other than ${[...FORBIDDEN].join(', ')}`, cursor.at);
  if (keys.has(name)) throw cursor.problem('DUPLICATE_KEY', start, 'each key once in an object', cursor.at);
  keys.add(name);
}

const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const CUT_ESCAPE = /^\\(?:u[0-9a-fA-F]{0,3})?$/;

function string(cursor: Cursor): void {
  const { text } = cursor;
  for (cursor.at += 1; cursor.at < text.length; cursor.at += 1) {
    const character = text[cursor.at]!;
    if (character === '"') {
      cursor.at += 1;
      return;
    }
    if (character < ' ') throw cursor.problem('INVALID_JSON', cursor.at, 'control characters in a string as \\u and four digits');
    if (character === '\\') escape(cursor);
  }
  throw cursor.problem('INVALID_JSON', text.length, 'the closing quote of a string');
}

/** Steps to the last character of the escape. */
function escape(cursor: Cursor): void {
  ESCAPE.lastIndex = cursor.at;
  if (!ESCAPE.test(cursor.text)) {
    const cut = CUT_ESCAPE.test(cursor.text.slice(cursor.at, cursor.at + 6));
    throw cursor.problem('INVALID_JSON', cut ? cursor.text.length : cursor.at, 'after a backslash one of "\\/bfnrt or u and four digits');
  }
  cursor.at = ESCAPE.lastIndex - 1;
}

const WORD = /[-+.\w]*/y;
const LITERALS = ['true', 'false', 'null'];
const NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?$/;
const CUT_NUMBER = /^-?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?)?$|^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?[eE][-+]?$/;

/** A number, true, false or null. */
function word(cursor: Cursor): void {
  const start = cursor.at;
  WORD.lastIndex = start;
  WORD.test(cursor.text);
  const end = WORD.lastIndex;
  const found = cursor.text.slice(start, end);
  if (NUMBER.test(found)) {
    const isSafe = Math.abs(Number(found)) <= Number.MAX_SAFE_INTEGER;
    if (!isSafe) throw cursor.problem('NUMBER_TOO_LARGE', start, 'a number of at most 9007199254740991 (2^53 - 1)', end);
  } else if (!LITERALS.includes(found)) {
    const cut = end === cursor.text.length && (CUT_NUMBER.test(found) || LITERALS.some((literal) => literal.startsWith(found)));
    throw cursor.problem('INVALID_JSON', cut ? end : start, 'a value: an object, an array, a string, a number, true, false or null');
  }
  cursor.at = end;
}

function expect(cursor: Cursor, character: string, expected: string): void {
  if (skipSpace(cursor) !== character) throw cursor.problem('INVALID_JSON', cursor.at, expected);
  cursor.at += 1;
}

/** Steps over white space; the character after it, undefined at the end. */
function skipSpace(cursor: Cursor): string | undefined {
  while (' \t\r\n'.includes(cursor.text[cursor.at] ?? '.')) cursor.at += 1;
  return cursor.text[cursor.at];
}
