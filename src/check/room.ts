/** Whether a ballot can exist that the log does not mention: below, between or above those that it does. */
import type { BallotRule, BallotToken, TraceHeader } from '../trace/wire.js';

/** True if the header allows a ballot strictly between the two; undefined stands for no bound on that side. */
export function hasRoom({ ballots, nodes }: Pick<TraceHeader, 'ballots' | 'nodes'>, low: BallotToken | undefined, high: BallotToken | undefined): boolean {
  switch (ballots.kind) {
    case 'integer':
      return roomForInteger(low, high);
    case 'pair':
      return roomForPair(ballots.owners ?? nodes.map(({ id }) => id), low, high);
    case 'list':
      return placeOf(ballots, high, ballots.order.length) - placeOf(ballots, low, -1) > 1;
  }
}

/** Implementations begin at 0 or at 1: nothing is supposed below 1. */
const LOWEST_USED = 0n;

function roomForInteger(low: BallotToken | undefined, high: BallotToken | undefined): boolean {
  if (high === undefined) return true;
  const floor = low === undefined ? LOWEST_USED : integer(low);
  return floor === null || integer(high) === null || integer(high)! - floor > 1n;
}

/** Null for a number that is too long to compute with; there is room around it. */
const integer = (token: unknown): bigint | null => (String(token).length > 40 ? null : BigInt(String(token)));

function roomForPair(owners: readonly string[], low: BallotToken | undefined, high: BallotToken | undefined): boolean {
  if (!Array.isArray(high)) return true;
  const [top, topOwner] = high;
  const [bottom, bottomOwner] = Array.isArray(low) ? low : [0, owners.at(-1)!];
  const counters = [integer(bottom), integer(top)] as const;
  if (counters[0] === null || counters[1] === null || counters[1] - counters[0] > 1n) return true;
  const [after, before] = [owners.length - 1 - owners.indexOf(bottomOwner), owners.indexOf(topOwner)];
  return counters[0] === counters[1] ? owners.indexOf(topOwner) - owners.indexOf(bottomOwner) > 1 : after + before > 0;
}

const placeOf = ({ order }: Extract<BallotRule, { kind: 'list' }>, token: BallotToken | undefined, none: number): number => (token === undefined ? none : order.indexOf(token as string));
