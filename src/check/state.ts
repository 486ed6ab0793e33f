/**
 * What a checker knows after some lines of a trace: what was said, by whom and in which line. Acceptors are taken at
 * their word: a state is what the reference would have if it had said the same.
 */
import type { AcceptorState } from '../../model/acceptor.js';
import { referenceParts } from '../../model/acceptor.js';
import { allows } from '../../model/guard.js';
import type { Foundation } from '../../model/foundation.js';
import type { History } from '../../model/history.js';
import { EMPTY_HISTORY, hasVote, highestPromise, say } from '../../model/history.js';
import type { Tally } from '../../model/learner.js';
import type { Quorums } from '../../model/quorum.js';
import { includesQuorum, setOf } from '../../model/quorum.js';
import { promiseReportsHighestVote } from '../../model/rules.js';
import type { Cluster } from '../../model/synod.js';
import type { Ballot, Reply, Value, Vote } from '../../model/words.js';
import { sameVote } from '../../model/words.js';

export interface AcceptorRecord {
  history: History;
  state: AcceptorState;
  /** Since a crash that was logged; asked for only where a crash may have swallowed votes. */
  isDown: boolean;
  swallowed: Swallowed;
}

/** What a crash may have swallowed: votes that were recorded, and not announced before. */
export interface Swallowed {
  /** What had been proposed by then, and was not voted for as far as is known. */
  readonly votes: readonly Vote[];
  /** Any vote up to this ballot, where proposals are not known. */
  readonly upTo: Ballot;
}

/** What a proposal was founded on. */
export interface PlacedFoundation extends Foundation {
  /** How many proposals are known to have been made before. */
  readonly proposed: number;
}

const NOTHING_SWALLOWED: Swallowed = { votes: [], upTo: 0 };

const higher = (one: Vote | null, other: Vote | null): Vote | null => (one === null || (other !== null && other.ballot > one.ballot) ? other : one);

/** What is known of nodes, whatever they decide about. */
export class NodeFacts {
  /** Nodes that are down, with the line of the crash. */
  readonly downSince = new Map<string, number>();
  readonly restarts = new Map<string, number>();
  /** Kinds of event of which lines were lost: they are not complete any more. */
  readonly lostKinds = new Set<string>();
  lost = 0;

  /** A leader that restarts is another leader: it may not know what it did in its ballots. */
  nameOf(at: string): string {
    const restarts = this.restarts.get(at) ?? 0;
    return restarts === 0 ? at : `${at} after restart ${restarts}`;
  }
}

/** Lists are never changed, but replaced: copies of a state share them. */
export class CheckState {
  readonly acceptors: AcceptorRecord[];
  prepares: readonly Ballot[] = [];
  owners: readonly { readonly ballot: Ballot; readonly node: string }[] = [];
  accepts: readonly Vote[] = [];
  /** Of these, the ones that were sent after a promise of a higher ballot, with the acceptors that had given it. */
  late: readonly Tally[] = [];
  /** Of proposals that promises which are not in the log must have allowed. */
  foundations: readonly PlacedFoundation[] = [];
  decidedBy: readonly { readonly node: string; readonly value: Value }[] = [];
  /** The votes cast, each with its voters, kept up as votes are heard: what the model would find again and again. */
  tallies: readonly Tally[] = [];
  /** The values chosen so far; and these with those decided. */
  chosen: readonly Value[] = [];
  settled: readonly Value[] = [];
  /** Grows: there may be many. */
  readonly proposed: Value[] = [];

  /** `lines`: where something was said first, by what was said as text; null if nobody is going to ask. */
  constructor(
    readonly quorums: Quorums,
    readonly nodes = new NodeFacts(),
    private readonly lines: Map<string, number> | null = new Map(),
    from?: CheckState,
  ) {
    this.acceptors = [];
    for (let acceptor = 0; acceptor < quorums.acceptors; acceptor++) {
      const known = from?.acceptors[acceptor];
      this.acceptors.push(known === undefined ? { history: EMPTY_HISTORY, state: referenceParts.initial, isDown: false, swallowed: NOTHING_SWALLOWED } : { ...known });
    }
    if (from === undefined) return;
    this.prepares = from.prepares;
    this.owners = from.owners;
    this.accepts = from.accepts;
    this.late = from.late;
    this.foundations = from.foundations;
    this.decidedBy = from.decidedBy;
    this.tallies = from.tallies;
    this.chosen = from.chosen;
    this.settled = from.settled;
    this.proposed.push(...from.proposed);
  }

  /** The same for those who are going to change it, without lines. */
  copy(): CheckState {
    return new CheckState(this.quorums, this.nodes, null, this);
  }

  /** All that matters for what may come, as text: states with the same text are the same. `idOf`: equal for equal lists; they may be long. */
  identity(idOf: (list: readonly unknown[]) => number): string {
    const decided = [...this.decidedBy].sort((one, other) => (one.node < other.node ? -1 : 1));
    const tallies = [...this.tallies].sort((one, other) => one.vote.ballot - other.vote.ballot || one.vote.value - other.vote.value);
    const acceptors = this.acceptors.map(({ history: { promises, votes, ...said }, ...known }) => [idOf(promises), idOf(votes), said, known]);
    return JSON.stringify([acceptors, idOf(this.prepares), idOf(this.owners), idOf(this.accepts), this.late, this.foundations, decided, tallies, this.chosen, this.settled, idOf(this.proposed)]);
  }

  get decided(): Value[] {
    return this.decidedBy.map(({ value }) => value);
  }

  /** The state of the cluster as the model sees it. */
  get cluster(): Cluster {
    return {
      prepares: [...this.prepares].sort((one, other) => one - other),
      accepts: [...this.accepts].sort((one, other) => one.ballot - other.ballot || one.value - other.value),
      acceptors: this.acceptors.map(({ state, history }) => ({ state, history })),
    };
  }

  /**
   * The acceptor said this, so it is so. Its state is what it must remember to speak so truthfully: a promise or a vote
   * below an earlier one takes nothing back, unless it says itself that the vote is gone.
   */
  hear(acceptor: number, reply: Reply, line: number): void {
    const record = this.acceptors[acceptor]!;
    const { state, history } = record;
    if (reply.kind === 'promise') {
      const isTrue = allows(promiseReportsHighestVote, { history, promise: reply });
      record.state = { promised: Math.max(state.promised, reply.ballot), vote: isTrue ? higher(state.vote, reply.vote) : reply.vote };
    }
    if (reply.kind === 'accepted' && !hasVote(history, reply)) {
      record.state = { promised: Math.max(state.promised, reply.ballot), vote: higher(state.vote, { ballot: reply.ballot, value: reply.value }) };
      this.count(acceptor, reply);
    }
    record.history = say(history, reply);
    this.note(line, reply.kind, acceptor, reply.ballot);
  }

  private count(acceptor: number, { ballot, value }: Vote): void {
    const known = this.tallies.find(({ vote }) => vote.ballot === ballot && vote.value === value);
    const tally = { vote: known?.vote ?? { ballot, value }, voters: (known?.voters ?? 0) | (1 << acceptor) };
    this.tallies = known === undefined ? [...this.tallies, tally] : this.tallies.map((other) => (other === known ? tally : other));
    if (this.chosen.includes(value) || !includesQuorum(this.quorums.phase2, tally.voters)) return;
    this.chosen = [...this.chosen, value];
    this.settle(value);
  }

  private settle(value: Value): void {
    if (!this.settled.includes(value)) this.settled = [...this.settled, value];
  }

  decide(node: string, value: Value, line: number): void {
    if (this.decisionOf(node) === undefined) {
      this.decidedBy = [...this.decidedBy, { node, value }];
      this.settle(value);
    }
    this.note(line, 'decided', node);
  }

  /** What this node decided first. */
  decisionOf(node: string): Value | undefined {
    for (const decision of this.decidedBy) if (decision.node === node) return decision.value;
    return undefined;
  }

  /** When this was proposed, the acceptor had promised a higher ballot. */
  cameLate(acceptor: number, vote: Vote): boolean {
    return this.late.some((each) => sameVote(each.vote, vote) && (each.voters & (1 << acceptor)) !== 0);
  }

  /** The acceptor stops. `knowsProposals`: nothing else was proposed than is known. */
  crash(acceptor: number, knowsProposals: boolean): void {
    const record = this.acceptors[acceptor]!;
    const { votes, upTo } = record.swallowed;
    const more = knowsProposals ? this.accepts.filter((vote) => !hasVote(record.history, vote) && !votes.some((other) => sameVote(other, vote))) : [];
    record.swallowed = { votes: more.length === 0 ? votes : [...votes, ...more], upTo: knowsProposals ? upTo : Infinity };
    record.isDown = true;
  }

  /** It came back; with this highest vote, if it says so: then nothing above was swallowed. */
  comeBack(acceptor: number, highest: Vote | null | undefined): void {
    const record = this.acceptors[acceptor]!;
    record.isDown = false;
    if (highest === undefined) return;
    const top = highest?.ballot ?? 0;
    record.swallowed = { votes: record.swallowed.votes.filter(({ ballot }) => ballot <= top), upTo: Math.min(record.swallowed.upTo, top) };
  }

  open(ballot: Ballot): void {
    if (!this.prepares.includes(ballot)) this.prepares = [...this.prepares, ballot];
  }

  propose(vote: Vote, line: number): void {
    if (!this.accepts.some((known) => sameVote(known, vote))) {
      this.accepts = [...this.accepts, vote];
      const voters = setOf(this.acceptors.flatMap(({ history }, acceptor) => (highestPromise(history) > vote.ballot ? [acceptor] : [])));
      if (voters !== 0) this.late = [...this.late, { vote, voters }];
    }
    this.note(line, 'accept', vote.ballot, vote.value);
  }

  own(ballot: Ballot, node: string, line: number): void {
    if (this.ownerOf(ballot) === undefined) this.owners = [...this.owners, { ballot, node }];
    this.note(line, 'owner', ballot);
  }

  ownerOf(ballot: Ballot): string | undefined {
    for (const owner of this.owners) if (owner.ballot === ballot) return owner.node;
    return undefined;
  }

  private note(line: number, what: string, who: string | number, which?: number): void {
    if (this.lines === null) return;
    const key = keyOf(what, who, which);
    if (!this.lines.has(key)) this.lines.set(key, line);
  }

  /** The line in which this was first said, if it was. */
  lineOf(what: 'promise' | 'accepted' | 'accept' | 'owner' | 'decided', who: string | number, which?: number): number | undefined {
    return this.lines?.get(keyOf(what, who, which));
  }
}

const keyOf = (what: string, who: string | number, which?: number): string => `${what} ${who} ${which ?? ''}`;
