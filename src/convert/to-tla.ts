/**
 * A trace as records that TLA+ can read (ndJsonDeserialize of its Json module): all of the same fields, ballots as ranks from 1,
 * values as numbers from 1; 0 is none, -1 not logged.
 */
import type { Vote } from '../../model/words.js';
import { NO_BALLOT } from '../../model/words.js';
import type { Compiled } from '../check/compile.js';
import { compile } from '../check/compile.js';
import { highestOf, isNone, votesIn } from '../check/terms.js';
import type { Trace } from '../trace/read.js';
import type { TraceEvent } from '../trace/wire.js';
import type { Fields } from './words.js';
import { plainNames } from './words.js';

/** Ids that are the same text in JSON and in TLA+. */
const isPlain = (id: string): boolean => /^[\w .:@/+-]+$/.test(id);

export const tlaNames = ({ header }: Trace): Map<string, string> => plainNames(header.nodes.map(({ id }) => id), isPlain, 'node');

const NOT_LOGGED = -1;

interface TlaRecord {
  readonly kind: string;
  readonly at: string;
  /** Of a restart or a state: what is promised. */
  readonly bal: number;
  readonly val: number;
  /** The highest vote that is reported. */
  readonly mbal: number;
  readonly mval: number;
  /** Whose messages were used; empty, and not named, if that is not logged. */
  readonly quorum: readonly string[];
  readonly named: boolean;
}

/** 0 is no value. */
export const numberOf = (value: number): number => value + 1;

function reportOf({ votes }: Fields, compiled: Compiled): Vote | null | undefined {
  return votes && highestOf(votesIn(compiled, votes));
}

function balOf(event: TraceEvent, { rankOf }: Compiled): number {
  const { ballot, promised } = event as Fields;
  if (event.kind !== 'restart' && event.kind !== 'state') return ballot === undefined ? NOT_LOGGED : rankOf(ballot);
  if (promised === undefined) return NOT_LOGGED;
  return isNone(promised) ? NO_BALLOT : rankOf(promised);
}

function recordOf(given: TraceEvent, compiled: Compiled, names: ReadonlyMap<string, string>): TlaRecord {
  // What is not durable is gone, whether or not the log says so.
  const event: TraceEvent = given.kind === 'restart' && compiled.trace.header.durable === 'none' ? { promised: [], votes: [], ...given } : given;
  const fields = event as Fields;
  const report = reportOf(fields, compiled);
  return {
    kind: event.kind,
    at: names.get(event.at)!,
    bal: balOf(event, compiled),
    val: 'value' in event ? numberOf(compiled.valueOf(fields.value)) : NOT_LOGGED,
    mbal: report === undefined ? NOT_LOGGED : (report?.ballot ?? NO_BALLOT),
    mval: report === undefined ? NOT_LOGGED : report === null ? 0 : numberOf(report.value),
    quorum: (fields.quorum ?? []).map((id) => names.get(id)!),
    named: fields.quorum !== undefined,
  };
}

/** The file in pieces, a record a line. */
export function* tlaText(trace: Trace): Generator<string> {
  const compiled = compile(trace);
  const names = tlaNames(trace);
  for (const { event } of trace.events) yield `${JSON.stringify(recordOf(event, compiled, names))}\n`;
}
