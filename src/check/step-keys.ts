/** What an event is, up to the names of its values: a number or a text, equal for events that mean the same to a decision. */
import type { BallotToken, ReportedVote, TraceEvent } from '../trace/wire.js';
import type { LiveTerms } from './live-terms.js';
import type { NodeFacts } from './state.js';
import type { StepKey } from './shapes.js';
import { isNone } from './terms.js';
import { keyOfValue } from './live-terms.js';

/** Kinds of event about one decision that are frequent. */
const FREQUENT: Readonly<Record<string, number>> = { prepare: 0, promise: 1, accept: 2, accepted: 3, nack: 4, chosen: 5, decided: 6, applied: 7 };

const NODES = 64;
const VALUES = 7;
const MAX_RANK = 2 ** 36;

/** All fields that an event of some kind may have. */
interface AnyFields {
  readonly ballot?: BallotToken;
  readonly value?: unknown;
  readonly votes?: readonly ReportedVote[];
  readonly slot?: unknown;
  readonly promised?: BallotToken | [];
  readonly quorum?: readonly string[];
  readonly of?: string;
  readonly decided?: readonly { readonly value: unknown; readonly slot?: unknown }[];
}

export class StepKeys {
  private readonly nodes: ReadonlyMap<string, number>;
  private readonly asksForProposals: boolean;

  constructor(private readonly terms: LiveTerms, private readonly facts: NodeFacts, private readonly wasProposed: (key: string) => boolean) {
    this.asksForProposals = terms.isComplete('propose');
    this.nodes = new Map(terms.header.nodes.map(({ id }, index) => [id, index]));
  }

  /** `placeOf`: the place of a value among those of the slot; it is kept if it is new. */
  of(event: TraceEvent, placeOf: (value: unknown) => number): StepKey {
    const fields = event as AnyFields;
    const kind = FREQUENT[event.kind];
    const value = fields.value === undefined ? 0 : placeOf(fields.value) + 1;
    const rank = fields.ballot === undefined ? 0 : this.terms.ranks.of(fields.ballot);
    const node = this.nodes.get(event.at)!;
    const isPlain =
      kind !== undefined && value <= VALUES && rank < MAX_RANK && node < NODES &&
      (fields.votes === undefined || fields.votes.length === 0) && fields.quorum === undefined && fields.promised === undefined && fields.of !== 'accept' && (this.facts.restarts.size === 0 || !this.facts.restarts.has(event.at));
    // Whether its value was proposed is known to the log, not to the slot.
    const isProposed = fields.value === undefined ? 0 : this.isProposed(fields.value);
    if (isPlain) return (((rank * NODES + node) * (VALUES + 1) + value) * 2 + isProposed) * 8 + kind;
    return this.text(event, fields, value, rank, isProposed, placeOf);
  }

  private isProposed(value: unknown): 0 | 1 {
    return this.asksForProposals && this.wasProposed(keyOfValue(value)) ? 1 : 0;
  }

  private text(event: TraceEvent, fields: AnyFields, value: number, rank: number, isProposed: number, placeOf: (value: unknown) => number): string {
    const { votes, promised, quorum, of, decided, slot } = fields;
    const { ranks } = this.terms;
    const reported = votes?.map((vote) => [Number(vote.slot ?? slot), ranks.of(vote.ballot), placeOf(vote.value), this.isProposed(vote.value)]);
    const back = promised === undefined ? undefined : isNone(promised) ? 0 : ranks.of(promised);
    return JSON.stringify([event.kind, this.facts.nameOf(event.at), value, rank, isProposed, reported, back, quorum, of, decided?.map((decision) => [Number(decision.slot ?? slot), placeOf(decision.value), this.isProposed(decision.value)])]);
  }
}
