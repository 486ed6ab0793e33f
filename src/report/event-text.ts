/** An event of a log in a few words, as it was logged: `a1 promise 2, no vote`. */
import { showText } from '../trace/show.js';
import { canonicalJson } from '../trace/values.js';
import type { BallotToken, Index, PromisedBallot, ReportedVote, TraceEvent } from '../trace/wire.js';

const MAX_VALUE = 40;
/** Acceptors or votes that are named one by one. */
const MAX_LISTED = 5;

const ballotText = (token: BallotToken | []): string => (Array.isArray(token) ? JSON.stringify(token) : String(token));

function valueText(value: unknown): string {
  const text = canonicalJson(value);
  return text.length <= MAX_VALUE ? text : `${text.slice(0, MAX_VALUE - 1)}…`;
}

function listed<T>(items: readonly T[], textOf: (item: T) => string): string {
  const more = items.length - MAX_LISTED;
  return [...items.slice(0, MAX_LISTED).map(textOf), ...(more > 0 ? [`${more} more`] : [])].join(', ');
}

const voteText = ({ ballot, value, slot }: Partial<Pick<ReportedVote, 'value' | 'slot'>> & Pick<ReportedVote, 'ballot'>): string => `${ballotText(ballot)}${value === undefined ? '' : ` ${valueText(value)}`}${slotText(slot)}`;
const votesText = (votes: readonly ReportedVote[]): string => (votes.length === 0 ? 'no vote' : `${votes.length === 1 ? 'vote' : 'votes'} ${listed(votes, voteText)}`);
const slotText = (slot: Index | undefined): string => (slot === undefined ? '' : ` in slot ${slot}`);
const fromText = (from: Index | undefined): string => (from === undefined ? '' : ` from slot ${from}`);
const uptoText = (upto: Index | undefined): string => (upto === undefined ? '' : ` up to slot ${upto}`);
const ofText = (quorum: readonly string[] | undefined): string => (quorum === undefined ? '' : ` of ${listed(quorum, String)}`);
const inText = (ballot: BallotToken | undefined): string => (ballot === undefined ? '' : ` in ${ballotText(ballot)}`);
const promisedText = (promised: PromisedBallot): string => (Array.isArray(promised) && promised.length === 0 ? 'nothing promised' : `promised ${ballotText(promised)}`);

/** What a node has, as far as it was logged, each part with a comma before it. */
function stateText({ promised, votes }: { readonly promised?: PromisedBallot; readonly votes?: readonly ReportedVote[] }): string {
  return `${promised === undefined ? '' : `, ${promisedText(promised)}`}${votes === undefined ? '' : `, ${votesText(votes)}`}`;
}

/** What happened, without the node. */
function actText(event: TraceEvent): string {
  switch (event.kind) {
    case 'prepare':
      return `prepare ${ballotText(event.ballot)}${fromText(event.from)}${slotText(event.slot)}`;
    case 'promise':
      return `promise ${ballotText(event.ballot)}${fromText(event.from)}${slotText(event.slot)}, ${votesText(event.votes)}`;
    case 'trim':
    case 'snapshot':
      return `${event.kind}${uptoText(event.upto)}`;
    case 'accept':
      return `accept ${voteText(event)}${event.quorum === undefined ? '' : `, promises${ofText(event.quorum)}`}`;
    case 'accepted':
      return `accepted ${voteText(event)}${uptoText(event.upto)}`;
    case 'nack':
      return `nack of ${event.of} ${ballotText(event.ballot)}${stateText(event)}`;
    case 'chosen':
    case 'decided':
      return `${event.kind} ${valueText(event.value)}${inText(event.ballot)}${slotText(event.slot)}${event.quorum === undefined ? '' : `, votes${ofText(event.quorum)}`}`;
    case 'restart':
      return `restart${stateText(event)}`;
    case 'state':
      return `state${stateText(event)}${event.decided === undefined ? '' : `, decided ${listed(event.decided, ({ value, slot }) => `${valueText(value)}${slotText(slot)}`)}`}`;
    case 'lost':
      return `lost ${event.count ?? 'some'} lines`;
    default:
      return `${event.kind}${'value' in event ? ` ${valueText(event.value)}` : ''}${'slot' in event ? slotText(event.slot) : ''}`;
  }
}

/** Node and event, without the place in the source. */
export const describeEvent = (event: TraceEvent): string => `${event.at} ${actText(event)}`;

/** The same with the place in the source that logged it, where it is known. */
export const describeLogged = (event: TraceEvent): string => `${describeEvent(event)}${event.loc === undefined ? '' : ` (${showText(event.loc)})`}`;
