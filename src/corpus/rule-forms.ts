/**
 * The logs of rule-entries.ts in other forms: as one slot of a log of many decisions, with a kind of event hidden, and without
 * an order between nodes. What is expected follows from the expectation for the log as it is, and the reason given here.
 */
import type { TraceEvent, TraceHeader } from '../trace/wire.js';
import type { CorpusEntry } from './entry.js';

type Lines = readonly TraceEvent[];

/** The entry with other lines; its wrong line, if any, is the one that has become of it. */
function withLines(entry: CorpusEntry, form: string, how: string, header: Partial<TraceHeader>, lines: Lines, wrongAt: (index: number) => number): CorpusEntry {
  const [before] = entry.lines;
  const id = `${entry.id}-${form}`;
  const about = `${entry.about} (${how})`;
  // A header that is wrong stays the first line.
  const line = entry.wrong === undefined || entry.wrong.line === 1 ? entry.wrong?.line : wrongAt(entry.wrong.line - 2) + 2;
  return {
    ...entry, id, about,
    lines: [{ ...before, ...header, id, title: about, events: lines.length }, ...lines],
    ...(entry.wrong !== undefined && { wrong: { ...entry.wrong, line: line! } }),
  };
}

/** Another slot, in which nothing is wrong, and which proves nothing about slot 1. */
const OTHER_SLOT: Lines = [
  { at: 'p1', kind: 'prepare', ballot: 1, slot: 0 },
  { at: 'a3', kind: 'promise', ballot: 1, slot: 0, votes: [] },
];

/** Slots share nothing, so that slot 1 is judged as the decision was that it is made of. */
export function multiForm(entry: CorpusEntry): CorpusEntry {
  const lines = entry.lines.slice(1) as Lines;
  const inSlot = (event: TraceEvent): TraceEvent => {
    if (event.kind === 'crash') return event;
    if (event.kind === 'restart') return { ...event, ...(event.votes && { votes: event.votes.map((vote) => ({ ...vote, slot: 1 })) }) };
    return { ...event, slot: 1 } as TraceEvent;
  };
  return withLines(entry, 'multi', 'in slot 1 of a log', { profile: 'multi' }, [...OTHER_SLOT, ...lines.map(inSlot)], (index) => index + OTHER_SLOT.length);
}

/** The rules that prepare lines are needed for, and what else the reason can do without. */
const HIDES: Readonly<Record<string, TraceEvent['kind']>> = { 'promise-has-prepare': 'accepted', 'ballot-opened': 'accepted', 'ballot-owned': 'promise', 'quorums-intersect': 'promise' };

/** The reason given for the verdict needs none of the lines hidden; to hide lines makes nothing wrong. */
export function partialForm(entry: CorpusEntry, rule: string): CorpusEntry {
  const hidden = HIDES[rule] ?? 'prepare';
  const lines = entry.lines.slice(1) as Lines;
  const complete = entry.lines[0].complete.filter((kind) => kind !== hidden);
  const kept = lines.filter(({ kind }) => kind !== hidden);
  return withLines(entry, 'partial', `${hidden} hidden`, { complete }, kept, (index) => kept.indexOf(lines[index]!));
}

/** Rules that are broken within one node, or by something that is nowhere in the log: then every order has the same wrong line. */
const ORDERLESS: ReadonlySet<string> = new Set(['promise-kept', 'promise-reports-highest-vote', 'promise-monotone', 'vote-monotone', 'one-vote-per-ballot', 'restart-remembers', 'decision-stable', 'one-value-per-ballot', 'vote-has-proposal', 'promise-has-prepare', 'validity', 'quorums-intersect']);

/** The lines node by node. Null where another order would have nothing wrong, or something else. */
export function perNodeForm(entry: CorpusEntry, rule: string): CorpusEntry | null {
  if (entry.wrong !== undefined && !ORDERLESS.has(rule)) return null;
  const lines = entry.lines.slice(1) as Lines;
  const nodes = [...new Set(lines.map(({ at }) => at))];
  const sorted = nodes.flatMap((node) => lines.filter(({ at }) => at === node));
  const numbered = sorted.map((event): TraceEvent => ({ ...event, i: sorted.filter(({ at }) => at === event.at).indexOf(event) }));
  return withLines(entry, 'per-node', 'node by node, without a common clock', { order: 'per-node' }, numbered, (index) => sorted.indexOf(lines[index]!));
}
