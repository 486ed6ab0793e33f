/**
 * A log of many decisions, seen from one slot: an event with a slot is of that slot alone, one without is of all slots, or of those
 * from `from` on. So each slot is judged as the single decision that it is.
 */
import type { AcceptedEvent, Index, PromiseEvent, ReportedVote, TraceEvent } from '../trace/wire.js';

/** The fields that name slots; an event of any kind has some of them at most. */
interface SlotFields {
  readonly slot?: Index;
  readonly from?: Index;
  readonly floor?: Index;
  readonly upto?: Index;
}

/** What the event says of this slot; null if nothing. A vote with `upto` is of the slots that its ballot proposed in: see votesUpto. */
export function eventIn(event: TraceEvent, slot: number): TraceEvent | null {
  const { slot: own, from } = event as SlotFields;
  if (own !== undefined) return Number(own) === slot ? without(event) : null;
  switch (event.kind) {
    case 'prepare':
      return Number(from ?? 0) <= slot ? without(event) : null;
    case 'promise':
      return promiseIn(event, slot);
    case 'restart':
      return { ...without(event), ...(event.votes !== undefined && { votes: votesThen(event.votes, slot) }) } as TraceEvent;
    case 'state':
      return { ...without(event), ...(event.votes !== undefined && { votes: votesThen(event.votes, slot) }), decided: votesOf(event.decided ?? [], slot) } as TraceEvent;
    case 'crash':
    case 'lost':
    case 'propose':
      return event;
    default:
      return null;
  }
}

/** Slots below the floor are trimmed: what was voted there is not reported, and nobody may go by it. Then the floor stays. */
function promiseIn(event: PromiseEvent, slot: number): TraceEvent | null {
  const { from = 0, floor = 0 } = event;
  if (Number(from) > slot) return null;
  const votes = votesOf(event.votes, slot);
  return { ...without(event), votes, ...(votes.length === 0 && Number(floor) > slot && { floor }) } as TraceEvent;
}

const votesOf = <T extends { readonly slot?: Index }>(votes: readonly T[], slot: number): Omit<T, 'slot'>[] =>
  votes.filter((vote) => Number(vote.slot) === slot).map(({ slot: _, ...vote }) => vote);

/** An empty list says that nothing came back; another one speaks of its own slots only. */
function votesThen(votes: readonly ReportedVote[], slot: number): readonly Omit<ReportedVote, 'slot'>[] | undefined {
  const here = votesOf(votes, slot);
  return here.length > 0 || votes.length === 0 ? here : undefined;
}

function without(event: TraceEvent): TraceEvent {
  const { slot: _, from: __, floor: ___, upto: ____, ...rest } = event as TraceEvent & SlotFields;
  return rest as TraceEvent;
}

/** The slots that an event names: those of which it says something that it does not say of others. */
export function slotsNamed(event: TraceEvent & SlotFields): readonly number[] {
  if (event.slot !== undefined) return [Number(event.slot)];
  const { votes = [], decided = [] } = event as { votes?: readonly { slot?: Index }[]; decided?: readonly { slot?: Index }[] };
  return [...new Set([...votes, ...decided].map(({ slot }) => Number(slot)))];
}

/** A vote in one slot, of an acceptor that voted for all that its ballot proposed up to some slot. */
export const voteIn = ({ at, ballot }: AcceptedEvent, value: unknown): TraceEvent => ({ at, kind: 'accepted', ballot, value });

/** Votes for all that a ballot proposed, where proposals are hidden: of this acceptor not all votes are known any more. */
export const unknownVotes = ({ at }: AcceptedEvent): TraceEvent => ({ at, kind: 'lost', count: 0 });
