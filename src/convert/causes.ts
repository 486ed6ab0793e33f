/** Which earlier events each event of a trace follows from by messages: the edges between nodes of a space-time diagram. */
import type { AcceptorSet } from '../../model/quorum.js';
import { includesQuorum } from '../../model/quorum.js';
import type { Compiled } from '../check/compile.js';
import type { TraceEvent } from '../trace/wire.js';
import type { Fields } from './words.js';

/** What one acceptor said, at this place of the trace. */
interface Said {
  readonly acceptor: string;
  readonly place: number;
}

/** Where each message was sent first. The keys are ballots, or ballots with values. */
class Sent {
  readonly prepares = new Map<string, number>();
  readonly accepts = new Map<string, number>();
  /** By ballot alone: a refusal does not name the value. */
  readonly proposals = new Map<string, number>();
  readonly promises = new Map<string, Said[]>();
  readonly votes = new Map<string, Said[]>();
  /** For each value the ballots in which somebody voted for it, by their keys. */
  readonly votedIn = new Map<number, Set<string>>();
  /** Events that a `cause` can name. */
  readonly numbered = new Map<string, number>();
}

const first = <K>(places: Map<K, number>, key: K, place: number): void => {
  if (!places.has(key)) places.set(key, place);
};

function say(all: Map<string, Said[]>, key: string, said: Said): void {
  const known = all.get(key);
  if (known === undefined) all.set(key, [said]);
  else if (!known.some(({ acceptor }) => acceptor === said.acceptor)) known.push(said);
}

const stepKey = (at: string, i: number | string): string => `${i} ${at}`;

/** For each event the places of those that it follows from, ascending. A place is an index into the trace's events. */
export function causesOf(compiled: Compiled): number[][] {
  const sent = new Sent();
  return compiled.trace.events.map(({ event }, place) => {
    const causes = new Set([...messagesTo(event, compiled, sent), ...named(event, sent)]);
    note(event, place, compiled, sent);
    return [...causes].sort((one, other) => one - other);
  });
}

function named({ cause }: TraceEvent, { numbered }: Sent): number[] {
  const place = cause && numbered.get(stepKey(cause.at, cause.i));
  return place === undefined ? [] : [place];
}

const present = (place: number | undefined): number[] => (place === undefined ? [] : [place]);

function messagesTo(event: TraceEvent, compiled: Compiled, sent: Sent): number[] {
  const { phase1, phase2 } = compiled.quorums;
  switch (event.kind) {
    case 'promise':
      return present(sent.prepares.get(ballotKey(event, compiled)));
    case 'accepted':
      return present(sent.accepts.get(voteKey(event, compiled)));
    case 'nack':
      return present((event.of === 'prepare' ? sent.prepares : sent.proposals).get(ballotKey(event, compiled)));
    case 'accept':
      return heard(sent.promises.get(ballotKey(event, compiled)) ?? [], event.quorum, phase1, compiled).places;
    case 'chosen':
    case 'decided':
    case 'returned': {
      if (event.value === undefined) return [];
      const { ballot, quorum } = event as Fields;
      const keys = ballot === undefined ? [...(sent.votedIn.get(compiled.valueOf(event.value)) ?? [])] : [voteKey(event, compiled)];
      const counts = keys.map((key) => heard(sent.votes.get(key) ?? [], quorum, phase2, compiled));
      return (counts.find(({ isQuorum }) => isQuorum) ?? counts[0])?.places ?? [];
    }
    default:
      return [];
  }
}

const ballotKey = (event: Fields, { rankOf }: Compiled): string => String(rankOf(event.ballot!));
const voteKey = (event: Fields, compiled: Compiled): string => `${ballotKey(event, compiled)} ${compiled.valueOf(event.value)}`;

/** Of those that the receiver names, or else of the first that were enough, what they said; all of them if they are not enough. */
function heard(said: readonly Said[], names: readonly string[] | undefined, quorums: readonly AcceptorSet[], { acceptors }: Compiled): { readonly places: number[]; readonly isQuorum: boolean } {
  if (names !== undefined) return { places: said.filter(({ acceptor }) => names.includes(acceptor)).map(({ place }) => place), isQuorum: true };
  let members: AcceptorSet = 0;
  for (const [index, { acceptor }] of said.entries()) {
    members |= 1 << acceptors.indexOf(acceptor);
    if (includesQuorum(quorums, members)) return { places: said.slice(0, index + 1).map(({ place }) => place), isQuorum: true };
  }
  return { places: said.map(({ place }) => place), isQuorum: false };
}

function note(event: TraceEvent, place: number, compiled: Compiled, sent: Sent): void {
  if (event.i !== undefined) first(sent.numbered, stepKey(event.at, event.i), place);
  switch (event.kind) {
    case 'prepare':
      first(sent.prepares, ballotKey(event, compiled), place);
      break;
    case 'promise':
      say(sent.promises, ballotKey(event, compiled), { acceptor: event.at, place });
      break;
    case 'accept':
      first(sent.accepts, voteKey(event, compiled), place);
      first(sent.proposals, ballotKey(event, compiled), place);
      break;
    case 'accepted': {
      const value = compiled.valueOf(event.value);
      sent.votedIn.set(value, (sent.votedIn.get(value) ?? new Set()).add(voteKey(event, compiled)));
      say(sent.votes, voteKey(event, compiled), { acceptor: event.at, place });
      break;
    }
    default:
      break;
  }
}
