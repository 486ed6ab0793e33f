/** The lines that `paxcheck check --json` writes, read again. */
import type { Verdict } from '../../model/verdict.js';
import type { Place } from '../trace/errors.js';
import { traceError } from '../trace/errors.js';
import type { Line } from '../trace/lines.js';
import { LineSplitter } from '../trace/lines.js';
import { parseLine } from '../trace/parse.js';
import type { JsonObject } from '../trace/parse.js';
import { show } from '../trace/show.js';
import type { Shard } from './shard.js';
import { readShard } from './shard.js';

export interface VerdictLine {
  readonly kind: 'verdict';
  readonly sha256: string;
  readonly checker: string;
  readonly verdict: Verdict;
  readonly isUntested: boolean;
  /** Of logs of single nodes. */
  readonly isRun: boolean;
  /** Files with something that is an error under --strict. */
  readonly odd: number;
}

/** A file that was not understood. */
export interface ErrorLine {
  readonly kind: 'error';
  /** The same if the same is said of the same place. */
  readonly key: string;
}

/** The last line of a job. */
export interface SummaryLine {
  readonly kind: 'summary';
  readonly checker: string;
  readonly shard: Shard | null;
  readonly strict: boolean;
  /** How many lines it wrote before this one. */
  readonly lines: number;
  /** Traces in all shards. */
  readonly of: number;
}

const VERDICTS: Readonly<Record<Verdict, true>> = { conforms: true, deviates: true, unsafe: true, inconclusive: true };

/** A line has all findings of a trace; one that is longer than a string may be is not ours. */
const MAX_LINE_BYTES = 2 ** 28;

/** The lines of the input and their numbers. Throws TraceError for the first that is none of ours, and TRACE_CUT if the last one is cut. */
export async function* readVerdicts(input: AsyncIterable<Uint8Array>, file: string): AsyncGenerator<{ number: number; line: VerdictLine | ErrorLine | SummaryLine }> {
  const lines: Line[] = [];
  const splitter = new LineSplitter({ quick: () => 0, line: (line) => lines.push(line) }, file, MAX_LINE_BYTES);
  const parsed = (line: Line): { number: number; line: VerdictLine | ErrorLine | SummaryLine } => ({ number: line.number, line: parse(line, file) });
  for await (const chunk of input) {
    splitter.push(chunk);
    for (const line of lines.splice(0)) yield parsed(line);
  }
  splitter.end();
  for (const line of lines) yield parsed(line);
}

const HINT = 'give it the lines that "paxcheck check --json" of this version has written, and nothing else';

function parse(line: Line, file: string): VerdictLine | ErrorLine | SummaryLine {
  const place = { file, line: line.number };
  const data = parseLine(line, file);
  if (data.format !== 'paxcheck-verdict' && data.format !== 'paxcheck-summary') throw traceError('UNKNOWN_FORMAT', { ...place, field: 'format' }, { expected: '"paxcheck-verdict" or "paxcheck-summary"', got: show(data.format), hint: HINT });
  if (data.version !== 1) throw traceError('UNKNOWN_VERSION', { ...place, field: 'version' }, { expected: '1', got: show(data.version), hint: 'merge verdicts with the version of paxcheck that wrote them, or a later one' });
  if (data.format === 'paxcheck-summary') return summaryOf(data, place);
  return data.error === undefined ? verdictOf(data, place) : errorOf(data);
}

function verdictOf(data: JsonObject, place: Place): VerdictLine {
  return {
    kind: 'verdict',
    sha256: text(data, 'sha256', place, /^[0-9a-f]{64}$/, '64 hexadecimal digits'),
    checker: text(data, 'checker', place),
    verdict: need(data, 'verdict', place, (value): value is Verdict => typeof value === 'string' && Object.hasOwn(VERDICTS, value), Object.keys(VERDICTS).join(', ')),
    isUntested: !need(data, 'tested', place, isBoolean, 'true or false') && data.first === undefined,
    isRun: data.parts !== undefined,
    odd: new Set(need(data, 'warnings', place, isList, 'a list').map((warning) => (warning as { file?: unknown } | null)?.file)).size,
  };
}

const errorOf = ({ file, line, field, error }: JsonObject): ErrorLine => ({ kind: 'error', key: JSON.stringify([file, line, field, error]) });

function summaryOf(data: JsonObject, place: Place): SummaryLine {
  return {
    kind: 'summary',
    checker: text(data, 'checker', place),
    shard: data.shard === undefined ? null : readShard(need(data, 'shard', place, isShard, 'i/n, i from 1 to n')),
    strict: need(data, 'strict', place, isBoolean, 'true or false'),
    lines: need(data, 'lines', place, isCount, 'a number of lines'),
    of: need(data, 'of', place, isCount, 'a number of traces'),
  };
}

const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean';
const isShard = (value: unknown): value is string => typeof value === 'string' && readShard(value) !== null;
const isList = (value: unknown): value is unknown[] => Array.isArray(value);
const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

const text = (data: JsonObject, name: string, place: Place, form = /^[^]+$/, expected = 'a text'): string =>
  need(data, name, place, (value): value is string => typeof value === 'string' && form.test(value), expected);

function need<T>(data: JsonObject, name: string, place: Place, is: (value: unknown) => value is T, expected: string): T {
  const value = data[name];
  if (is(value)) return value;
  throw traceError(value === undefined ? 'MISSING_FIELD' : 'BAD_VALUE', { ...place, field: name }, { expected, got: show(value), hint: HINT });
}
