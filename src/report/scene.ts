/** What a chart of a finding shows: the lines that contradict each other, what led to them, and what their nodes did last. */
import type { Finding } from '../check/finding.js';
import { ballotOrder } from '../trace/ballots.js';
import type { Trace, TracedEvent } from '../trace/read.js';
import { canonicalJson } from '../trace/values.js';
import type { BallotToken, Index, TraceEvent, TraceHeader } from '../trace/wire.js';
import { indexOfLine, lastOf } from './neighbours.js';

export interface SceneRow extends TracedEvent {
  readonly part: 'wrong' | 'core' | 'context';
  /** Lines between this row and the one above that are not shown. */
  readonly hidden: number;
  /** Rows above that this one answers. */
  readonly answers: readonly number[];
}

export interface Scene {
  readonly lanes: readonly string[];
  readonly rows: readonly SceneRow[];
  /** Lines of the core that had no room. */
  readonly leftOut: number;
}

const MAX_CORE = 24;
const MAX_ROWS = 40;
/** Of each node concerned. */
const MAX_CONTEXT = 2;
/** Lines looked at for the message that a line answers. */
const MAX_LOOKED_AT = 20_000;

/** Null where the line is not one of an event, or the lines were not kept. */
export function sceneOf(trace: Trace, { line, because }: Finding): Scene | null {
  const [wrong, ...core] = [line, ...because.slice(-MAX_CORE)].flatMap((each) => eventIn(trace, each) ?? []);
  if (wrong?.line !== line) return null;
  const parts = new Map<number, SceneRow['part']>([...core.map((each) => [each.line, 'core'] as const), [line, 'wrong']]);
  const concerned = [...new Set([wrong, ...core].map(({ event }) => event.at))];
  const isAnswerTo = answersIn(trace.header);
  const sent = [wrong, ...core].flatMap((each) => answeredBy(trace, each, isAnswerTo));
  const recent = concerned.flatMap((node) => lastOf(trace, node, line, MAX_CONTEXT));
  const shown = new Map([wrong, ...core, ...sent, ...recent].slice(0, MAX_ROWS).map((each) => [each.line, each]));
  const rows = [...shown.values()].sort((one, other) => one.line - other.line);
  const drawn = rows.map((row, at): SceneRow => ({ ...row, part: parts.get(row.line) ?? 'context', hidden: hiddenBefore(trace, rows, at), answers: answersOf(rows, at, isAnswerTo) }));
  const nodes = new Set(rows.map(({ event }) => event.at));
  return { lanes: trace.header.nodes.map(({ id }) => id).filter((id) => nodes.has(id)), rows: drawn, leftOut: because.length - core.length };
}

function eventIn(trace: Trace, line: number): TracedEvent | undefined {
  const found = trace.events[indexOfLine(trace, line)];
  return found?.line === line ? found : undefined;
}

function hiddenBefore(trace: Trace, rows: readonly TracedEvent[], at: number): number {
  const above = at === 0 ? -1 : indexOfLine(trace, rows[at - 1]!.line);
  return indexOfLine(trace, rows[at]!.line) - above - 1;
}

/** The messages that this line answers, the last one of each node. */
function answeredBy(trace: Trace, { line, event }: TracedEvent, isAnswerTo: IsAnswerTo): TracedEvent[] {
  const found = new Map<string, TracedEvent>();
  const end = indexOfLine(trace, line);
  for (let at = end - 1; at >= 0 && at > end - MAX_LOOKED_AT; at--) {
    const earlier = trace.events[at]!;
    if (found.has(earlier.event.at) || !isAnswerTo(event, earlier.event)) continue;
    found.set(earlier.event.at, earlier);
    if (!isCounting(event)) break;
  }
  return [...found.values()];
}

function answersOf(rows: readonly TracedEvent[], at: number, isAnswerTo: IsAnswerTo): number[] {
  const { event } = rows[at]!;
  const found = rows.slice(0, at).flatMap((earlier, row) => (isAnswerTo(event, earlier.event) ? [row] : []));
  return isCounting(event) ? found : found.slice(-1);
}

/** It answers messages of many nodes, not of one. */
const isCounting = ({ kind }: TraceEvent): boolean => kind === 'accept' || kind === 'chosen' || kind === 'decided';

/** What events of many kinds name. */
interface Named {
  readonly ballot?: BallotToken;
  readonly value?: unknown;
  readonly slot?: Index;
  readonly quorum?: readonly string[];
}

/** The earlier event sent what the event answers, as far as the log tells: only for the eye, nothing is judged by it. */
type IsAnswerTo = (event: TraceEvent & Named, earlier: TraceEvent & Named) => boolean;

function answersIn(header: TraceHeader): IsAnswerTo {
  const { key } = ballotOrder(header);
  const isOfBallot = (event: Named, earlier: Named): boolean => event.ballot === undefined || (earlier.ballot !== undefined && key(event.ballot) === key(earlier.ballot));
  const isOfSlot = (event: Named, earlier: Named): boolean => event.slot === undefined || earlier.slot === undefined || String(event.slot) === String(earlier.slot);
  const isOfValue = (event: Named, earlier: Named): boolean => canonicalJson(event.value ?? null) === canonicalJson(earlier.value ?? null);
  return (event, earlier) => {
    if (event.cause !== undefined) return event.cause.at === earlier.at && earlier.i !== undefined && String(event.cause.i) === String(earlier.i);
    if (earlier.kind !== messageFor(event) || !isOfBallot(event, earlier) || !isOfSlot(event, earlier)) return false;
    return (event.kind === 'accept' || isOfValue(event, earlier)) && (event.quorum?.includes(earlier.at) ?? true);
  };
}

/** The kind of message that such an event answers. */
function messageFor(event: TraceEvent): TraceEvent['kind'] | undefined {
  switch (event.kind) {
    case 'promise':
      return 'prepare';
    case 'nack':
      return event.of;
    case 'accept':
      return 'promise';
    case 'accepted':
      return 'accept';
    case 'chosen':
    case 'decided':
      return 'accepted';
    default:
      return undefined;
  }
}
