/** A trace in the words of the model: ballots become ranks, values and acceptors become numbers, and names lead back. */
import type { Quorums } from '../../model/quorum.js';
import { flexible, majorities, setOf, sizeOf } from '../../model/quorum.js';
import type { Ballot, Value } from '../../model/words.js';
import { ballotOrder, rankBallots } from '../trace/ballots.js';
import type { Trace } from '../trace/read.js';
import { canonicalJson } from '../trace/values.js';
import type { BallotToken, QuorumRule, ReportedVote, TraceEvent, TraceHeader } from '../trace/wire.js';
import type { Terms } from './terms.js';
import { isNone } from './terms.js';

/** Everything a rule needs to know about the whole trace before its first event. */
export interface Compiled extends Terms {
  readonly trace: Trace;
  /** The number of different ballots in the trace. */
  readonly ballots: number;
  /** A token of the ballot with this rank. */
  readonly tokenOf: (ballot: Ballot) => BallotToken | undefined;
}

/** The fields with ballots and values that an event of any kind may have. */
interface Mentions {
  readonly ballot?: BallotToken;
  readonly promised?: BallotToken | [];
  readonly votes?: readonly ReportedVote[];
  readonly decided?: readonly { readonly value: unknown }[];
  readonly value?: unknown;
}

function ballotsIn(event: TraceEvent): BallotToken[] {
  const { ballot, promised, votes = [] } = event as Mentions;
  return [...(ballot === undefined ? [] : [ballot]), ...(promised === undefined || isNone(promised) ? [] : [promised]), ...votes.map((vote) => vote.ballot)];
}

function valuesIn(event: TraceEvent): unknown[] {
  const { votes = [], decided = [], value } = event as Mentions;
  return [...('value' in event ? [value] : []), ...votes.map((vote) => vote.value), ...decided.map((decision) => decision.value)];
}

/** How many acceptors' subsets may be listed for weights. */
function weighted(ids: readonly string[], weights: Readonly<Record<string, number>>, needed: number): number[] {
  const weightOf = (set: number): number => ids.reduce((sum, id, a) => sum + ((set >> a) & 1 ? (weights[id] ?? 0) : 0), 0);
  const enough = Array.from({ length: 1 << ids.length }, (_, set) => set).filter((set) => weightOf(set) >= needed);
  return enough.filter((set) => !enough.some((other) => other !== set && (other & set) === other)).sort((one, other) => sizeOf(one) - sizeOf(other));
}

export function quorumsOf(rule: QuorumRule, ids: readonly string[]): Quorums {
  const n = ids.length;
  switch (rule.kind) {
    case 'majority':
      return majorities(n);
    case 'flexible':
      return flexible(n, rule.phase1, rule.phase2);
    case 'weighted':
      return { name: 'weights', acceptors: n, symmetric: false, phase1: weighted(ids, rule.weights, rule.phase1), phase2: weighted(ids, rule.weights, rule.phase2) };
    case 'sets': {
      const sets = (named: readonly (readonly string[])[]): number[] => [...new Set(named.map((set) => setOf(set.map((id) => ids.indexOf(id)))))];
      return { name: 'the sets that the header lists', acceptors: n, symmetric: false, phase1: sets(rule.phase1), phase2: sets(rule.phase2) };
    }
  }
}

export const acceptorsOf = (header: TraceHeader): string[] => header.nodes.filter((node) => node.roles.includes('acceptor')).map((node) => node.id);

export function compile(trace: Trace): Compiled {
  const { header, events } = trace;
  const acceptors = acceptorsOf(header);
  const order = ballotOrder(header);
  const mentioned = events.flatMap(({ event }) => ballotsIn(event));
  const ranks = rankBallots(order, mentioned);
  const tokens = new Map(mentioned.map((token) => [ranks.get(order.key(token))!, token]));
  const values = new Map<string, number>();
  for (const value of events.flatMap(({ event }) => valuesIn(event)).map(canonicalJson)) if (!values.has(value)) values.set(value, values.size);
  const byRank = new Map([...ranks].map(([key, rank]) => [rank, key]));
  const shown = [...values.keys()];
  const rankOf = (token: BallotToken): Ballot => ranks.get(order.key(token))!;
  const valueOf = (value: unknown): Value => values.get(canonicalJson(value))!;
  const complete = new Set(header.complete);
  const proposed = new Set(events.flatMap(({ event }) => (event.kind === 'propose' ? [valueOf(event.value)] : [])));
  return {
    trace,
    header,
    acceptors,
    quorums: quorumsOf(header.quorums, acceptors),
    ballots: ranks.size,
    values: values.size,
    names: {
      ballot: (rank) => (rank === 0 ? 'none' : (byRank.get(rank) ?? 'a new, higher ballot')),
      value: (value) => shorten(shown[value] ?? 'another value'),
      acceptor: (index) => acceptors[index] ?? `acceptor ${index}`,
    },
    rankOf,
    tokenOf: (ballot) => tokens.get(ballot),
    valueOf,
    isComplete: (kind) => complete.has(kind),
    isInOrder: trace.places === undefined,
    ...(trace.places !== undefined && { isProposedLater: (value: Value) => proposed.has(value) }),
    // Nobody has to ask for what does nothing.
    proposed: (value) => (header.noop !== undefined && value === valueOf(header.noop) ? [value] : []),
    needsPhase1: (ballot) => ballot > 1,
  };
}

const MAX_SHOWN = 40;
const shorten = (text: string): string => (text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN - 1)}…`);
