/** Which decision an event is about. In the profile "synod" there is one; in the profile "multi" there is one in each slot. */
import type { Place, TraceError } from './errors.js';
import { traceError } from './errors.js';
import type { Path } from './show.js';
import { show, showPath } from './show.js';
import type { Index, ReportedDecision, ReportedVote, TraceEvent } from './wire.js';

/** What makes sense with several slots only. */
const KINDS_OF_SLOTS: ReadonlySet<string> = new Set(['applied', 'configure', 'trim', 'snapshot']);
const FIELDS_OF_SLOTS = ['slot', 'from', 'floor', 'upto'] as const;

/** The kinds that say nothing without a slot. */
export const SLOT_KINDS: ReadonlySet<string> = new Set(['accept', 'accepted', 'chosen', 'decided', 'applied']);

/** The fields that name slots; an event of any kind has some of them at most. */
interface SlotFields {
  readonly slot?: Index;
  readonly from?: Index;
  readonly floor?: Index;
  readonly upto?: Index;
  readonly value?: unknown;
}

/** The lists within an event whose members may name slots. */
interface Lists {
  readonly votes?: readonly ReportedVote[];
  readonly decided?: readonly ReportedDecision[];
}

/** Throws TraceSchemaError NOT_IN_PROFILE for what only a log of many decisions has, MISSING_FIELD for a vote without a value. */
export function checkSingle(event: TraceEvent & SlotFields, lists: Lists, place: Place): void {
  const hint = 'the profile "synod" is about a single decision: leave this out, or declare the profile "multi"';
  if (KINDS_OF_SLOTS.has(event.kind)) {
    throw traceError('NOT_IN_PROFILE', { ...place, field: 'kind' }, { expected: 'a kind of event of the profile "synod"', got: show(event.kind), hint });
  }
  for (const [part, path] of partsOf(event, lists)) {
    const field = FIELDS_OF_SLOTS.find((name) => Object.hasOwn(part, name));
    if (field !== undefined) throw traceError('NOT_IN_PROFILE', { ...place, field: showPath([...path, field]) }, { expected: 'no such field in the profile "synod"', got: 'one', hint });
  }
  if (event.kind === 'accepted') checkValue(event, place);
}

/** Throws TraceVersionError UNSUPPORTED for configurations, TraceSchemaError MISSING_FIELD, BAD_VALUE, LIMIT where it is not clear which slots are meant. */
export function checkSlots(event: TraceEvent & SlotFields, lists: Lists, place: Place): void {
  if (event.kind === 'configure') {
    throw traceError('UNSUPPORTED', { ...place, field: 'kind' }, { expected: 'another kind of event', got: '"configure"', hint: 'this version of paxcheck takes the configuration from the header: write a trace for the slots of each configuration' });
  }
  const parts = partsOf(event, lists);
  for (const [part, path] of parts) for (const name of FIELDS_OF_SLOTS) checkSize(part[name], [...path, name], place);
  const about = event.slot !== undefined;
  if (!about && SLOT_KINDS.has(event.kind) && event.upto === undefined) throw missing(['slot'], 'say which slot it is about', place);
  if (about) refuse(event, ['from', 'floor', 'upto'], [], 'a slot alone: the event is about this one', place);
  for (const [part, path] of parts.slice(1)) {
    if (about) refuse(part, ['slot'], path, 'no slot: the event has one', place);
    else if (part.slot === undefined) throw missing([...path, 'slot'], 'say which slot it is about, or give the event a slot', place);
  }
  if (event.kind === 'accepted' && event.upto !== undefined) refuse(event, ['value'], [], 'no value: with "upto" the vote is for what the ballot proposed', place);
  else if (event.kind === 'accepted') checkValue(event, place);
}

/** The event, and what within it names slots. */
function partsOf(event: SlotFields, { votes = [], decided = [] }: Lists): [SlotFields, Path][] {
  const parts: [SlotFields, Path][] = [[event, []]];
  for (const [index, vote] of votes.entries()) parts.push([vote, ['votes', index]]);
  for (const [index, decision] of decided.entries()) parts.push([decision, ['decided', index]]);
  return parts;
}

function checkValue(event: SlotFields, place: Place): void {
  if (!Object.hasOwn(event, 'value')) throw missing(['value'], 'say what was voted for', place);
}

/** Slots are counted: they must be exact as numbers. */
function checkSize(index: Index | undefined, path: Path, place: Place): void {
  if (index === undefined || typeof index === 'number' || Number(index) <= Number.MAX_SAFE_INTEGER) return;
  throw traceError('LIMIT', { ...place, field: showPath(path) }, { expected: 'a slot of at most 9007199254740991 (2^53 - 1)', got: show(index), hint: 'number the slots from a lower one on' });
}

function refuse(part: SlotFields, names: readonly (keyof SlotFields)[], path: Path, expected: string, place: Place): void {
  const found = names.find((name) => Object.hasOwn(part, name));
  if (found !== undefined) throw traceError('BAD_VALUE', { ...place, field: showPath([...path, found]) }, { expected, got: show(part[found]), hint: 'leave one of the two out' });
}

const missing = (path: Path, hint: string, place: Place): TraceError => traceError('MISSING_FIELD', { ...place, field: showPath(path) }, { expected: 'a value', got: 'no such field', hint });
