/**
 * What a broken rule can cost: the explorer goes on from the state just after the wrong line, with everybody correct
 * from then on, and looks for two chosen values. That, and not an opinion, tells `unsafe` from `deviates`.
 */
import type { AcceptorState } from '../../model/acceptor.js';
import { referenceAcceptor } from '../../model/acceptor.js';
import { chosenValues, distinct } from '../../model/learner.js';
import type { Cluster, Synod } from '../../model/synod.js';
import { synod } from '../../model/synod.js';
import type { Ballot, Names, Value } from '../../model/words.js';
import { explore } from '../engine/explore.js';
import type { Run } from '../engine/run.js';
import { propertyNamed } from '../../model/invariants.js';
import type { Compiled } from './compile.js';
import { hasRoom } from './room.js';

/** The bounds within which a consequence is looked for at all. */
const MAX_ACCEPTORS = 5;
const MAX_BALLOTS = 6;
const MAX_VALUES = 3;
const MAX_STATES = 1_000_000;
/** Fewer ballots show too little: the seed's acceptor is safe with two. */
const MIN_BALLOTS = 3;

export interface Bounds {
  readonly acceptors: number;
  readonly ballots: number;
  readonly values: number;
}

export type Consequence =
  | { readonly kind: 'disagreement'; readonly bounds: Bounds; readonly run: Run; readonly protocol: Synod; readonly names: Names }
  | { readonly kind: 'none'; readonly bounds: Bounds }
  | { readonly kind: 'unknown'; readonly reason: string };

/** The worst is told: what can cost agreement, then what may. */
export const GRAVITY: Readonly<Record<Consequence['kind'], number>> = { none: 0, unknown: 1, disagreement: 2 };

interface Moment {
  readonly cluster: Cluster;
  readonly decided: readonly Value[];
}

/** Ballots of the trace by rank, and new ones (null) below, between and above them, in their order. */
interface Renaming {
  readonly ballots: readonly (Ballot | null)[];
  readonly values: readonly Value[];
}

/** The ballots and values that occur in this state, ascending. */
function used({ cluster, decided }: Moment): { readonly ballots: Ballot[]; readonly values: Value[] } {
  const acceptors = cluster.acceptors.map(({ state, history }) => ({ ...(state as AcceptorState), history }));
  const votes = [...cluster.accepts, ...acceptors.flatMap(({ vote, history }) => [...history.votes, ...history.promises.flatMap((promise) => promise.vote ?? []), ...(vote === null ? [] : [vote])])];
  const promised = acceptors.flatMap((acceptor) => [acceptor.promised, ...acceptor.history.promises.map(({ ballot }) => ballot)]);
  return {
    ballots: distinct([...cluster.prepares, ...promised, ...votes.map(({ ballot }) => ballot)].filter((ballot) => ballot > 0)),
    values: distinct([...decided, ...votes.map(({ value }) => value)]),
  };
}

/** The same state with dense ballots and values; ballot 0 stays 0. */
function rename(data: unknown, { ballots, values }: Renaming, key = ''): unknown {
  const rank = (ballot: number): number => (ballot === 0 ? 0 : ballots.indexOf(ballot) + 1);
  if (Array.isArray(data)) return data.map((item) => rename(item, { ballots, values }, key));
  if (typeof data === 'number') return key === 'value' ? values.indexOf(data) : rank(data);
  if (data === null || typeof data !== 'object') return data;
  return Object.fromEntries(Object.entries(data).map(([name, item]) => [name, rename(item, { ballots, values }, name)]));
}

/** Whoever promised a ballot was asked to, whether the log has it or not. */
const withPrepares = (cluster: Cluster): Cluster => ({
  ...cluster,
  prepares: distinct([...cluster.prepares, ...cluster.acceptors.flatMap(({ history }) => history.promises.map(({ ballot }) => ballot))]),
});

function namesOf({ names, trace }: Compiled, renaming: Renaming): Names {
  const top = renaming.ballots.filter((ballot) => ballot !== null).at(-1);
  const highest = top === undefined ? '0' : names.ballot(top);
  const nameOfNew = (place: number): string => {
    const above = place - (top === undefined ? -1 : renaming.ballots.indexOf(top));
    if (above > 0 && trace.header.ballots.kind === 'integer' && highest.length < 30) return String(BigInt(highest) + BigInt(above));
    return renaming.ballots.filter((ballot) => ballot === null).length === 1 ? 'new' : `new${renaming.ballots.slice(0, place + 1).filter((ballot) => ballot === null).length}`;
  };
  const ballotName = (ballot: Ballot): string => {
    const known = renaming.ballots[ballot - 1];
    return ballot === 0 ? 'none' : known == null ? nameOfNew(ballot - 1) : names.ballot(known);
  };
  return {
    acceptor: names.acceptor,
    ballot: ballotName,
    value: (value) => (value < renaming.values.length ? names.value(renaming.values[value]!) : value === 0 ? '"a value"' : '"another value"'),
  };
}

/** The lowest of the highest ballots promised. Nobody votes below it any more. */
const lowestPromise = ({ cluster }: Moment): Ballot => Math.min(...cluster.acceptors.map(({ state }) => (state as AcceptorState).promised));

/** The ballots in which votes were cast, or perhaps not all that was said of them is known. */
const voted = ({ cluster }: Moment): Set<Ballot> =>
  new Set(cluster.acceptors.flatMap(({ state, history }) => [...history.votes, ...history.promises.map(({ vote }) => vote), (state as AcceptorState).vote].flatMap((vote) => (vote === null ? [] : [vote.ballot]))));

/** The same moment without what was asked, promised and proposed in other ballots than these. */
const only = ({ cluster, decided }: Moment, isKept: (ballot: Ballot) => boolean): Moment => ({
  decided,
  cluster: {
    ...cluster,
    prepares: cluster.prepares.filter(isKept),
    accepts: cluster.accepts.filter(({ ballot }) => isKept(ballot)),
    acceptors: cluster.acceptors.map(({ state, history }) => ({ state, history: { ...history, promises: history.promises.filter(({ ballot }) => isKept(ballot)) } })),
  },
});

/** Without ballots in which nobody voted and nobody is going to vote: nothing depends on them. */
function living(moment: Moment): Moment {
  const [lowest, votes] = [lowestPromise(moment), voted(moment)];
  return only(moment, (ballot) => ballot >= lowest || votes.has(ballot));
}

/** With no more leaders than have proposed something, or are the last that an acceptor promised: they may do less, and nothing else. */
function fewest(moment: Moment): Moment {
  const kept = new Set([...voted(moment), ...moment.cluster.accepts.map(({ ballot }) => ballot), ...moment.cluster.acceptors.map(({ state }) => (state as AcceptorState).promised)]);
  return only(moment, (ballot) => kept.has(ballot));
}

/** The ballots to explore with, stage by stage: those there are, a new one above, then new ones wherever there is room from `lowest` on. */
function stages(compiled: Compiled, ballots: readonly Ballot[], lowest: Ballot): { readonly all: boolean; readonly list: (readonly (Ballot | null)[])[] } {
  const { header } = compiled.trace;
  const room = (low: Ballot | undefined, high: Ballot | undefined): null[] =>
    hasRoom(header, low === undefined ? undefined : compiled.tokenOf(low), high === undefined ? undefined : compiled.tokenOf(high)) ? [null] : [];
  const above = room(ballots.at(-1), undefined);
  const everywhere = [...ballots.flatMap((ballot, index) => [...(ballot <= lowest ? [] : room(ballots[index - 1], ballot)), ballot]), ...above];
  const fill = Array.from({ length: Math.max(0, MIN_BALLOTS - ballots.length - above.length) }, () => null);
  const list = [ballots, [...ballots, ...above, ...fill], everywhere].filter((stage) => stage.length > 0 && stage.length <= MAX_BALLOTS);
  return { all: everywhere.length <= MAX_BALLOTS, list };
}

/** Looks for a continuation to two chosen or decided values; the shortest of those with the fewest ballots. */
export function consequenceOf(compiled: Compiled, moment: Moment): Consequence {
  const whole = living(moment);
  // Quick, and finds most.
  const few = fewest(whole);
  if (used(few).ballots.length < used(whole).ballots.length) {
    const outcome = within(compiled, few, false);
    if (outcome.kind === 'disagreement') return outcome;
  }
  return within(compiled, whole, true);
}

/** `everywhere`: new ballots wherever there is room, not above only. */
function within(compiled: Compiled, moment: Moment, everywhere: boolean): Consequence {
  const { ballots, values: seen } = used(moment);
  const values = Math.max(2, seen.length);
  const acceptors = compiled.acceptors.length;
  if (acceptors > MAX_ACCEPTORS || ballots.length > MAX_BALLOTS || values > MAX_VALUES) {
    return { kind: 'unknown', reason: `${acceptors} acceptors, ${ballots.length} ballots and ${values} values are more than is explored (${MAX_ACCEPTORS}, ${MAX_BALLOTS}, ${MAX_VALUES})` };
  }
  const decided = moment.decided.map((value) => seen.indexOf(value));
  let outcome: Consequence = { kind: 'unknown', reason: `more than ${MAX_BALLOTS} ballots would have to be explored` };
  const { all, list } = stages(compiled, ballots, lowestPromise(moment));
  for (const stage of everywhere ? list : list.slice(0, 2)) {
    const renaming = { ballots: stage, values: seen };
    const start = rename(withPrepares(moment.cluster), renaming) as Cluster;
    outcome = from(compiled, renaming, start, decided, { acceptors, ballots: stage.length, values });
    if (outcome.kind !== 'none') return outcome;
  }
  return all ? outcome : { kind: 'unknown', reason: `there is room for more ballots between those of the log than the ${MAX_BALLOTS} that are explored` };
}

function from(compiled: Compiled, renaming: Renaming, start: Cluster, decided: readonly Value[], bounds: Bounds): Consequence {
  const protocol = synod(bounds.acceptors, bounds.ballots, bounds.values, {
    quorums: compiled.quorums,
    machines: Array.from({ length: bounds.acceptors }, () => referenceAcceptor),
    ...(decided.length > 0 && { learner: (said) => distinct([...chosenValues(said), ...decided]) }),
  });
  // Values are no longer alike where one of them is decided, whatever is chosen: to swap them would hide that another one is.
  const symmetry = decided.length > 0 ? 'acceptors' : 'full';
  const result = explore(protocol, { start, properties: [propertyNamed('Agreement')!], maxStates: MAX_STATES, symmetry });
  const run = result.properties.find(({ name }) => name === 'Agreement')?.run;
  if (run !== undefined) return { kind: 'disagreement', bounds, run, protocol, names: namesOf(compiled, renaming) };
  if (!result.complete) return { kind: 'unknown', reason: `more than ${MAX_STATES} states with ${bounds.acceptors} acceptors, ${bounds.ballots} ballots, ${bounds.values} values` };
  return { kind: 'none', bounds };
}
