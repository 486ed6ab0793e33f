/** Logs of many decisions in files that may be longer than memory: read once, and again only for what is wrong. */
import { LimitError } from '../engine/limit-error.js';
import type { Place } from '../trace/errors.js';
import { traceError } from '../trace/errors.js';
import type { Keep, Trace, TraceTaker } from '../trace/read.js';
import { readEach } from '../trace/read.js';
import { LogChecker } from './log.js';
import type { LogPass } from './log-check.js';
import { endPass, logResult, projectorFor } from './log-check.js';
import type { SlotTrace } from './project-log.js';
import type { CheckOptions, CheckResult } from './result.js';

/** A log that was read once. */
export interface LogRead {
  readonly about: Omit<Trace, 'events'>;
  readonly pass: LogPass;
  /** The last line that was read: there may be more by now. */
  readonly lastLine: number;
}

/** Reads a log once. */
export const keepLog: Keep<LogRead> = ({ header }, place, done) => {
  const log = new LogChecker(header);
  let lastLine = place.line;
  return {
    event: (event, line) => {
      lastLine = line;
      within(place, line, () => log.feed(event, line));
    },
    end: ({ warnings }) => within(place, lastLine, () => done({ about: { file: place.file, header, headerLine: place.line, warnings }, pass: endPass(log), lastLine })),
  };
};

/** What the checker cannot keep is an error of this trace, and not of others. */
function within(place: Place, line: number, act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof LimitError)) throw error;
    throw traceError('LIMIT', { ...place, line }, { expected: 'a log that can be checked in memory', got: error.message, hint: error.hint });
  }
}

/** The lines of the wrong slots of these logs, all of the same file, which is read again. */
async function slotsOf(logs: readonly LogRead[], input: AsyncIterable<Uint8Array>, file: string): Promise<Map<LogRead, readonly SlotTrace[]>> {
  const found = new Map<LogRead, readonly SlotTrace[]>();
  const keep: Keep<null> = ({ header }, { line: headerLine }): TraceTaker => {
    const read = logs.find(({ about }) => about.headerLine === headerLine);
    if (read === undefined) return { event: () => undefined, end: () => undefined };
    const projector = projectorFor(header, read.pass);
    found.set(read, projector.traces(read.about));
    return {
      event: (event, line) => {
        if (line <= read.lastLine) projector.feed(event, line);
      },
      end: () => undefined,
    };
  };
  for await (const _ of readEach(input, file, keep, { live: true }));
  return found;
}

/** The verdicts of logs of the same file, in their order; `again` reads the file once more. */
export async function logResults(logs: readonly LogRead[], again: () => AsyncIterable<Uint8Array>, options: CheckOptions = {}): Promise<CheckResult[]> {
  const wrong = logs.filter(({ pass }) => pass.wrong.length > 0);
  const slots = wrong.length === 0 ? new Map<LogRead, readonly SlotTrace[]>() : await slotsOf(wrong, again(), wrong[0]!.about.file);
  return logs.map((read) => logResult(read.pass, read.about, slots.get(read) ?? [], options));
}
