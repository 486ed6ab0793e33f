/**
 * Ballots as a header declares them. To the rules a ballot is a rank and nothing else (model/words.ts); here is the
 * only place that knows what a ballot looks like in a log.
 */
import type { BallotToken, Index, TraceHeader } from './wire.js';
import { showChoice } from './show.js';

/** The order that a header declares. `key` and `compare` expect tokens that it allows: those with `refusal` null. */
export interface BallotOrder {
  /** Null if the header allows the token, else what was expected and what to do. */
  readonly refusal: (token: BallotToken) => { readonly expected: string; readonly hint: string } | null;
  /** Equal for tokens of the same ballot, and only for these: 7 and "7" are the same. */
  readonly key: (token: BallotToken) => string;
  /** Negative, 0 or positive, as for Array.sort. */
  readonly compare: (one: BallotToken, other: BallotToken) => number;
}

export function ballotOrder({ ballots, nodes }: Pick<TraceHeader, 'ballots' | 'nodes'>): BallotOrder {
  switch (ballots.kind) {
    case 'integer':
      return integers;
    case 'pair':
      return pairs(ballots.owners ?? nodes.map(({ id }) => id));
    case 'list':
      return listed(ballots.order);
  }
}

/** The ranks of the ballots that occur: key -> 1, 2, ..., in the declared order. */
export function rankBallots(order: BallotOrder, tokens: Iterable<BallotToken>): Map<string, number> {
  const distinct = new Map([...tokens].map((token) => [order.key(token), token]));
  const sorted = [...distinct].sort(([, one], [, other]) => order.compare(one, other));
  return new Map(sorted.map(([key], index) => [key, index + 1]));
}

const isInteger = (token: BallotToken): token is Index => typeof token === 'number' || (typeof token === 'string' && /^(?:0|[1-9][0-9]*)$/.test(token));

/** Decimals without leading zeros: the longer one is larger. No BigInt: its constructor is slower, and quadratic. */
function compareDecimals(one: string, other: string): number {
  if (one.length !== other.length) return one.length - other.length;
  return one < other ? -1 : Number(one > other);
}

const EXPECTED_INTEGER = 'an integer from 0 to 2147483647, or a larger one as a decimal string';
const INTEGER_HINT = 'write the integer as a number or, over 31 bits, as a string of digits without leading zeros; the header may declare other ballots';

const integers: BallotOrder = {
  refusal: (token) => (isInteger(token) ? null : { expected: EXPECTED_INTEGER, hint: INTEGER_HINT }),
  key: String,
  compare: (one, other) => compareDecimals(String(one), String(other)),
};

function pairs(owners: readonly string[]): BallotOrder {
  const places = new Map(owners.map((owner, place) => [owner, place]));
  const split = (token: BallotToken): readonly [string, string] => {
    const [counter, owner] = token as [Index, string];
    return [String(counter), owner];
  };
  return {
    refusal(token) {
      if (!Array.isArray(token)) return { expected: '[counter, owner]', hint: 'the header declares ballots of kind "pair": write [7, "n1"], or change the header' };
      return places.has(token[1]) ? null : { expected: `${showChoice(owners)} as the owner`, hint: 'add the owner to "owners" of the ballots or, if that is absent, to the nodes of the header' };
    },
    key(token) {
      const [counter, owner] = split(token);
      return `[${counter},${JSON.stringify(owner)}]`;
    },
    compare(one, other) {
      const [[counter, owner], [otherCounter, otherOwner]] = [split(one), split(other)];
      return compareDecimals(counter, otherCounter) || places.get(owner)! - places.get(otherOwner)!;
    },
  };
}

function listed(order: readonly string[]): BallotOrder {
  const places = new Map(order.map((name, place) => [name, place]));
  const placeOf = (token: BallotToken): number => places.get(token as string)!;
  return {
    refusal: (token) =>
      typeof token === 'string' && places.has(token) ? null : { expected: showChoice(order), hint: 'add the ballot at its place to the list in the header' },
    key: (token) => token as string,
    compare: (one, other) => placeOf(one) - placeOf(other),
  };
}

