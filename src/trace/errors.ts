/**
 * What can be wrong with a trace as a file. What is wrong with the run that it records is a finding, never one of these.
 * The codes are part of the format: spec/trace-format.md has a table of all of them.
 */
import { showText } from './show.js';

export const TRACE_ERROR_CODES = {
  TraceError: ['FILE_NOT_READABLE', 'NO_FILES'],
  TraceSyntaxError: [
    'INVALID_UTF8',
    'LINE_TOO_LONG',
    'TRACE_CUT',
    'INVALID_JSON',
    'NOT_AN_OBJECT',
    'TOO_DEEP',
    'FORBIDDEN_KEY',
    'DUPLICATE_KEY',
    'NUMBER_TOO_LARGE',
    'DAMAGED_ARCHIVE',
  ],
  TraceVersionError: ['UNKNOWN_VERSION', 'UNSUPPORTED'],
  TraceSchemaError: [
    'EMPTY_FILE',
    'NO_HEADER',
    'UNKNOWN_FORMAT',
    'MISSING_FIELD',
    'UNKNOWN_FIELD',
    'BAD_VALUE',
    'NOT_IN_PROFILE',
    'NO_ACCEPTOR',
    'LIMIT',
    'DUPLICATE_NODE',
    'DUPLICATE_MEMBER',
    'QUORUM_SIZE',
    'UNKNOWN_NODE',
    'WRONG_ROLE',
    'BALLOT_NOT_ALLOWED',
    'EVENTS_MISSING',
    'EVENTS_AFTER_END',
    'TOO_MANY_EVENTS',
    'HEADERS_DIFFER',
    'INDEX_TWICE',
    'INDEX_GAP',
  ],
} as const;

type ErrorName = keyof typeof TRACE_ERROR_CODES;
export type TraceErrorCode = (typeof TRACE_ERROR_CODES)[ErrorName][number];

/** Where in the input: lines and columns count from 1, columns in UTF-16 units. No line: the file as a whole. */
export interface Place {
  readonly file: string;
  readonly line?: number;
}

export interface TraceLocation extends Place {
  readonly column?: number;
  /** The path to the field, such as `votes[0].ballot`. */
  readonly field?: string;
}

/** The parts of a message. What stems from the input must have gone through show.ts. */
export interface Finding {
  readonly expected: string;
  readonly got: string;
  /** What to do next. */
  readonly hint: string;
}

/** The base of all errors about trace files; `expected`, `got` and `hint` are fit to print. */
export class TraceError extends Error {
  override readonly name: ErrorName = 'TraceError';
  readonly expected: string;
  readonly got: string;
  readonly hint: string;

  constructor(readonly code: TraceErrorCode, readonly location: TraceLocation, { expected, got, hint }: Finding) {
    super(`${location.field === undefined ? '' : `field "${location.field}": `}expected ${expected}, got ${got}`);
    this.expected = expected;
    this.got = got;
    this.hint = hint;
  }
}

/** Not even lines of JSON. */
export class TraceSyntaxError extends TraceError {
  override readonly name = 'TraceSyntaxError';
}

/** JSON, but not a trace. */
export class TraceSchemaError extends TraceError {
  override readonly name = 'TraceSchemaError';
}

/** A trace that this version of paxcheck cannot read. */
export class TraceVersionError extends TraceError {
  override readonly name = 'TraceVersionError';
}

const CLASSES = { TraceError, TraceSyntaxError, TraceSchemaError, TraceVersionError } as const;

/** An error of the class that the code belongs to. */
export function traceError(code: TraceErrorCode, location: TraceLocation, finding: Finding): TraceError {
  const name = (Object.keys(CLASSES) as ErrorName[]).find((candidate) => (TRACE_ERROR_CODES[candidate] as readonly string[]).includes(code))!;
  return new CLASSES[name](code, location, finding);
}

/** Two lines for a person: `log.ndjson:17: TraceSchemaError BALLOT_NOT_ALLOWED: field "ballot": expected ..., got ...` and the hint. */
export function describeError(error: TraceError): string {
  const { file, line, column } = error.location;
  const place = [showText(file), line, column].filter((part) => part !== undefined).join(':');
  return `${place}: ${error.name} ${error.code}: ${error.message}\n  hint: ${error.hint}`;
}
