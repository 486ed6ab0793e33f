/** Checks events as they happen: for tests of one's own implementation, in the same process. */
import type { Place } from '../trace/errors.js';
import type { JsonObject } from '../trace/parse.js';
import { parseLine } from '../trace/parse.js';
import type { TracedEvent } from '../trace/read.js';
import { FORMAT, validateEvent, validateHeader, VERSION } from '../trace/validate.js';
import type { TraceEvent, TraceHeader } from '../trace/wire.js';
import { check } from './check.js';
import type { Finding } from './finding.js';
import { LogChecker } from './log.js';
import type { CheckOptions, CheckResult } from './result.js';

/** What a header says; the rest has defaults: one decision, majorities, integer ballots, everything durable, nothing complete. */
export type CheckerHeader = Pick<TraceHeader, 'nodes'> & Partial<Omit<TraceHeader, 'order' | 'events'>>;

export interface Checker {
  /**
   * Takes the next event; what is wrong from here on, most often nothing. Lines in findings are the numbers of events, from 1 on.
   * Throws TraceError for what is no event of the format.
   */
  readonly add: (event: TraceEvent) => readonly Finding[];
  /** The verdict on all events so far, with what it rests on. */
  readonly result: () => CheckResult;
}

const NAME = 'events';

/** A checker for one run. Throws TraceError for a header that is none. */
export function createChecker(header: CheckerHeader, options: CheckOptions = {}): Checker {
  const whole = { format: FORMAT, version: VERSION, profile: 'synod', quorums: { kind: 'majority' }, ballots: { kind: 'integer' }, complete: [], durable: 'before-send', source: { implementation: 'in process' }, ...header, order: 'total' };
  const context = validateHeader(asData(whole, 0), { file: NAME, line: 0 });
  const log = new LogChecker(context.header, { eager: true });
  const events: TracedEvent[] = [];
  const told = new Set<string>();
  const result = (): CheckResult => check({ file: NAME, header: context.header, headerLine: 0, events, warnings: [] }, options);
  return {
    result,
    add(given) {
      const place: Required<Place> = { file: NAME, line: events.length + 1 };
      const event = validateEvent(asData(given, place.line), context, place);
      events.push({ event, line: place.line });
      const before = suspected(log);
      log.feed(event, place.line);
      if (suspected(log) === before) return [];
      return result().findings.filter((finding) => isNew(told, finding));
    },
  };
}

/** Changes whenever something more is wrong. */
const suspected = ({ suspicions, findings }: LogChecker): string => `${findings.length} ${[...suspicions.values()].map(({ line, rule }) => `${line} ${rule}`).join()}`;

function isNew(told: Set<string>, { line, rule }: Finding): boolean {
  const key = `${line} ${rule}`;
  if (told.has(key)) return false;
  told.add(key);
  return true;
}

/** What JSON has of it: no functions, nothing undefined, nothing that changes later. */
const asData = (value: unknown, number: number): JsonObject => parseLine({ number, text: typeof value === 'object' ? JSON.stringify(value) : 'nothing', terminated: true }, NAME);
