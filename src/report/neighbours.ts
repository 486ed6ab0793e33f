/** The lines of a trace around a finding. Of a log of many decisions only those of wrong slots are kept. */
import type { CheckResult } from '../check/check.js';
import type { Finding } from '../check/finding.js';
import type { Trace, TracedEvent } from '../trace/read.js';

/** The trace that has the lines of the finding: its slot's, if it is about one. */
export const linesOf = ({ trace, slots }: Pick<CheckResult, 'trace' | 'slots'>, { slot }: Pick<Finding, 'slot'>): Trace => (slot === undefined ? trace : (slots?.get(slot) ?? trace));

/** The index of the first event whose line is not below this one. */
export function indexOfLine({ events }: Pick<Trace, 'events'>, line: number): number {
  let [low, high] = [0, events.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (events[middle]!.line < line) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The event of this line; undefined for a header, or where the lines were not kept. */
export function eventAt(trace: Pick<Trace, 'events'>, line: number): TracedEvent['event'] | undefined {
  const found = trace.events[indexOfLine(trace, line)];
  return found?.line === line ? found.event : undefined;
}

/** Lines looked at to find what a node did last. */
const MAX_LOOKED_AT = 20_000;

/** The last events of the node before the line, at most so many, in their order. */
export function lastOf(trace: Pick<Trace, 'events'>, node: string, line: number, most: number): TracedEvent[] {
  const found: TracedEvent[] = [];
  const end = indexOfLine(trace, line);
  for (let at = end - 1; at >= 0 && at > end - MAX_LOOKED_AT && found.length < most; at--) {
    if (trace.events[at]!.event.at === node) found.unshift(trace.events[at]!);
  }
  return found;
}

/** What the node of the finding did just before it, besides the lines that the finding names. */
export const contextOf = (trace: Pick<Trace, 'events'>, { at, line, because }: Finding, most: number): TracedEvent[] =>
  at === undefined ? [] : lastOf(trace, at, line, most).filter((event) => !because.includes(event.line));
