/**
 * The slow twin of the checker: is there any run of Paxos that could have left this log? It tries all orders that the log
 * leaves open and all steps that it may have left out, and asks the rules of spec/synod.md as they are written there, over
 * plain sets. It shares nothing with the checker. For logs of a few lines, with integers for ballots.
 */
import type { Trace } from '../trace/read.js';
import type { AcceptEvent, DecidedEvent, PromiseEvent, ReportedVote, RestartEvent, TraceEvent } from '../trace/wire.js';

/** By ballot: the value. Not more than one for each ballot, as S6 and S11 have it. */
type Votes = Readonly<Record<number, string>>;
type Report = readonly [ballot: number, value: string] | null;

interface Acceptor {
  readonly votes: Votes;
  /** Those of them that are in the log by now: in a line of their own, or reported. */
  readonly said: Votes;
  /** Those that it may speak of: no others are cast and not announced but at a crash, if all announcements are in the log. */
  readonly open: Votes;
  /** The highest ballot of its promises, in the log or not. */
  readonly promised: number;
  /** Its promises that are in the log. One that is not can be given again for every use, so none is kept. */
  readonly promises: readonly { readonly ballot: number; readonly report: Report }[];
  readonly isDown: boolean;
}

interface World {
  /** Of each list of events how many have happened. */
  readonly next: readonly number[];
  readonly accepts: Votes;
  readonly acceptors: readonly Acceptor[];
}

/** Where the checker is known to see less than the rules: what is let through although no run explains it, or the other way. */
export interface Grants {
  /** Promises that are not in the log, and that its proposals need, forbid nothing. */
  readonly hiddenPromisesBindNobody?: boolean;
  /** Votes that are not in the log, and that its decisions need, may be impossible. */
  readonly hiddenVotesAreNotNeeded?: boolean;
}

/** What stays the same for all runs that are tried. */
interface Log {
  readonly lists: readonly (readonly TraceEvent[])[];
  readonly ids: readonly string[];
  readonly quorums: { readonly phase1: readonly number[][]; readonly phase2: readonly number[][] };
  readonly hides: (kind: string) => boolean;
  /** All ballots that a run may use. */
  readonly ballots: readonly number[];
  /** What may have been proposed in this ballot: if the log names a value there, that one. */
  readonly valuesIn: (ballot: number) => readonly string[];
  readonly decided: readonly string[];
  readonly grants: Grants;
}

const text = (value: unknown): string => JSON.stringify(value);
const rank = (ballot: unknown): number => Number(ballot);
const unique = <T>(items: readonly T[]): T[] => [...new Set(items)];

/** Steps that are looked at in a search, then the answer is not known: a second or so. */
const MAX_STEPS = 60_000;

/** Whether some run that keeps all rules of safety could have left this log; undefined where that takes too long to find out. */
export function hasExplanation(trace: Trace, grants: Grants = {}): boolean | undefined {
  const events = trace.events.map(({ event }) => event);
  if (!oneLeaderPerBallot(events) || decidedIn(events).length > 1) return false;
  const named = events.flatMap(valuesNamed);
  if (named.some((one) => named.some((other) => one.ballot === other.ballot && one.value !== other.value))) return false;
  const answers = universes(trace).map((ballots) => search(logOf(trace, ballots, grants)));
  return answers.includes(true) || (answers.includes(undefined) ? undefined : false);
}

/** S10. Leaders do not restart in these logs. */
const oneLeaderPerBallot = (events: readonly TraceEvent[]): boolean => {
  const messages = events.filter((event) => event.kind === 'prepare' || event.kind === 'accept');
  return messages.every((one) => messages.every((other) => rank(one.ballot) !== rank(other.ballot) || one.at === other.at));
};

const decidedIn = (events: readonly TraceEvent[]): string[] => unique(events.filter((event) => event.kind === 'decided').map(({ value }) => text(value)));

/** Each ballot with a value that the event names was proposed if the event keeps the rules. */
function valuesNamed(event: TraceEvent): { readonly ballot: number; readonly value: string }[] {
  const { ballot, value, votes = [] } = event as { ballot?: number; value?: unknown; votes?: readonly ReportedVote[] };
  return [...(ballot === undefined || value === undefined ? [] : [{ ballot, value }]), ...votes].map((vote) => ({ ballot: rank(vote.ballot), value: text(vote.value) }));
}

function ballotsIn(event: TraceEvent): number[] {
  const { ballot, promised = [], votes = [] } = event as { ballot?: number; promised?: number | []; votes?: readonly ReportedVote[] };
  return [ballot ?? [], promised, votes.map((vote) => vote.ballot)].flat(2).map(rank);
}

/** The ballots of the log; where it may leave out a whole ballot, also with the one in which something was decided: below, between or above. */
function universes({ header, events }: Trace): number[][] {
  const known = unique(events.flatMap(({ event }) => ballotsIn(event))).sort((one, other) => one - other);
  if (known.length === 0) return [[1]];
  const [lowest, highest] = [known[0]!, known.at(-1)!];
  const isLeftOut = events.some(({ event }) => event.kind === 'decided') && !['accept', 'accepted'].some((kind) => header.complete.includes(kind));
  const more = isLeftOut ? Array.from({ length: highest - lowest + 3 }, (_, index) => lowest - 1 + index) : [];
  return [known, ...more.filter((ballot) => !known.includes(ballot)).map((ballot) => [...known, ballot])];
}

function logOf({ header, events }: Trace, ballots: readonly number[], grants: Grants): Log {
  // Rules of safety do not ask for prepare messages, and to refuse or to propose changes nothing.
  const all = events.map(({ event }) => event).filter(({ kind }) => !['prepare', 'nack', 'propose'].includes(kind));
  const ids = header.nodes.filter(({ roles }) => roles.includes('acceptor')).map(({ id }) => id);
  const needed = header.quorums.kind === 'flexible' ? header.quorums : { phase1: (ids.length >> 1) + 1, phase2: (ids.length >> 1) + 1 };
  const ofSize = (size: number): number[][] => subsets(ids.map((_, index) => index)).filter((set) => set.length === size);
  const nodes = unique(all.map(({ at }) => at));
  const values = unique(['"x"', '"y"', ...decidedIn(all), ...all.flatMap(valuesNamed).map(({ value }) => value)]);
  const named = new Map(all.flatMap(valuesNamed).map(({ ballot, value }) => [ballot, [value]]));
  return {
    lists: header.order === 'total' ? [all] : nodes.map((node) => all.filter(({ at }) => at === node).sort((one, other) => Number(one.i) - Number(other.i))),
    ids,
    quorums: { phase1: ofSize(needed.phase1), phase2: ofSize(needed.phase2) },
    hides: (kind) => !header.complete.includes(kind),
    ballots,
    valuesIn: (ballot) => named.get(ballot) ?? values,
    decided: decidedIn(all),
    grants,
  };
}

const subsets = (items: readonly number[]): number[][] => items.reduce<number[][]>((sets, item) => [...sets, ...sets.map((set) => [...set, item])], [[]]);

/** Depth first over all runs; a world that led nowhere is not entered again. */
function search(log: Log): boolean | undefined {
  const seen = new Set<string>();
  let steps = 0;
  const acceptor: Acceptor = { votes: {}, said: {}, open: {}, promised: -1, promises: [], isDown: false };
  const stack: World[] = [{ next: log.lists.map(() => 0), accepts: {}, acceptors: log.ids.map(() => acceptor) }];
  for (let world = stack.pop(); world !== undefined; world = stack.pop()) {
    if (world.next.every((count, list) => count === log.lists[list]!.length)) return true;
    for (const following of [...hiddenSteps(log, world), ...loggedSteps(log, world)]) {
      if (steps++ === MAX_STEPS) return undefined;
      const key = text([following.next, following.accepts, following.acceptors.map(({ votes, said, open, promised, isDown }) => [votes, log.hides('accepted') || [said, open], promised, isDown])]);
      if (seen.has(key) || !agrees(log, following)) continue;
      seen.add(key);
      stack.push(following);
    }
  }
  return false;
}

/** S15, for what is decided later as well: it will not have been another value. */
function agrees(log: Log, world: World): boolean {
  const chosen = log.ballots.filter((ballot) => isChosen(log, world, world.accepts[ballot], ballot)).map((ballot) => world.accepts[ballot]);
  return unique([...chosen, ...log.decided]).length <= 1;
}

const isChosen = ({ quorums }: Log, { acceptors }: World, value: string | undefined, ballot: number): boolean => value !== undefined && quorums.phase2.some((quorum) => quorum.every((a) => acceptors[a]!.votes[ballot] === value));

function* loggedSteps(log: Log, world: World): Generator<World> {
  for (const [list, count] of world.next.entries()) {
    const event = log.lists[list]![count];
    if (event === undefined) continue;
    const after = { ...world, next: world.next.map((other, index) => (index === list ? count + 1 : other)) };
    yield* outcomes(log, after, event);
  }
}

/** The worlds in which this event can have happened next; none if it breaks a rule in all of them. */
function outcomes(log: Log, world: World, event: TraceEvent): Iterable<World> {
  const a = log.ids.indexOf(event.at);
  switch (event.kind) {
    case 'promise':
      return promised(log, world, a, event);
    case 'accept':
      return accepted(log, world, { ...event, ballot: rank(event.ballot), value: text(event.value) }, event.quorum);
    case 'accepted': {
      const [ballot, value] = [rank(event.ballot), text(event.value)];
      const { votes, open } = world.acceptors[a]!;
      if (!log.hides('accepted') && votes[ballot] === value && open[ballot] === undefined) return [];
      const cast = votes[ballot] === value ? [world] : voted(log, world, a, { ballot, value });
      return cast.map((each) => say(each, a, [[ballot, value]]));
    }
    case 'decided':
      return isFounded(log, world, event) ? [world] : [];
    case 'crash':
      return [change(world, a, { isDown: true, open: world.acceptors[a]!.votes })];
    case 'restart':
      return remembers(world.acceptors[a]!, event) ? [say(change(world, a, { isDown: false, open: world.acceptors[a]!.votes }), a, votesOf(event.votes ?? []))] : [];
    default:
      throw new Error(`${event.kind} is not expected here`);
  }
}

const change = (world: World, a: number, changes: Partial<Acceptor>): World => ({ ...world, acceptors: world.acceptors.map((acceptor, index) => (index === a ? { ...acceptor, ...changes } : acceptor)) });

const votesOf = (votes: readonly ReportedVote[]): (readonly [ballot: number, value: string])[] => votes.map(({ ballot, value }) => [rank(ballot), text(value)]);
const say = (world: World, a: number, votes: readonly (readonly [ballot: number, value: string])[]): World => {
  const { said, open } = world.acceptors[a]!;
  return change(world, a, { said: { ...said, ...Object.fromEntries(votes) }, open: { ...open, ...Object.fromEntries(votes) } });
};

/** S2, for each of the votes reported: it was cast, and none of those below the ballot is above the highest of them. */
function promised(log: Log, world: World, a: number, event: PromiseEvent): World[] {
  const acceptor = world.acceptors[a]!;
  const votes = votesOf(event.votes);
  if (!votes.every(([ballot, value]) => (log.hides('accepted') ? acceptor.votes : acceptor.open)[ballot] === value)) return [];
  const report = votes.reduce<Report>((highest, vote) => (highest === null || vote[0] > highest[0] ? vote : highest), null);
  const ballot = rank(event.ballot);
  if (!saysEnough(acceptor, ballot, report)) return [];
  return [change(say(world, a, votes), a, { promised: Math.max(acceptor.promised, ballot), promises: [...acceptor.promises, { ballot, report }] })];
}

const ballotsOf = (votes: Votes): number[] => Object.keys(votes).map(Number);
const saysEnough = ({ votes }: Acceptor, ballot: number, report: Report): boolean => ballotsOf(votes).every((cast) => cast >= ballot || (report !== null && cast <= report[0]));

/** S1, S5 and S6 for a new vote. Its proposal may be hidden: it is made when it is first voted for, as any earlier it would only forbid more. */
function voted(log: Log, world: World, a: number, { ballot, value }: { readonly ballot: number; readonly value: string }): World[] {
  const acceptor = world.acceptors[a]!;
  if (ballot < acceptor.promised || acceptor.votes[ballot] !== undefined) return [];
  const proposed = world.accepts[ballot] === value ? [world] : log.hides('accept') ? [...accepted(log, world, { ballot, value })] : [];
  return proposed.filter(({ acceptors }) => acceptors[a]!.promised <= ballot).map((after) => change(after, a, { votes: { ...acceptor.votes, [ballot]: value } }));
}

/** Any new vote of this acceptor. */
const anyVote = (log: Log, world: World, a: number): World[] => log.ballots.flatMap((ballot) => log.valuesIn(ballot).flatMap((value) => voted(log, world, a, { ballot, value })));

/** S7. */
function remembers({ votes, promised: highest }: Acceptor, back: RestartEvent): boolean {
  if (back.promised !== undefined && Math.max(-1, ...[back.promised].flat().map(rank)) < highest) return false;
  if (back.votes === undefined) return true;
  const came = votesOf(back.votes);
  return came.every(([ballot, value]) => votes[ballot] === value) && Math.max(-1, ...came.map(([ballot]) => ballot)) === Math.max(-1, ...ballotsOf(votes));
}

/** S11, S12, S13: one value, and for some quorum a promise from each that allow it; some of the promises may be hidden. */
function* accepted(log: Log, world: World, { ballot, value }: { readonly ballot: number; readonly value: string }, used?: AcceptEvent['quorum']): Generator<World> {
  if ((world.accepts[ballot] ?? value) !== value) return;
  const after = { ...world, accepts: { ...world.accepts, [ballot]: value } };
  if (ballot === Math.min(...log.ballots)) yield after;
  for (const quorum of log.quorums.phase1) {
    if (used !== undefined && !quorum.every((a) => used.includes(log.ids[a]!))) continue;
    for (const ways of waysToHear(log, after, ballot, quorum)) if (isAllowed(value, ways.reports)) yield ways.world;
  }
}

interface Heard {
  readonly world: World;
  readonly reports: readonly Report[];
}

/** One promise of the ballot from each of these acceptors, in all ways: one of the log, or one that is hidden, and binds from now on. */
const waysToHear = (log: Log, world: World, ballot: number, quorum: readonly number[]): Heard[] =>
  quorum.reduce<Heard[]>((ways, a) => ways.flatMap((way) => {
    const acceptor = way.world.acceptors[a]!;
    const logged = acceptor.promises.filter((promise) => promise.ballot === ballot).map(({ report }) => ({ world: way.world, reports: [...way.reports, report] }));
    if (!log.hides('promise')) return logged;
    const reports = [null, ...ballotsOf(acceptor.votes).map((cast) => [cast, acceptor.votes[cast]!] as const)].filter((report) => saysEnough(acceptor, ballot, report));
    const bound = log.grants.hiddenPromisesBindNobody === true ? way.world : change(way.world, a, { promised: Math.max(acceptor.promised, ballot) });
    return [...logged, ...reports.map((report) => ({ world: bound, reports: [...way.reports, report] }))];
  }), [{ world, reports: [] }]);

/** They report no vote, or the value is that of the highest vote that they report. */
function isAllowed(value: string, reports: readonly Report[]): boolean {
  const votes = reports.filter((report) => report !== null);
  const highest = Math.max(...votes.map(([ballot]) => ballot));
  return votes.length === 0 || votes.some((vote) => vote[0] === highest && vote[1] === value);
}

/** S14, in the ballot and with the acceptors that are named, if they are. What a crash swallowed was never said to anybody. */
function isFounded(log: Log, world: World, { value, ballot, quorum }: DecidedEvent): boolean {
  const counted = quorum?.map((id) => log.ids.indexOf(id));
  const acceptors = world.acceptors.map((acceptor) => (log.hides('accepted') ? acceptor : { ...acceptor, votes: acceptor.said }));
  const has = (ballotOfVotes: number): boolean => (counted ?? []).every((a) => acceptors[a]!.votes[ballotOfVotes] === text(value)) && isChosen(log, { ...world, acceptors }, text(value), ballotOfVotes);
  const isQuorum = counted === undefined || log.quorums.phase2.some((set) => set.every((a) => counted.includes(a)));
  if (log.grants.hiddenVotesAreNotNeeded === true && log.hides('accepted')) return isQuorum;
  return isQuorum && log.ballots.some((candidate) => (ballot === undefined || rank(ballot) === candidate) && has(candidate));
}

/** What may have happened next and is not in the log. Hidden promises are given when they are used: any earlier they would only forbid more. */
function* hiddenSteps(log: Log, world: World): Generator<World> {
  for (const a of log.ids.keys()) if ((log.hides('accepted') || isSwallowed(log, world, a)) && isTimeToVote(log, world, a)) yield* anyVote(log, world, a);
}

/** A vote that was recorded now may not be announced before a crash, or before a restart whose crash is not in the log. */
const isSwallowed = ({ lists, ids }: Log, { next, acceptors }: World, a: number): boolean =>
  !acceptors[a]!.isDown && lists.some((list, index) => list.slice(next[index]).some(({ at, kind }) => at === ids[a] && (kind === 'crash' || kind === 'restart')));

/** A hidden vote can wait for the next line of its acceptor, for a decision, and for hidden promises, which it may come too late for. */
function isTimeToVote(log: Log, { next }: World, a: number): boolean {
  return log.lists.some((list, index) => {
    const event = list[next[index]!];
    return event !== undefined && (event.at === log.ids[a] || event.kind === 'decided' || (log.hides('promise') && (event.kind === 'accept' || log.hides('accept'))));
  });
}
