/** The model's ranks and indexes as tokens on the wire, and back. */
import type { Ballot, BallotToken, DriveKnowledge, DriveReply, DriveRequest, NackMessage, PromisedBallot, Reply, Request, Value, Vote } from '../src/index.js';
import { NO_BALLOT, PLAIN_NAMES } from '../src/index.js';

export type BallotKind = 'integer' | 'pair';

/** Two owners, so that some ballots tie in the counter and differ in the owner only. */
const OWNERS = ['p1', 'p2'] as const;

/** What an acceptor is said to know, in the model's terms; undefined: not told. */
export interface Known {
  readonly promised?: Ballot;
  readonly vote?: Vote | null;
}

/** Something said of a ballot, whether it counts or not. */
export type Claim = Exclude<Reply, NackMessage>;

export class Tokens {
  readonly owners = OWNERS;
  private readonly ranks = new Map<string, Ballot>();
  private readonly strangers: string[] = [];

  constructor(readonly kind: BallotKind, readonly ballots: number, readonly values: number) {
    for (let rank = 1; rank <= ballots; rank++) this.ranks.set(JSON.stringify(this.ballot(rank)), rank);
  }

  ballot(rank: Ballot): BallotToken {
    return this.kind === 'integer' ? rank : [Math.ceil(rank / 2), OWNERS[(rank + 1) % 2]!];
  }

  value(index: Value): string {
    return PLAIN_NAMES.value(index);
  }

  request(request: Request): DriveRequest {
    const ballot = this.ballot(request.ballot);
    return request.kind === 'prepare' ? { kind: 'prepare', ballot } : { kind: 'accept', ballot, value: this.value(request.value) };
  }

  /** 1 to B; 0 for what is below them all; B + 1 for a ballot that the kit never uses. */
  rankOf(token: PromisedBallot): Ballot {
    if (Array.isArray(token) && token.length === 0) return NO_BALLOT;
    const known = this.ranks.get(JSON.stringify(token));
    if (known !== undefined) return known;
    const counter = Number(Array.isArray(token) ? token[0] : token);
    return counter <= 0 ? NO_BALLOT : this.ballots + 1;
  }

  /** 0 to V - 1; above that for values that nobody proposed, numbered as they turn up. */
  indexOf(value: unknown): Value {
    const text = JSON.stringify([value]);
    for (let index = 0; index < this.values; index++) if (JSON.stringify([this.value(index)]) === text) return index;
    if (!this.strangers.includes(text)) this.strangers.push(text);
    return this.values + this.strangers.indexOf(text);
  }

  vote({ ballot, value }: { readonly ballot: BallotToken; readonly value?: unknown }): Vote {
    return { ballot: this.rankOf(ballot), value: this.indexOf(value) };
  }

  /** The highest of the votes: what a promise reports, be it the last vote or the whole log. */
  highest(votes: readonly { readonly ballot: BallotToken; readonly value?: unknown }[]): Vote | null {
    return votes.map((vote) => this.vote(vote)).reduce<Vote | null>((top, vote) => (top === null || vote.ballot > top.ballot ? vote : top), null);
  }

  reply(message: DriveReply): Reply {
    switch (message.kind) {
      case 'promise':
        return { kind: 'promise', ballot: this.rankOf(message.ballot), vote: this.highest(message.votes) };
      case 'accepted':
        return { kind: 'accepted', ...this.vote(message) };
      case 'nack':
        return { kind: 'nack', ballot: this.rankOf(message.ballot), of: message.of };
    }
  }

  wire(reply: Reply): DriveReply {
    const ballot = this.ballot(reply.ballot);
    switch (reply.kind) {
      case 'promise':
        return { kind: 'promise', ballot, votes: reply.vote === null ? [] : [{ ballot: this.ballot(reply.vote.ballot), value: this.value(reply.vote.value) }] };
      case 'accepted':
        return { kind: 'accepted', ballot, value: this.value(reply.value) };
      case 'nack':
        return { kind: 'nack', ballot, of: reply.of };
    }
  }

  /** Every ballot and value that the message speaks of. */
  claims(message: DriveReply): Claim[] {
    const promise = (ballot: Ballot): Claim => ({ kind: 'promise', ballot, vote: null });
    if (message.kind !== 'nack') return [this.reply(message) as Claim];
    const promised = this.rankOf(message.promised ?? []);
    return [promise(this.rankOf(message.ballot)), ...(promised === NO_BALLOT ? [] : [promise(promised)])];
  }

  known({ promised, votes }: DriveKnowledge): Known {
    return { ...(promised !== undefined && { promised: this.rankOf(promised) }), ...(votes !== undefined && { vote: this.highest(votes) }) };
  }
}
