/** For each rule of logs of many decisions a log that keeps it and one that breaks it, written by hand. */
import type { TraceEvent, TraceHeader } from '../trace/wire.js';
import type { CorpusEntry } from './entry.js';
import { logHeader } from './log-run.js';

interface LogExample {
  readonly rule: string;
  readonly keeps: readonly TraceEvent[];
  readonly breaks: readonly TraceEvent[];
  /** The line of the broken log that is wrong; the header is line 1. */
  readonly line: number;
  /** Why it must be unsafe. */
  readonly because: string;
}

const promises = (ballot: number, acceptors: readonly string[]): TraceEvent[] => acceptors.map((at) => ({ at, kind: 'promise', ballot, votes: [] }));
const votes = (slot: number, value: string, acceptors: readonly string[]): TraceEvent[] => acceptors.map((at) => ({ at, kind: 'accepted', ballot: 1, slot, value }));

const OPEN: readonly TraceEvent[] = [{ at: 'p1', kind: 'prepare', ballot: 1 }, ...promises(1, ['a1', 'a2'])];
const propose = (slot: number, value: string): TraceEvent[] => [{ at: 'p1', kind: 'propose', value }, { at: 'p1', kind: 'accept', ballot: 1, slot, value }];
/** Slot 0 chooses x, slot 1 chooses y. */
const TWO_SLOTS: readonly TraceEvent[] = [...OPEN, ...propose(0, 'x'), ...propose(1, 'y'), ...votes(0, 'x', ['a1', 'a2']), ...votes(1, 'y', ['a1', 'a2'])];
const REPORTED = [{ slot: 0, ballot: 1, value: 'x' }, { slot: 1, ballot: 1, value: 'y' }];

const LOG_EXAMPLES: readonly LogExample[] = [
  {
    rule: 'promise-covers-slots',
    keeps: [...TWO_SLOTS, { at: 'a1', kind: 'trim', upto: 0 }, { at: 'p2', kind: 'prepare', ballot: 2 }, { at: 'a1', kind: 'promise', ballot: 2, floor: 1, votes: REPORTED.slice(1) }, { at: 'a2', kind: 'promise', ballot: 2, votes: REPORTED }],
    breaks: [...TWO_SLOTS, { at: 'p2', kind: 'prepare', ballot: 2 }, { at: 'a2', kind: 'promise', ballot: 2, votes: REPORTED.slice(0, 1) }, { at: 'a3', kind: 'promise', ballot: 2, votes: [] }],
    line: 14,
    because: 'a2 voted in slot 1, where y is chosen, and leaves the slot out, so that the leader of ballot 2 may choose another value there with a3',
  },
  {
    rule: 'applied-is-decided',
    keeps: [...TWO_SLOTS, { at: 'l1', kind: 'decided', slot: 0, value: 'x' }, { at: 'l1', kind: 'applied', slot: 0, value: 'x' }],
    breaks: [...OPEN, ...propose(0, 'x'), ...votes(0, 'x', ['a1']), { at: 'l1', kind: 'applied', slot: 0, value: 'x' }],
    line: 8,
    because: 'one vote of three chooses nothing: a2 and a3 may still choose another value in the slot that l1 has applied',
  },
  {
    rule: 'applied-in-order',
    keeps: [...TWO_SLOTS, { at: 'l1', kind: 'applied', slot: 0, value: 'x' }, { at: 'l1', kind: 'applied', slot: 1, value: 'y' }, { at: 'l2', kind: 'applied', slot: 0, value: 'x' }],
    breaks: [...TWO_SLOTS, { at: 'l1', kind: 'applied', slot: 1, value: 'y' }, { at: 'l1', kind: 'applied', slot: 0, value: 'x' }],
    line: 14,
    because: 'the state machine of l1 executes y before x',
  },
];

function entryOf({ rule, keeps, breaks, line, because }: LogExample, isKept: boolean): CorpusEntry {
  const id = `rule-${rule}-${isKept ? 'kept' : 'broken'}`;
  const about = isKept ? `keeps ${rule}` : `breaks ${rule}: ${because}`;
  const events = isKept ? keeps : breaks;
  const header: TraceHeader = { ...logHeader(about), id, source: { implementation: 'written by hand' }, events: events.length };
  return { id, about, lines: [header, ...events], bounds: { acceptors: 3, ballots: 2, values: 3 }, expected: isKept ? 'conforms' : 'unsafe', ...(!isKept && { wrong: { line, rule } }) };
}

export const logEntries = (): CorpusEntry[] => LOG_EXAMPLES.flatMap((example) => [entryOf(example, true), entryOf(example, false)]);
