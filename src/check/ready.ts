/** Whether an event may come now, of logs without an order between nodes: are the messages there that it goes by? */
import { decisionHasQuorum, promiseHasPrepare, validity } from '../../model/cluster-rules.js';
import { allows } from '../../model/guard.js';
import { hasVote } from '../../model/history.js';
import { isOfSafety, ruleNamed } from '../../model/rule-book.js';
import { voteHasProposal } from '../../model/rules.js';
import type { Vote } from '../../model/words.js';
import type { BallotToken, ReportedVote, TraceEvent } from '../trace/wire.js';
import type { Bench } from './bench.js';
import { isComplete, proposedIn } from './bench.js';
import type { DecisionEvent } from './judge-decision.js';
import { decisionIn } from './judge-decision.js';
import { isExplained } from './judge-leader.js';
import { votesIn } from './terms.js';

export type Matters = (rule: string) => boolean;
export const everyRule: Matters = () => true;
/** To break one of the others costs nothing. */
export const rulesOfSafety: Matters = (rule) => isOfSafety(ruleNamed(rule).severity);

/** The messages that the event needs, of kinds that were logged, are there, as far as these rules ask for them. */
export function isReady(bench: Bench, event: TraceEvent, matters: Matters): boolean {
  const { compiled, state } = bench;
  switch (event.kind) {
    case 'promise': {
      const isAsked = !matters('promise-has-prepare') || !isComplete(bench, 'prepare') || allows(promiseHasPrepare, { ballot: compiled.rankOf(event.ballot), prepares: state.prepares });
      return isAsked && (isComplete(bench, 'accepted') || areReady(bench, event.at, event.votes, matters));
    }
    case 'accept':
      return isExplained(bench, voteIn(bench, event), event.quorum?.map((id) => compiled.acceptors.indexOf(id)), matters);
    case 'accepted':
      return isVoteReady(bench, event.at, voteIn(bench, event), matters);
    case 'restart':
    case 'state':
      return areReady(bench, event.at, event.votes ?? [], matters) && (event.kind !== 'state' || (event.decided ?? []).every(({ value }) => isDecisionReady(bench, { value })));
    case 'nack': {
      const ballot = compiled.rankOf(event.ballot);
      return !matters('needless-refusal') || !isComplete(bench, event.of) || (event.of === 'prepare' ? state.prepares.includes(ballot) : proposedIn(bench, ballot).length > 0);
    }
    case 'chosen':
    case 'decided':
      return isDecisionReady(bench, event);
    case 'applied':
      return isComplete(bench, 'accepted') || !isComplete(bench, 'decided') ? isDecisionReady(bench, { value: event.value }) : state.settled.includes(compiled.valueOf(event.value));
    case 'returned':
      return event.value === undefined || isDecisionReady(bench, { value: event.value });
    default:
      return true;
  }
}

const voteIn = ({ compiled }: Bench, { ballot, value }: { readonly ballot: BallotToken; readonly value?: unknown }): Vote => ({ ballot: compiled.rankOf(ballot), value: compiled.valueOf(value) });

/** Votes that come to light here prove proposals. */
const areReady = (bench: Bench, at: string, votes: readonly ReportedVote[], matters: Matters): boolean => votesIn(bench.compiled, votes).every((vote) => isVoteReady(bench, at, vote, matters));

function isVoteReady(bench: Bench, at: string, vote: Vote, matters: Matters): boolean {
  const { compiled, state } = bench;
  const history = state.acceptors[compiled.acceptors.indexOf(at)]?.history;
  if (history === undefined || hasVote(history, vote) || proposedIn(bench, vote.ballot).includes(vote.value)) return true;
  return isComplete(bench, 'accept') ? allows(voteHasProposal, { accepts: state.accepts, vote }) : isExplained(bench, vote, undefined, matters);
}

function isDecisionReady(bench: Bench, event: DecisionEvent): boolean {
  const { compiled, state } = bench;
  const { value, ballot, counted } = decisionIn(compiled, event);
  // Quicker than the rule, which asks for the ballot and the acceptors, too.
  if (isComplete(bench, 'accepted') && !state.chosen.includes(value)) return false;
  const isProposed = !isComplete(bench, 'propose') || allows(validity, { value, proposed: [...state.proposed, ...(compiled.proposed?.(value) ?? [])] });
  const isAsked = !isComplete(bench, 'accept') || (ballot === undefined ? state.accepts.some((made) => made.value === value) : allows(voteHasProposal, { accepts: state.accepts, vote: { ballot, value } }));
  return isProposed && isAsked && (!isComplete(bench, 'accepted') || allows(decisionHasQuorum, { tallies: state.tallies, quorums: state.quorums, value, ballot, counted }));
}
