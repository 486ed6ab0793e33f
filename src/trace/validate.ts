/** A header and its events, checked: the schema, and what a schema cannot say. */
import type { BallotOrder } from './ballots.js';
import { ballotOrder } from './ballots.js';
import type { Place } from './errors.js';
import { traceError } from './errors.js';
import { didYouMean } from './nearest.js';
import type { Nodes } from './nodes.js';
import { checkAcceptor, checkMembers, checkNode, nodesOf } from './nodes.js';
import type { JsonObject } from './parse.js';
import { checkQuorums } from './quorums.js';
import type { EventKind } from './shape.js';
import { eventShape, headerShape } from './shape.js';
import type { Path } from './show.js';
import { checkSingle, checkSlots } from './slots.js';
import { show, showChoice, showPath } from './show.js';
import type { BallotRule, BallotToken, PromisedBallot, ReportedDecision, ReportedVote, Role, TraceEvent, TraceHeader } from './wire.js';

export const FORMAT = 'paxos-trace';
export const VERSION = '1.0';

/** A header with what follows from it for the events. */
export interface TraceContext extends Nodes {
  readonly header: TraceHeader;
  readonly ballots: BallotOrder;
}

/**
 * The header with its context.
 * Throws TraceVersionError UNKNOWN_VERSION, UNSUPPORTED; TraceSchemaError UNKNOWN_FORMAT, MISSING_FIELD, UNKNOWN_FIELD,
 * BAD_VALUE, NO_ACCEPTOR, LIMIT, DUPLICATE_NODE, DUPLICATE_MEMBER, QUORUM_SIZE, UNKNOWN_NODE, WRONG_ROLE.
 */
export function validateHeader(data: JsonObject, place: Place): TraceContext {
  checkFormat(data, place);
  checkVersion(data, place);
  const header = headerShape(data, place);
  checkSupport(header, place);
  const nodes = nodesOf(header, place);
  checkQuorums(header.quorums, nodes, place);
  checkBallotRule(header.ballots, nodes, place);
  return { header, ...nodes, ballots: ballotOrder(header) };
}

function checkFormat({ format }: JsonObject, place: Place): void {
  if (format === FORMAT) return;
  const hint = didYouMean(format, [FORMAT], 'only the header of a trace has a field "format"');
  throw traceError('UNKNOWN_FORMAT', { ...place, field: 'format' }, { expected: show(FORMAT), got: show(format), hint });
}

/** Comes before the schema, which is that of version 1; a header without a version is left to the schema. */
function checkVersion({ version }: JsonObject, place: Place): void {
  if (version === undefined || (typeof version === 'string' && /^1\.[0-9]+$/.test(version))) return;
  const hint = `write "version": "${VERSION}" if that is what it is, or use a version of paxcheck that knows this one`;
  throw traceError('UNKNOWN_VERSION', { ...place, field: 'version' }, { expected: '"1.0", or a later minor version of 1', got: show(version), hint });
}

function checkSupport({ profile }: TraceHeader, place: Place): void {
  if (profile !== 'synod' && profile !== 'multi') {
    const hint = 'this version of paxcheck checks a single decision ("synod") or a log of them ("multi")';
    throw traceError('UNSUPPORTED', { ...place, field: 'profile' }, { expected: '"synod" or "multi"', got: show(profile), hint });
  }
}

function checkBallotRule(rule: BallotRule, nodes: Nodes, place: Place): void {
  if (rule.kind === 'pair' && rule.owners !== undefined) checkMembers(rule.owners, checkNode, nodes, ['ballots', 'owners'], place);
  if (rule.kind !== 'list') return;
  const seen = new Set<string>();
  for (const [index, name] of rule.order.entries()) {
    if (seen.has(name)) {
      const finding = { expected: 'each ballot once', got: show(name), hint: 'remove one of them: a ballot has one place in the order' };
      throw traceError('DUPLICATE_MEMBER', { ...place, field: `ballots.order[${index}]` }, finding);
    }
    seen.add(name);
  }
}

/** Whose business these are; the other kinds are anybody's. */
const ROLES: Readonly<Partial<Record<EventKind, readonly Role[]>>> = {
  prepare: ['leader'],
  promise: ['acceptor'],
  accept: ['leader'],
  accepted: ['acceptor'],
  nack: ['acceptor'],
  chosen: ['leader'],
  decided: ['learner'],
  propose: ['client', 'leader'],
  applied: ['learner'],
  returned: ['client', 'leader'],
  unknown: ['client', 'leader'],
};

/** True if nodes with these roles can log events of this kind, whatever else is in them. */
export const mayLog = (kind: EventKind, held: ReadonlySet<Role>): boolean => ROLES[kind]?.some((role) => held.has(role)) ?? true;

/** The fields of events whose contents the header restricts. */
interface RestrictedFields {
  readonly ballot?: BallotToken;
  readonly promised?: PromisedBallot;
  readonly votes?: readonly ReportedVote[];
  readonly decided?: readonly ReportedDecision[];
  readonly quorum?: readonly string[];
}

/**
 * The event, of a kind that the format knows.
 * Throws TraceSchemaError MISSING_FIELD, UNKNOWN_FIELD, BAD_VALUE, NOT_IN_PROFILE, UNKNOWN_NODE, WRONG_ROLE,
 * BALLOT_NOT_ALLOWED, DUPLICATE_MEMBER.
 */
export function validateEvent(data: JsonObject, context: TraceContext, place: Place): TraceEvent {
  const event = eventShape(data, place);
  const fields = event as RestrictedFields;
  checkProfile(event, fields, context, place);
  checkIndex(event, context, place);
  checkNode(event.at, context, { ...place, field: 'at' });
  if (event.cause !== undefined) checkNode(event.cause.at, context, { ...place, field: 'cause.at' });
  checkRole(event, fields, context, place);
  for (const [token, path] of ballotsOf(fields)) checkBallot(token, path, context, place);
  if (fields.quorum !== undefined) checkMembers(fields.quorum, checkAcceptor, context, ['quorum'], place);
  return event;
}

function checkProfile(event: TraceEvent, fields: RestrictedFields, context: TraceContext, place: Place): void {
  if (context.header.profile === 'multi') checkSlots(event, fields, place);
  else checkSingle(event, fields, place);
}

/** Without it nobody knows which event of the node came first. */
function checkIndex({ i }: TraceEvent, { header }: TraceContext, place: Place): void {
  if (header.order === 'total' || i !== undefined) return;
  throw traceError('MISSING_FIELD', { ...place, field: 'i' }, { expected: 'the index of the event among those of its node', got: 'none', hint: 'number the events of each node from 0; it is required with "order": "per-node"' });
}

function checkRole({ at, kind }: TraceEvent, { promised, votes }: RestrictedFields, { roles }: Nodes, place: Place): void {
  // Only acceptors have a promise or a vote that could come back after a restart.
  const allowed = ROLES[kind] ?? (promised !== undefined || votes !== undefined ? ['acceptor' as const] : undefined);
  const actual = roles.get(at)!;
  if (allowed === undefined || allowed.some((role) => actual.has(role))) return;
  const finding = {
    expected: `${kind} at a node with the role ${showChoice(allowed)}`,
    got: `${show(at)} with ${actual.size === 0 ? 'none' : [...actual].map(show).join(', ')}`,
    hint: 'add the role to the node in the header, or correct "at": it is the node that did this, not the one that it was sent to',
  };
  throw traceError('WRONG_ROLE', { ...place, field: 'at' }, finding);
}

function ballotsOf({ ballot, promised, votes = [] }: RestrictedFields): [BallotToken, Path][] {
  const found: [BallotToken, Path][] = votes.map((vote, index) => [vote.ballot, ['votes', index, 'ballot']]);
  if (promised !== undefined && !isNone(promised)) found.unshift([promised, ['promised']]);
  if (ballot !== undefined) found.unshift([ballot, ['ballot']]);
  return found;
}

const isNone = (promised: PromisedBallot): promised is [] => Array.isArray(promised) && promised.length === 0;

function checkBallot(token: BallotToken, path: Path, { ballots }: TraceContext, place: Place): void {
  const refusal = ballots.refusal(token);
  if (refusal !== null) throw traceError('BALLOT_NOT_ALLOWED', { ...place, field: showPath(path) }, { ...refusal, got: show(token) });
}
