/**
 * What a checker knows after some lines of a trace: what was said, by whom and in which line. Acceptors are taken at
 * their word: a state is what the reference would have if it had said the same.
 */
import type { AcceptorState } from '../../model/acceptor.js';
import { referenceParts } from '../../model/acceptor.js';
import { allows } from '../../model/guard.js';
import type { History } from '../../model/history.js';
import { EMPTY_HISTORY, hasVote, say } from '../../model/history.js';
import type { Said } from '../../model/learner.js';
import type { AcceptorSet, Quorums } from '../../model/quorum.js';
import { includesQuorum } from '../../model/quorum.js';
import { promiseReportsHighestVote } from '../../model/rules.js';
import type { Cluster } from '../../model/synod.js';
import type { Ballot, Reply, Value, Vote } from '../../model/words.js';

export interface AcceptorRecord {
  history: History;
  state: AcceptorState;
}

const higher = (one: Vote | null, other: Vote | null): Vote | null => (one === null || (other !== null && other.ballot > one.ballot) ? other : one);

/** Where something was said: the key is what was said, as text. */
type Lines = Map<string, number>;

export class CheckState {
  readonly acceptors: AcceptorRecord[];
  readonly prepares: Ballot[] = [];
  readonly owners = new Map<Ballot, string>();
  readonly accepts: Vote[] = [];
  readonly proposed: Value[] = [];
  readonly decidedBy = new Map<string, Value>();
  readonly lines: Lines = new Map();
  /** Nodes that are down, with the line of the crash. */
  readonly downSince = new Map<string, number>();
  readonly restarts = new Map<string, number>();
  /** Kinds of event of which lines were lost: they are not complete any more. */
  readonly lostKinds = new Set<string>();
  lost = 0;
  /** The values chosen so far, kept up as votes are heard: what chosenValues would find again and again. */
  readonly chosen = new Set<Value>();
  private readonly voters = new Map<string, AcceptorSet>();

  constructor(readonly quorums: Quorums) {
    this.acceptors = Array.from({ length: quorums.acceptors }, () => ({ history: EMPTY_HISTORY, state: referenceParts.initial }));
  }

  get said(): Said {
    return { accepts: this.accepts, histories: this.acceptors.map((acceptor) => acceptor.history), quorums: this.quorums };
  }

  get decided(): Value[] {
    return [...this.decidedBy.values()];
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
    this.note(`${reply.kind} ${acceptor} ${reply.ballot}`, line);
  }

  private count(acceptor: number, { ballot, value }: Vote): void {
    const key = `${ballot} ${value}`;
    const voters = (this.voters.get(key) ?? 0) | (1 << acceptor);
    this.voters.set(key, voters);
    if (includesQuorum(this.quorums.phase2, voters)) this.chosen.add(value);
  }

  open(ballot: Ballot): void {
    if (!this.prepares.includes(ballot)) this.prepares.push(ballot);
  }

  propose(vote: Vote, line: number): void {
    if (!this.accepts.some(({ ballot, value }) => ballot === vote.ballot && value === vote.value)) this.accepts.push(vote);
    this.note(`accept ${vote.ballot} ${vote.value}`, line);
  }

  own(ballot: Ballot, node: string, line: number): void {
    if (!this.owners.has(ballot)) this.owners.set(ballot, node);
    this.note(`owner ${ballot}`, line);
  }

  note(key: string, line: number): void {
    if (!this.lines.has(key)) this.lines.set(key, line);
  }

  /** The lines in which these things were first said; what was not said is left out. */
  linesOf(keys: readonly string[]): number[] {
    return [...new Set(keys.flatMap((key) => this.lines.get(key) ?? []))].sort((one, other) => one - other);
  }
}
