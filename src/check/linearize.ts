/**
 * An order for the events of logs that have none between nodes. Messages that were sent stay sent, so there is no need to
 * search: an event whose messages are there may come next, and takes nothing from any other. If no event may come next, no
 * order explains the log; then the one that waits in the lowest ballot comes anyway, and the check says what is wrong with it.
 * Low ballots first: a leader that went by promises which were not logged heard of all lower votes that it could hear of.
 */
import type { PartEvent, Parts } from '../trace/parts.js';
import type { Trace, TracedEvent } from '../trace/read.js';
import type { BallotToken, ReportedVote, TraceEvent } from '../trace/wire.js';
import type { Bench } from './bench.js';
import { benchFor } from './bench.js';
import { compile } from './compile.js';
import { judge, kindsOf } from './judge.js';
import { everyRule, isReady, rulesOfSafety } from './ready.js';

/** A trace in which every event has a place. */
export interface Linearized {
  /** Its lines are numbers in the order found, from one on; `places` says where they come from. */
  readonly trace: Trace;
  /** Lines that came although what they need was not there, and why; the first MAX_TOLD of them. */
  readonly unexplained: ReadonlyMap<number, Wait>;
}

/** Why an event could not come: each of these either is needed by the one before, or comes before it at the same node. Empty if what the event needs is in no log. */
export type Wait = readonly { readonly how: 'needed' | 'earlier'; readonly file: string; readonly line: number; readonly kind: string }[];

/** For so many lines it is looked for, in all logs, what they wait for. */
const MAX_TOLD = 50;

/** The events of a node, and which of them comes next. */
interface Head {
  readonly node: string;
  readonly events: readonly PartEvent[];
  /** The index of its last line, of whatever kind. */
  readonly last: number | string;
  next: number;
}

/** Finds the order. */
export function linearize(parts: Parts): Linearized {
  const heads = [...parts.byNode].map(([node, events]): Head => ({ node, events, last: parts.lastOf.get(node)!, next: 0 }));
  const all = heads.flatMap(({ events }) => events);
  const draft = traceOf(parts, all);
  const compiled = compile(draft);
  const bench = benchFor(compiled);
  const order: PartEvent[] = [];
  const unexplained = new Map<number, Wait>();
  const rankOf = (event: TraceEvent & Named): number => (event.ballot === undefined ? 0 : compiled.rankOf(event.ballot));
  while (order.length < all.length) {
    const open = heads.filter(({ events, next }) => next < events.length).sort((one, other) => rankOf(one.events[one.next]!.event) - rankOf(other.events[other.next]!.event));
    const ready = open.find(({ events, next }) => isCaused(events[next]!.event, heads) && isReady(bench, events[next]!.event, everyRule));
    const isTold = unexplained.size < MAX_TOLD;
    const chosen = ready ?? leastHarm(bench, heads, open, isTold);
    if (ready === undefined && isTold) unexplained.set(order.length + 1, waitOf(bench, heads, chosen));
    const event = chosen.events[chosen.next++]!;
    order.push(event);
    judge(bench, event.event, order.length);
  }
  return { trace: traceOf(parts, order), unexplained };
}

/** The events in this order as one trace. A kind of which lines were lost somewhere is complete nowhere: it is not known when. */
function traceOf({ header, first, warnings }: Parts, events: readonly PartEvent[]): Trace {
  const lost = new Set(events.filter(({ event }) => event.kind === 'lost').flatMap(({ event }) => kindsOf(header, event.at)));
  const places = [first, ...events.map(({ file, line }) => ({ file, line }))];
  return {
    file: first.file,
    header: { ...header, order: 'total', complete: header.complete.filter((kind) => !lost.has(kind)) },
    headerLine: 0,
    events: events.map(({ event }, at): TracedEvent => ({ event, line: at + 1 })),
    warnings,
    places,
  };
}

/** Which of these comes although it is not ready: what costs nothing; then what waits for something that is in no log; then the first. */
function leastHarm(bench: Bench, heads: readonly Head[], open: readonly Head[], looks: boolean): Head {
  const isHarmless = ({ events, next }: Head): boolean => isCaused(events[next]!.event, heads) && isReady(bench, events[next]!.event, rulesOfSafety);
  return open.find(isHarmless) ?? (looks ? open.find((head) => waitOf(bench, heads, head).length === 0) : undefined) ?? open[0]!;
}

/** What events of many kinds name. */
interface Named {
  readonly ballot?: BallotToken;
  readonly value?: unknown;
}

/** What the head waits for, and what that waits for, as far as the logs have it, until it comes round. */
function waitOf(bench: Bench, heads: readonly Head[], from: Head): Wait {
  const wait: Wait[number][] = [];
  const add = (how: 'needed' | 'earlier', { file, line, event: { kind } }: PartEvent): number => wait.push({ how, file, line, kind });
  const seen = new Set<Head>();
  for (let head = from; !seen.has(head); ) {
    seen.add(head);
    const waiting: TraceEvent = head.events[head.next]!.event;
    const owner: Head | undefined = heads.find((other) => other.events.slice(other.next + (other === head ? 1 : 0)).some((later) => isNeeded(bench, waiting, later.event)));
    if (owner === undefined) break;
    const needed = owner.events.findIndex((later, at) => at >= owner.next && later.event !== waiting && isNeeded(bench, waiting, later.event));
    add('needed', owner.events[needed]!);
    if (needed !== owner.next) add('earlier', owner.events[owner.next]!);
    head = owner;
  }
  return wait;
}

/** The later event is of the kind that the event waits for. */
function isNeeded({ compiled }: Bench, event: TraceEvent & Named, later: TraceEvent & Named): boolean {
  const sameBallot = event.ballot !== undefined && later.ballot !== undefined && compiled.rankOf(event.ballot) === compiled.rankOf(later.ballot);
  const sameValue = event.value !== undefined && later.value !== undefined && compiled.valueOf(event.value) === compiled.valueOf(later.value);
  const proposes = (votes: readonly ReportedVote[]): boolean =>
    later.kind === 'accept' && votes.some(({ ballot, value }) => compiled.rankOf(ballot) === compiled.rankOf(later.ballot) && compiled.valueOf(value) === compiled.valueOf(later.value));
  if (event.cause?.at === later.at && String(event.cause.i) === String(later.i)) return true;
  switch (event.kind) {
    case 'promise':
      return (later.kind === 'prepare' && sameBallot) || proposes(event.votes);
    case 'restart':
    case 'state':
      return proposes(event.votes ?? []);
    case 'nack':
      return later.kind === event.of && sameBallot;
    case 'accept':
      return (later.kind === 'promise' || later.kind === 'prepare') && sameBallot;
    case 'accepted':
      return later.kind === 'accept' && sameBallot && sameValue;
    case 'chosen':
    case 'decided':
    case 'returned':
      return (later.kind === 'accepted' || later.kind === 'accept' || later.kind === 'propose') && sameValue;
    default:
      return false;
  }
}

/** What it names as its cause has come: all events of that node up to it. */
function isCaused({ cause }: TraceEvent, heads: readonly Head[]): boolean {
  if (cause === undefined) return true;
  const head = heads.find(({ node }) => node === cause.at);
  if (head === undefined) return false;
  const next = head.events[head.next];
  return next === undefined ? BigInt(cause.i) <= BigInt(head.last) : BigInt(cause.i) < BigInt(next.event.i!);
}
