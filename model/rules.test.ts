import { describe, expect, it } from 'vitest';
import { explore } from '../src/index.js';
import type { AcceptorMachine, AcceptorState } from './acceptor.js';
import { mayVote, referenceAcceptor } from './acceptor.js';
import { allows, blockedBy, without } from './guard.js';
import type { Guard } from './guard.js';
import type { History } from './history.js';
import { EMPTY_HISTORY, say } from './history.js';
import { propertyNamed } from './invariants.js';
import { referenceLeader } from './leader.js';
import { acceptorWith } from './mutant.js';
import type { StateInvariant } from './property.js';
import { oneVotePerBallot, promiseKept, promiseMonotone, promiseReportsHighestVote, restartRemembers, voteHasProposal, voteMonotone } from './rules.js';
import type { Cluster, Synod } from './synod.js';
import { actionsOf, initialCluster, isEnabled, synod, take } from './synod.js';
import type { Reply, Vote } from './words.js';

const [x, y] = [0, 1];
const vote = (ballot: number, value: number): Vote => ({ ballot, value });
const promise = (ballot: number, reported: Vote | null = null) => ({ kind: 'promise' as const, ballot, vote: reported });
const accepted = (ballot: number, value: number) => ({ kind: 'accepted' as const, ballot, value });
const said = (...replies: readonly Reply[]): History => replies.reduce(say, EMPTY_HISTORY);
const broken = <C>(guard: Guard<C>, context: C): string[] => blockedBy(guard, context).map(({ conjunct }) => conjunct);

describe('rules of an acceptor (A=1 B=3 V=2)', () => {
  it('a new vote below a promise breaks it, whatever was voted before [promise-kept]', () => {
    expect(broken(promiseKept, { history: said(promise(2)), vote: vote(1, x) })).toEqual(['promise-kept']);
    expect(broken(promiseKept, { history: said(promise(2), accepted(3, x)), vote: vote(1, x) })).toEqual(['promise-kept']);
  });

  it('a vote may be announced again below a later promise, for it is no new vote [promise-kept]', () => {
    expect(broken(promiseKept, { history: said(accepted(1, x), promise(2, vote(1, x))), vote: vote(1, x) })).toEqual([]);
  });

  it('a vote below a vote breaks no promise: a vote is none [promise-kept] [vote-monotone]', () => {
    const context = { history: said(accepted(2, x)), vote: vote(1, x) };
    expect([broken(promiseKept, context), broken(voteMonotone, context)]).toEqual([[], ['vote-monotone']]);
  });

  it('a promise that leaves out the vote, or reports an older one, hides it [promise-reports-highest-vote]', () => {
    const history = said(accepted(1, x), accepted(2, y));
    expect(broken(promiseReportsHighestVote, { history, promise: promise(3) })).toEqual(['no-higher-vote-was-cast']);
    expect(broken(promiseReportsHighestVote, { history, promise: promise(3, vote(1, x)) })).toEqual(['no-higher-vote-was-cast']);
    expect(broken(promiseReportsHighestVote, { history, promise: promise(3, vote(2, y)) })).toEqual([]);
  });

  it('a promise must not report a vote that was not cast: wrong value, wrong ballot, or none at all [promise-reports-highest-vote]', () => {
    const history = said(accepted(1, x));
    for (const lie of [vote(1, y), vote(2, x)]) expect(broken(promiseReportsHighestVote, { history, promise: promise(3, lie) })).toEqual(['reported-vote-was-cast']);
    expect(broken(promiseReportsHighestVote, { history: EMPTY_HISTORY, promise: promise(3, vote(1, x)) })).toEqual(['reported-vote-was-cast']);
  });

  it('a promise of a lower ballot may report a vote above it: more than was asked, and true [promise-reports-highest-vote] [promise-monotone]', () => {
    const context = { history: said(promise(3), accepted(3, x)), promise: promise(2, vote(3, x)) };
    expect([broken(promiseReportsHighestVote, context), broken(promiseMonotone, context)]).toEqual([[], ['promise-monotone']]);
  });

  it('a second value in a ballot is a second vote, the same value again is not [one-vote-per-ballot]', () => {
    const history = said(accepted(1, x), accepted(2, x));
    expect([vote(2, x), vote(2, y), vote(3, y)].map((next) => allows(oneVotePerBallot, { history, vote: next }))).toEqual([true, false, true]);
  });

  it('a vote needs the proposal of its ballot and value, and the value of another ballot does not do [vote-has-proposal]', () => {
    const accepts = [vote(1, x), vote(2, y)];
    expect([vote(2, y), vote(2, x), vote(3, x)].map((next) => allows(voteHasProposal, { accepts, vote: next }))).toEqual([true, false, false]);
    expect(blockedBy(voteHasProposal, { accepts, vote: vote(2, x) })[0]!.numbers).toContain('x in ballot 2');
  });

  it('after a restart a promise or a vote that was released may not be missing [restart-remembers]', () => {
    const history = said(accepted(1, x), promise(2, vote(1, x)));
    expect(broken(restartRemembers, { history, promised: 2, vote: vote(1, x) })).toEqual([]);
    expect(broken(restartRemembers, { history, promised: 1, vote: vote(1, x) })).toEqual(['promise-came-back']);
    for (const lost of [null, vote(1, y)]) expect(broken(restartRemembers, { history, promised: 2, vote: lost })).toEqual(['vote-came-back']);
  });

  it('what a log does not say about a restart is not held against it [restart-remembers]', () => {
    expect(broken(restartRemembers, { history: said(accepted(1, x), promise(2)), promised: undefined, vote: undefined })).toEqual([]);
  });
});

/** The rules that a lax acceptor keeps: it does whatever they allow, and chooses freely. */
type Kept = Readonly<Record<'promise-kept' | 'promise-reports-highest-vote' | 'vote-has-proposal' | 'one-vote-per-ballot' | 'promise-has-prepare', boolean>>;
const ALL: Kept = { 'promise-kept': true, 'promise-reports-highest-vote': true, 'vote-has-proposal': true, 'one-vote-per-ballot': true, 'promise-has-prepare': true };

/** Everything that a lax acceptor may say. */
function utterances(protocol: Synod, { prepares, accepts }: Cluster, history: History, kept: Kept): Reply[] {
  const ballots = Array.from({ length: protocol.ballots }, (_, index) => index + 1);
  const votes = ballots.flatMap((ballot) => Array.from({ length: protocol.values }, (_, value) => vote(ballot, value)));
  const promises = ballots
    .filter((ballot) => !kept['promise-has-prepare'] || prepares.includes(ballot))
    .flatMap((ballot) => [null, ...votes].map((reported) => promise(ballot, reported)))
    .filter((given) => !kept['promise-reports-highest-vote'] || allows(promiseReportsHighestVote, { history, promise: given }));
  const cast = votes
    .filter((next) => !kept['promise-kept'] || allows(promiseKept, { history, vote: next }))
    .filter((next) => !kept['one-vote-per-ballot'] || allows(oneVotePerBallot, { history, vote: next }))
    .filter((next) => !kept['vote-has-proposal'] || allows(voteHasProposal, { accepts, vote: next }));
  return [...promises, ...cast.map(({ ballot, value }) => accepted(ballot, value))];
}

/** A lax acceptor: what it may have said next. It depends on its history and on what was sent, and is worked out once for each. */
function laxAcceptor(protocol: Synod, kept: Kept): (cluster: Cluster, history: History) => readonly History[] {
  const known = new Map<string, readonly History[]>();
  return (cluster, history) => {
    const key = JSON.stringify([cluster.prepares, cluster.accepts]) + textOf(history);
    const after = known.get(key) ?? utterances(protocol, cluster, history, kept).map((reply) => say(history, reply)).filter((grown) => grown !== history);
    known.set(key, after);
    return after;
  };
}

const texts = new WeakMap<History, string>();
function textOf(history: History): string {
  const text = texts.get(history) ?? JSON.stringify(history);
  texts.set(history, text);
  return text;
}

/** The same cluster with its acceptors in the order of what they said: they differ in nothing else. */
const sorted = (cluster: Cluster): Cluster => ({ ...cluster, acceptors: [...cluster.acceptors].sort((one, other) => (textOf(one.history) < textOf(other.history) ? -1 : 1)) });
const keyOf = ({ prepares, accepts, acceptors }: Cluster): string => JSON.stringify([prepares, accepts]) + acceptors.map(({ history }) => textOf(history)).join();

const consensus = ['Validity', 'Agreement'].map((name) => propertyNamed(name) as StateInvariant);

/** Explores a cluster of lax acceptors up to their names. The first violation of Agreement or Validity ends it. */
function exploreLax(protocol: Synod, kept: Kept = ALL): { distinct: number; violation: string | null } {
  const next = laxAcceptor(protocol, kept);
  const leaders = actionsOf(protocol).filter(({ kind }) => kind === 'prepare' || kind === 'accept');
  const open = [{ cluster: initialCluster(protocol), length: 0 }];
  const seen = new Set(open.map(({ cluster }) => keyOf(cluster)));
  for (const { cluster, length } of open) {
    const sent = leaders.filter((action) => isEnabled(protocol, cluster, action)).map((action) => take(protocol, cluster, action).next);
    const spoken = cluster.acceptors.flatMap((acceptor, a) => next(cluster, acceptor.history).map((history) => ({ ...cluster, acceptors: cluster.acceptors.map((same, b) => (a === b ? { ...acceptor, history } : same)) })));
    for (const after of [...sent, ...spoken].map(sorted)) {
      if (seen.size === seen.add(keyOf(after)).size) continue;
      const violated = consensus.find((property) => !property.holds(protocol, after));
      if (violated !== undefined) return { distinct: seen.size, violation: `${violated.name} ${length + 1}` };
      open.push({ cluster: after, length: length + 1 });
    }
  }
  return { distinct: seen.size, violation: null };
}

const twoValuesABallot = { leader: { ...referenceLeader, mayAccept: without(referenceLeader.mayAccept, 'one-value-per-ballot') } };

describe('an acceptor that does whatever the rules allow', () => {
  it.each([[1, 2, 2, 97], [1, 3, 2, 1389], [2, 2, 2, 489], [3, 2, 2, 25561]])('is safe: four rules are enough (A=%i B=%i V=%i) [agreement]', (a, b, v, distinct) => {
    expect(exploreLax(synod(a, b, v))).toEqual({ distinct, violation: null });
  });

  it.each([['promise-kept', 'Agreement 8'], ['promise-reports-highest-vote', 'Agreement 8'], ['vote-has-proposal', 'Validity 1']])('is unsafe without %s (A=1 B=2 V=2)', (rule, violation) => {
    expect(exploreLax(synod(1, 2, 2), { ...ALL, [rule]: false }).violation).toBe(violation);
  });

  it('may promise what nobody asked for (A=2 B=2 V=2) [promise-has-prepare]', () => {
    expect(exploreLax(synod(2, 2, 2), { ...ALL, 'promise-has-prepare': false })).toEqual({ distinct: 640, violation: null });
  });

  it('votes once in a ballot anyway if its leader proposes one value (A=2 B=2 V=2) [one-vote-per-ballot]', () => {
    expect(exploreLax(synod(2, 2, 2), { ...ALL, 'one-vote-per-ballot': false })).toEqual(exploreLax(synod(2, 2, 2)));
  });

  it('is unsafe under a leader that proposes two values in a ballot; to vote for one of them only delays the harm [one-value-per-ballot]', () => {
    expect(exploreLax(synod(1, 1, 2, twoValuesABallot), { ...ALL, 'one-vote-per-ballot': false }).violation).toBe('Agreement 6');
    expect(exploreLax(synod(2, 2, 2, twoValuesABallot)).violation).toBeNull();
    expect(agreementLength(synod(3, 2, 2, { ...twoValuesABallot, machines: [strict, strict, strict] }))).toBe(14);
  });
});

/** The reference, but it votes once in a ballot, whatever is proposed there. */
const strict = acceptorWith({
  mayVote: { ...mayVote, 'one-vote-per-ballot': { formula: 'no vote in b, or for v', holds: ({ state, ballot, value }) => state.vote?.ballot !== ballot || state.vote.value === value, numbers: () => '' } },
});

const agreementLength = (protocol: Synod): number | undefined => explore(protocol).properties.find(({ name }) => name === 'Agreement')?.run?.transitions.length;

/** Variants that break one rule and no other, in the engine: what they cost is nothing. */
const keepsHighestVote = acceptorWith({ vote: (state, cast) => ({ ...state, vote: state.vote !== null && state.vote.ballot > cast.ballot ? state.vote : cast }) });
const lowerPromise = acceptorWith({ mayPromise: {}, promise: (state, ballot) => ({ ...state, promised: Math.max(state.promised, ballot) }) });
const unasked: AcceptorMachine<AcceptorState> = {
  ...referenceAcceptor,
  act: (state) => (state.promised === 3 ? null : { state: { ...state, promised: state.promised + 1 }, replies: [promise(state.promised + 1, state.vote)] }),
};

describe('rules that nothing depends on: breaking one of them alone conforms, in every run within the bounds', () => {
  it.each<[string, number, AcceptorMachine, number]>([
    ['vote-monotone', 3, keepsHighestVote, 46229],
    ['promise-monotone', 2, lowerPromise, 12627],
    ['promise-has-prepare', 3, unasked, 23974],
  ])('[%s] (A=3 B=%i V=2)', (_rule, ballots, machine, distinct) => {
    const result = explore(synod(3, ballots, 2, { machines: [machine, machine, machine] }));
    expect([result.verdict, result.distinct]).toEqual(['conforms', distinct]);
  });

  it('[ballot-opened] on promises that nobody asked for (A=3 B=3 V=2)', () => {
    const leader = { ...referenceLeader, mayAccept: without(referenceLeader.mayAccept, 'ballot-opened') };
    const result = explore(synod(3, 3, 2, { leader, machines: [unasked, unasked, unasked] }));
    expect([result.verdict, result.distinct]).toEqual(['conforms', 83652]);
  });
});

describe('a vote for another value than was asked for [vote-has-proposal] [validity]', () => {
  it('is chosen, and nobody proposed it (A=1 B=1 V=2)', () => {
    const other = ({ ballot, value }: Vote): Vote => ({ ballot, value: 1 - value });
    const contrary = acceptorWith({ announce: (_state, asked) => other(asked), vote: (_state, asked) => ({ promised: asked.ballot, vote: other(asked) }) });
    const { properties, verdict } = explore(synod(1, 1, 2, { machines: [contrary] }));
    expect([verdict, properties.find(({ name }) => name === 'Validity')?.run?.transitions.length]).toEqual(['unsafe', 4]);
  });
});
