/**
 * The states of a Paxos specification, in the form of Lamport's Paxos.tla, as a trace: a message that is new in `msgs` is an event.
 */
import type { TraceError } from '../trace/errors.js';
import { traceError } from '../trace/errors.js';
import { MAX_ACCEPTORS } from '../trace/nodes.js';
import type { Trace } from '../trace/read.js';
import { show } from '../trace/show.js';
import { validateEvent, validateHeader } from '../trace/validate.js';
import type { Index, QuorumRule, ReportedVote, TraceEvent } from '../trace/wire.js';
import { digitsOf, entriesOf, fieldsOf, keyOf, membersOf, nameOf, plainValue } from './tla-value.js';

/** What the states may leave open. */
export interface Given {
  readonly acceptors?: readonly string[] | undefined;
  readonly quorums?: QuorumRule | undefined;
}

export interface StatesFile {
  readonly file: string;
  /** Who wrote it. */
  readonly implementation: string;
  /** The variables of each state, by names without the module's. */
  readonly states: readonly Readonly<Record<string, unknown>>[];
  /** The path to a state, for messages. */
  readonly pathOf: (index: number) => string;
}

/** Every state, and every event. */
const MAX_STATES = 1_000_000;

const SHAPE_HINT =
  'the specification must be in the form of Lamport\'s Paxos.tla: a variable msgs, a set of records [type |-> "1a", bal], ["1b", acc, bal, mbal, mval], ["2a", bal, val], ["2b", acc, bal, val], and maxBal, a function of the acceptors; give others an ALIAS of that form';

function bad({ file }: StatesFile, field: string, expected: string, got: unknown, hint = SHAPE_HINT): TraceError {
  return got === undefined
    ? traceError('MISSING_FIELD', { file, field }, { expected, got: 'nothing', hint })
    : traceError('BAD_VALUE', { file, field }, { expected, got: show(got), hint });
}

/** A leader's name that no acceptor has. */
function leaderFor(acceptors: readonly string[]): string {
  let name = 'leader';
  while (acceptors.includes(name)) name += "'";
  return name;
}

interface Place {
  readonly of: StatesFile;
  readonly path: string;
}

type Message = Readonly<Record<string, unknown>>;

function ballotIn(message: Message, name: string, { of, path }: Place): Index {
  const digits = digitsOf(message[name]);
  if (digits === undefined || digits.startsWith('-')) throw bad(of, `${path}.${name}`, 'a ballot: an integer from 0 on', message[name]);
  return Number(digits) <= 0x7fffffff ? Number(digits) : digits;
}

function acceptorIn(message: Message, { of, path }: Place): string {
  const name = nameOf(message.acc);
  if (name === undefined) throw bad(of, `${path}.acc`, 'an acceptor: a string, a model value or an integer', message.acc);
  return name;
}

function valueIn(message: Message, name: string, { of, path }: Place): unknown {
  if (message[name] === undefined) throw bad(of, `${path}.${name}`, 'a value', undefined);
  return plainValue(message[name]);
}

/** mbal below 0 says that no vote is reported; what mval is then does not matter. */
function reportIn(message: Message, place: Place): ReportedVote[] {
  const { of, path } = place;
  const digits = digitsOf(message.mbal);
  if (digits === undefined) throw bad(of, `${path}.mbal`, 'the ballot of the vote reported, -1 for none', message.mbal);
  return digits.startsWith('-') ? [] : [{ ballot: ballotIn(message, 'mbal', place), value: valueIn(message, 'mval', place) }];
}

/** The order of messages that are new in the same state: those that are asked for come after what asks for them. */
const TYPES = ['1a', '1b', '2a', '2b'] as const;

function eventOf(message: Message, leader: string, place: Place): TraceEvent {
  switch (message.type) {
    case '1a':
      return { at: leader, kind: 'prepare', ballot: ballotIn(message, 'bal', place) };
    case '1b':
      return { at: acceptorIn(message, place), kind: 'promise', ballot: ballotIn(message, 'bal', place), votes: reportIn(message, place) };
    case '2a':
      return { at: leader, kind: 'accept', ballot: ballotIn(message, 'bal', place), value: valueIn(message, 'val', place) };
    case '2b':
      return { at: acceptorIn(message, place), kind: 'accepted', ballot: ballotIn(message, 'bal', place), value: valueIn(message, 'val', place) };
    default:
      throw bad(place.of, `${place.path}.type`, `one of ${TYPES.map(show).join(', ')}`, message.type);
  }
}

/** The messages of a state, by their keys. */
function messagesIn(of: StatesFile, index: number): Map<string, Message> {
  const field = `${of.pathOf(index)}.msgs`;
  const { msgs } = of.states[index]!;
  const members = membersOf(msgs);
  if (members === undefined) throw bad(of, field, 'a set of messages', msgs);
  return new Map(
    members.map((member, place) => {
      const message = fieldsOf(member);
      if (message === undefined) throw bad(of, `${field}[${place}]`, 'a message: a record with a field type', member);
      return [keyOf(member), message];
    }),
  );
}

/** What is said from state to state. */
function* saidIn(of: StatesFile): Generator<{ readonly message: Message; readonly place: Place }> {
  let before: ReadonlyMap<string, Message> = new Map();
  for (const index of of.states.keys()) {
    const now = messagesIn(of, index);
    const path = `${of.pathOf(index)}.msgs`;
    const gone = [...before].find(([key]) => !now.has(key));
    if (gone !== undefined) throw bad(of, path, `a set that only grows: ${show(gone[1])} was in it before`, [...now.values()], 'messages that were sent stay sent in Paxos.tla; a message that is lost is one that nobody acts on');
    const fresh = [...now].filter(([key]) => !before.has(key)).map(([, message]) => message);
    fresh.sort((one, other) => TYPES.indexOf(one.type as (typeof TYPES)[number]) - TYPES.indexOf(other.type as (typeof TYPES)[number]));
    for (const message of fresh) yield { message, place: { of, path } };
    before = now;
  }
}

const ACCEPTORS_HINT = 'name all acceptors, also those that said nothing: --acceptors a1,a2,a3';

/** As given, else the domain of maxBal, else the constant that Apalache writes into the first state. */
function acceptorsOf(of: StatesFile, given: readonly string[] | undefined): readonly string[] {
  if (given !== undefined) return given;
  const { maxBal, Acceptor } = of.states[0]!;
  const names = (maxBal === undefined ? membersOf(Acceptor) : entriesOf(maxBal)?.map(([acceptor]) => acceptor))?.map(nameOf);
  const field = `${of.pathOf(0)}.maxBal`;
  if (names === undefined || names.length === 0) throw bad(of, field, 'a function from the acceptors to their ballots', maxBal, ACCEPTORS_HINT);
  return names.map((name) => {
    if (name === undefined) throw bad(of, field, 'acceptors that are strings, model values or integers', maxBal, ACCEPTORS_HINT);
    return name;
  });
}

/** As given, else the constant Quorum of the first state, else majorities. */
function quorumsOf(of: StatesFile, given: QuorumRule | undefined): QuorumRule {
  const { Quorum } = of.states[0]!;
  if (given !== undefined || Quorum === undefined) return given ?? { kind: 'majority' };
  const sets = membersOf(Quorum)?.map((quorum) => membersOf(quorum)?.map(nameOf));
  const isNamed = (quorum: readonly (string | undefined)[] | undefined): quorum is string[] => quorum?.every((name) => name !== undefined) === true;
  if (!sets?.every(isNamed)) throw bad(of, `${of.pathOf(0)}.Quorum`, 'a set of sets of acceptors', Quorum, 'say which acceptors suffice: --quorums majority');
  return { kind: 'sets', phase1: sets, phase2: sets };
}

/** The trace. Throws TraceSchemaError: what is wrong with a state, with the path to it; what validate.ts throws. */
export function traceOfStates(of: StatesFile, given: Given): Trace {
  const { file, states } = of;
  if (states.length === 0) throw bad(of, of.pathOf(0), 'at least one state', undefined);
  if (states.length > MAX_STATES) throw traceError('LIMIT', { file }, { expected: `at most ${MAX_STATES} states`, got: String(states.length), hint: 'shorten the run' });
  const acceptors = acceptorsOf(of, given.acceptors);
  if (acceptors.length > MAX_ACCEPTORS) throw traceError('LIMIT', { file }, { expected: `at most ${MAX_ACCEPTORS} acceptors`, got: String(acceptors.length), hint: 'use a smaller cluster' });
  const leader = leaderFor(acceptors);
  const events = [...saidIn(of)].map(({ message, place }) => ({ event: eventOf(message, leader, place), place }));
  const header = {
    format: 'paxos-trace', version: '1.0', profile: 'synod',
    nodes: [...acceptors.map((id) => ({ id, roles: ['acceptor'] })), { id: leader, roles: ['leader'] }],
    quorums: quorumsOf(of, given.quorums), ballots: { kind: 'integer' }, order: 'total',
    complete: ['prepare', 'promise', 'accept', 'accepted'], durable: 'before-send', source: { implementation: of.implementation }, events: events.length,
  };
  const context = validateHeader(header, { file });
  for (const { event, place } of events) {
    if (!context.roles.has(event.at)) throw bad(of, `${place.path}.acc`, `an acceptor: ${acceptors.map(show).join(', ')}`, event.at, ACCEPTORS_HINT);
  }
  return {
    file, header: context.header, headerLine: 1, warnings: [],
    events: events.map(({ event }, index) => ({ event: validateEvent({ ...event }, context, { file, line: index + 2 }), line: index + 2 })),
  };
}
