/** A smallest sub-trace that breaks the same rule in the same line first. */
import { gravityOf } from '../../model/rule-book.js';
import { minimal } from '../minimal.js';
import { joinParts } from '../trace/parts.js';
import type { Place } from '../trace/errors.js';
import type { Trace, TracedEvent } from '../trace/read.js';
import { placeIn } from '../trace/read.js';
import type { TraceEvent, TraceHeader } from '../trace/wire.js';
import { compile } from './compile.js';
import { findingsIn } from './core.js';
import type { Finding } from './finding.js';
import { linearize } from './linearize.js';
import { findingsOfLog, isLog } from './log-check.js';
import { eventIn } from './project.js';

export interface Shrunk {
  readonly header: TraceHeader;
  readonly events: readonly TraceEvent[];
  /** As it is in the whole trace, and where its line is to be found. */
  readonly finding: Finding;
  readonly place: Required<Place>;
  /** Events of the whole trace. */
  readonly whole: number;
}

/** The first finding of those that matter most. */
const firstOf = (findings: readonly Finding[]): Finding | undefined => {
  const gravest = Math.min(...findings.map(({ severity }) => gravityOf(severity)));
  return findings.find(({ severity }) => gravityOf(severity) === gravest);
};

const findingIn = (trace: Trace, events: readonly TracedEvent[]): Finding | undefined =>
  firstOf(isLog(trace.header) ? findingsOfLog({ ...trace, events }) : findingsIn(compile({ ...trace, events }), events));

/** In a log, what is of the slot that is wrong comes first: nearly always it suffices. */
const isOf = ({ slot }: Finding, { event }: TracedEvent): boolean => slot === undefined || (event.kind === 'accepted' && event.upto !== undefined) || eventIn(event, slot) !== null;

/**
 * Leaves out every event that the first finding can do without; ballots keep their names, and no line is changed. Null if nothing is
 * wrong. Logs without an order between nodes, all those of a run, are shrunk in the order in which they are checked.
 */
export function shrink(given: readonly [Trace, ...Trace[]]): Shrunk | null {
  const trace = given[0].header.order === 'total' ? given[0] : linearize(joinParts(given)).trace;
  const finding = findingIn(trace, trace.events);
  if (finding === undefined) return null;
  const isSame = (found: Finding | undefined): boolean => found?.line === finding.line && found.rule === finding.rule;
  const upTo = trace.events.filter(({ line }) => line <= finding.line);
  const enough = (rest: readonly TracedEvent[]): readonly TracedEvent[] | null => (isSame(findingIn(trace, rest)) ? rest : null);
  const left = minimal(enough(upTo.filter((event) => isOf(finding, event))) ?? upTo, enough);
  const { events: _, ...header } = trace.header;
  return { header: { ...header, events: left.length }, events: left.map(({ event }) => event), finding, place: placeIn(trace, finding.line), whole: trace.events.length };
}
