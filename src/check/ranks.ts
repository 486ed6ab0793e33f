/** Ranks for ballots that come one after the other, when it is not known yet which others will come. */
import type { Ballot } from '../../model/words.js';
import { ballotOrder } from '../trace/ballots.js';
import { LimitError } from '../engine/limit-error.js';
import type { BallotToken, TraceHeader } from '../trace/wire.js';

/** Counters up to this are their own ranks. */
const SMALL = 2 ** 31;
/** The distance between ranks that are given out, so that others fit between them, and the first of them. */
const GAP = 2 ** 30;
const FIRST = 2 ** 52;

/**
 * A number for each ballot, so that they are ordered as the ballots are; equal for the same ballot. Small integers and pairs
 * with small counters have theirs at once; others are put between those known. Throws LimitError if there is no room left.
 */
export class Ranks {
  private readonly order;
  private readonly owners: ReadonlyMap<string, number>;
  private readonly names: ReadonlyMap<string, number>;
  /** The large ones, ascending, each with its rank. */
  private readonly large: { readonly token: BallotToken; readonly key: string; readonly rank: Ballot }[] = [];
  private readonly known = new Map<string, Ballot>();

  constructor(header: Pick<TraceHeader, 'ballots' | 'nodes'>) {
    this.order = ballotOrder(header);
    const { ballots, nodes } = header;
    this.owners = new Map((ballots.kind === 'pair' ? (ballots.owners ?? nodes.map(({ id }) => id)) : []).map((id, place) => [id, place]));
    this.names = new Map((ballots.kind === 'list' ? ballots.order : []).map((name, place) => [name, place + 1]));
  }

  of(token: BallotToken): Ballot {
    if (typeof token === 'number') return token + 1;
    if (typeof token === 'string') return this.names.get(token) ?? this.ofLarge(token);
    const [counter, owner] = token as [number | string, string];
    return typeof counter === 'number' ? counter * this.owners.size + this.owners.get(owner)! + 1 : this.ofLarge(token);
  }

  private ofLarge(token: BallotToken): Ballot {
    const key = this.order.key(token);
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const small = this.small(token);
    if (small !== undefined) return small;
    let [low, high] = [0, this.large.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.order.compare(this.large[middle]!.token, token) < 0) low = middle + 1;
      else high = middle;
    }
    const [below, above] = [this.large[low - 1]?.rank, this.large[low]?.rank];
    const rank = rankBetween(below, above);
    if (rank === below || rank > Number.MAX_SAFE_INTEGER || rank <= SMALL * Math.max(1, this.owners.size)) throw new LimitError('TOO_MANY_BALLOTS', 'more ballots over 31 bits than can be ordered as they come', 'write ballots over 31 bits as pairs [counter, owner], or a trace for each slot');
    this.large.splice(low, 0, { token, key, rank });
    this.known.set(key, rank);
    return rank;
  }

  /** Of an integer that was written as a string although it is small. */
  private small(token: BallotToken): Ballot | undefined {
    const [counter, owner] = (Array.isArray(token) ? token : [token]) as [string, string?];
    if (counter.length > 10 || Number(counter) >= SMALL) return undefined;
    return this.of(owner === undefined ? Number(counter) : [Number(counter), owner]);
  }
}

function rankBetween(below: Ballot | undefined, above: Ballot | undefined): Ballot {
  if (below === undefined) return above === undefined ? FIRST : above - GAP;
  return above === undefined ? below + GAP : Math.floor((below + above) / 2);
}
