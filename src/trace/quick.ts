/**
 * Reads lines as most programs write them, byte by byte and without anything in between: known kinds and fields, plain
 * strings, small integers. Of all other lines it says nothing; they are read by parse.ts and validate.ts. What it takes
 * they take as well, and make the same of it: quick.test.ts.
 */
import { BEGIN, CLOSE, COLON, COMMA, END, NEWLINE, NOT_MINE, OPEN, QUOTE, QuickCursor, RETURN } from './quick-cursor.js';
import type { TraceContext } from './validate.js';
import { SLOT_KINDS } from './slots.js';
import { mayLog } from './validate.js';
import type { BallotToken, ReportedVote, TraceEvent } from './wire.js';

/** The fields that it knows, each with a bit. */
const FIELDS = { at: 1, kind: 2, ballot: 4, value: 8, slot: 16, votes: 32, of: 64, from: 128, floor: 256, quorum: 1024, i: 2048, loc: 4096, op: 8192 } as const;
const COMMON = FIELDS.at | FIELDS.kind;
const EXTRA = FIELDS.i | FIELDS.loc;

/** Of the kinds that it knows: what must be there, and what may. */
const KINDS = {
  prepare: [FIELDS.ballot, FIELDS.slot | FIELDS.from],
  promise: [FIELDS.ballot | FIELDS.votes, FIELDS.slot | FIELDS.from | FIELDS.floor],
  accept: [FIELDS.ballot | FIELDS.value, FIELDS.slot | FIELDS.quorum],
  accepted: [FIELDS.ballot | FIELDS.value, FIELDS.slot],
  nack: [FIELDS.ballot | FIELDS.of, FIELDS.slot],
  chosen: [FIELDS.value, FIELDS.ballot | FIELDS.slot | FIELDS.quorum],
  decided: [FIELDS.value, FIELDS.ballot | FIELDS.slot | FIELDS.quorum],
  applied: [FIELDS.slot | FIELDS.value, 0],
  propose: [FIELDS.value, FIELDS.op | FIELDS.slot],
} as const;
type Kind = keyof typeof KINDS;

export class QuickLines extends QuickCursor {
  /** After a line was read: where the next one begins. */
  next = 0;
  private readonly kinds = new Map<string, { readonly required: number; readonly excluded: number; readonly nodes: ReadonlySet<string> }>();
  /** Of the line that is read; what was not seen on it is of an earlier one. */
  private readonly fields: Fields = { at: '', kind: '', ballot: undefined, value: undefined, slot: 0, votes: NO_VOTES, of: '', from: 0, floor: 0, quorum: NO_IDS, i: 0, loc: '', op: '' };
  private readonly isMulti: boolean;
  private readonly isPerNode: boolean;

  constructor(private readonly context: TraceContext) {
    super();
    const { header, roles } = context;
    this.isMulti = header.profile === 'multi';
    this.isPerNode = header.order === 'per-node';
    for (const [kind, [needed, allowed]] of Object.entries(KINDS) as [Kind, readonly [number, number]][]) {
      const required = COMMON | needed | (this.isPerNode ? FIELDS.i : 0);
      this.kinds.set(kind, { required, excluded: ~(required | allowed | EXTRA), nodes: new Set([...roles].filter(([, held]) => mayLog(kind, held)).map(([id]) => id)) });
    }
  }

  /** The event on the line that begins here, if the line ends in these bytes and is plain; null says nothing. */
  read(bytes: Uint8Array, start: number): TraceEvent | null {
    this.bytes = bytes;
    this.at = start;
    if (bytes[start] !== BEGIN) return null;
    try {
      return this.event();
    } catch (error) {
      if (error === NOT_MINE) return null;
      throw error;
    }
  }

  private event(): TraceEvent {
    const { fields } = this;
    fields.votes = NO_VOTES;
    let seen = 0;
    this.at += 1;
    for (;;) {
      const bit = this.key();
      if ((seen & bit) !== 0) throw NOT_MINE;
      seen |= bit;
      this.field(bit, fields);
      const next = this.step();
      if (next === END) break;
      if (next !== COMMA) throw NOT_MINE;
    }
    this.lineEnd();
    return this.checked(fields, seen);
  }

  private lineEnd(): void {
    if (this.bytes[this.at] === RETURN) this.at += 1;
    if (this.bytes[this.at] !== NEWLINE) throw NOT_MINE;
    this.next = this.at + 1;
  }

  private field(bit: number, fields: Fields): void {
    switch (bit) {
      case FIELDS.at: fields.at = this.name(); break;
      case FIELDS.kind: fields.kind = this.name(); break;
      case FIELDS.ballot: fields.ballot = this.ballot(); break;
      case FIELDS.value: fields.value = this.value(0); break;
      case FIELDS.slot: fields.slot = this.count(); break;
      case FIELDS.votes: fields.votes = this.votes(); break;
      case FIELDS.of: fields.of = this.name(); break;
      case FIELDS.from: fields.from = this.count(); break;
      case FIELDS.floor: fields.floor = this.count(); break;
      case FIELDS.quorum: fields.quorum = this.quorum(); break;
      case FIELDS.i: fields.i = this.count(); break;
      case FIELDS.loc: fields.loc = this.string(); break;
      case FIELDS.op: fields.op = this.string(); break;
      default: throw NOT_MINE;
    }
  }

  /** The fields as an event, if they are as validate.ts wants them. */
  private checked(fields: Fields, seen: number): TraceEvent {
    const { kind } = fields;
    const known = this.kinds.get(kind);
    if (known === undefined) throw NOT_MINE;
    if ((seen & known.required) !== known.required || (seen & known.excluded) !== 0 || !known.nodes.has(fields.at)) throw NOT_MINE;
    this.checkSlots(fields, seen);
    if (kind === 'nack' && fields.of !== 'prepare' && fields.of !== 'accept') throw NOT_MINE;
    if ((seen & FIELDS.op) !== 0 && (fields.op === '' || fields.op.length > MAX_ID)) throw NOT_MINE;
    return madeOf(fields, seen) as unknown as TraceEvent;
  }

  /** Which decision it is about: with one decision only nobody says, with many everybody must. */
  private checkSlots({ kind, votes }: Fields, seen: number): void {
    if (!this.isMulti) {
      if ((seen & (FIELDS.slot | FIELDS.from | FIELDS.floor)) !== 0 || kind === 'applied') throw NOT_MINE;
    } else {
      const hasSlot = (seen & FIELDS.slot) !== 0;
      if (!hasSlot && SLOT_KINDS.has(kind)) throw NOT_MINE;
      if (hasSlot && (seen & (FIELDS.from | FIELDS.floor)) !== 0) throw NOT_MINE;
      if (!hasSlot && votes.some(({ slot }) => slot === undefined)) throw NOT_MINE;
    }
    if (!this.isMulti || (seen & FIELDS.slot) !== 0) for (const { slot } of votes) if (slot !== undefined) throw NOT_MINE;
  }

  /** Steps over a key and its colon. */
  private key(): number {
    if (this.step() !== QUOTE) throw NOT_MINE;
    const known = keyAt(this.bytes, this.at);
    if (known === undefined) throw NOT_MINE;
    this.at += known.codes.length + 1;
    if (this.step() !== COLON) throw NOT_MINE;
    return known.bit;
  }

  private ballot(): BallotToken {
    const next = this.peek();
    let token: BallotToken;
    if (next === QUOTE) token = this.string();
    else if (next === OPEN) {
      this.at += 1;
      const counter = this.count();
      if (this.step() !== COMMA) throw NOT_MINE;
      token = [counter, this.string()];
      if (this.step() !== CLOSE) throw NOT_MINE;
    } else token = this.count();
    if (this.context.ballots.refusal(token) !== null || token === '') throw NOT_MINE;
    return token;
  }

  private votes(): readonly ReportedVote[] {
    if (this.step() !== OPEN) throw NOT_MINE;
    if (this.peek() === CLOSE) {
      this.at += 1;
      return [];
    }
    const votes: ReportedVote[] = [];
    for (;;) {
      votes.push(this.vote());
      const next = this.step();
      if (next === CLOSE) return votes;
      if (next !== COMMA) throw NOT_MINE;
    }
  }

  private vote(): ReportedVote {
    if (this.step() !== BEGIN) throw NOT_MINE;
    const vote: { ballot?: BallotToken; value?: unknown; slot?: number } = {};
    let seen = 0;
    for (;;) {
      const bit = this.key();
      if ((seen & bit) !== 0) throw NOT_MINE;
      seen |= bit;
      if (bit === FIELDS.ballot) vote.ballot = this.ballot();
      else if (bit === FIELDS.value) vote.value = this.value(0);
      else if (bit === FIELDS.slot) vote.slot = this.count();
      else throw NOT_MINE;
      const next = this.step();
      if (next === END) break;
      if (next !== COMMA) throw NOT_MINE;
    }
    if ((seen & FIELDS.ballot) === 0 || (seen & FIELDS.value) === 0) throw NOT_MINE;
    return vote as ReportedVote;
  }

  private quorum(): readonly string[] {
    if (this.step() !== OPEN) throw NOT_MINE;
    const ids: string[] = [];
    if (this.peek() === CLOSE) {
      this.at += 1;
      return ids;
    }
    for (;;) {
      const id = this.string();
      if (!this.context.acceptors.includes(id) || ids.includes(id)) throw NOT_MINE;
      ids.push(id);
      const next = this.step();
      if (next === CLOSE) return ids;
      if (next !== COMMA) throw NOT_MINE;
    }
  }
}

const MAX_ID = 128;
const NO_VOTES: readonly ReportedVote[] = [];
const NO_IDS: readonly string[] = [];

interface Fields {
  at: string;
  kind: string;
  ballot: BallotToken | undefined;
  value: unknown;
  slot: number;
  votes: readonly ReportedVote[];
  of: string;
  from: number;
  floor: number;
  quorum: readonly string[];
  i: number;
  loc: string;
  op: string;
}

type Made = { -readonly [Name in keyof Fields]?: Fields[Name] };

const ABOUT_VALUE = COMMON | FIELDS.value | FIELDS.slot;
const ABOUT_VOTE = ABOUT_VALUE | FIELDS.ballot;

/** The fields that were seen, as an object; made at once where there are as many as mostly. */
function madeOf(fields: Fields, seen: number): Made {
  const { at, kind, ballot, slot, value, i } = fields;
  switch (seen) {
    case ABOUT_VOTE: return { at, kind, ballot, slot, value };
    case ABOUT_VOTE | FIELDS.i: return { at, kind, ballot, slot, value, i };
    case ABOUT_VALUE: return { at, kind, slot, value };
    case ABOUT_VALUE | FIELDS.i: return { at, kind, slot, value, i };
    default: break;
  }
  const event: Made = { at, kind };
  if ((seen & FIELDS.ballot) !== 0) event.ballot = ballot;
  if ((seen & FIELDS.value) !== 0) event.value = value;
  if ((seen & FIELDS.slot) !== 0) event.slot = slot;
  if ((seen & FIELDS.votes) !== 0) event.votes = fields.votes;
  if ((seen & ~(COMMON | FIELDS.ballot | FIELDS.value | FIELDS.slot | FIELDS.votes)) !== 0) addRare(event, fields, seen);
  return event;
}

function addRare(event: Made, fields: Fields, seen: number): void {
  if ((seen & FIELDS.of) !== 0) event.of = fields.of;
  if ((seen & FIELDS.from) !== 0) event.from = fields.from;
  if ((seen & FIELDS.floor) !== 0) event.floor = fields.floor;
  if ((seen & FIELDS.quorum) !== 0) event.quorum = fields.quorum;
  if ((seen & FIELDS.i) !== 0) event.i = fields.i;
  if ((seen & FIELDS.loc) !== 0) event.loc = fields.loc;
  if ((seen & FIELDS.op) !== 0) event.op = fields.op;
}

interface Key {
  readonly codes: readonly number[];
  readonly bit: number;
}

/** The names of the fields by first character: few begin with the same. */
const BY_FIRST: readonly (readonly Key[])[] = Array.from({ length: 128 }, (_, first) =>
  Object.entries(FIELDS)
    .filter(([name]) => name.charCodeAt(0) === first)
    .map(([name, bit]) => ({ codes: Array.from(name, (character) => character.charCodeAt(0)), bit })),
);

/** The field whose name is here, with a quote after it. */
function keyAt(bytes: Uint8Array, start: number): Key | undefined {
  const first = bytes[start] ?? 0;
  if (first > 127) return undefined;
  for (const key of BY_FIRST[first]!) {
    const { codes } = key;
    let length = 1;
    while (length < codes.length && bytes[start + length] === codes[length]) length += 1;
    if (length === codes.length && bytes[start + length] === QUOTE) return key;
  }
  return undefined;
}
