/**
 * What a checker knows after some lines of a trace: what was said, by whom and in which line. Acceptors are taken at
 * their word: a state is what the reference would have if it had said the same.
 */
import type { AcceptorState } from '../../model/acceptor.js';
import { referenceParts } from '../../model/acceptor.js';
import type { History } from '../../model/history.js';
import { EMPTY_HISTORY, say } from '../../model/history.js';
import type { Said } from '../../model/learner.js';
import type { Quorums } from '../../model/quorum.js';
import type { Cluster } from '../../model/synod.js';
import type { Ballot, Reply, Value, Vote } from '../../model/words.js';

export interface AcceptorRecord {
  history: History;
  state: AcceptorState;
  /** Down since this line; undefined: up. */
  downSince: number | undefined;
}

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
  lost = 0;

  constructor(readonly quorums: Quorums) {
    this.acceptors = Array.from({ length: quorums.acceptors }, () => ({ history: EMPTY_HISTORY, state: referenceParts.initial, downSince: undefined }));
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

  /** The acceptor said this, so it is so. */
  hear(acceptor: number, reply: Reply, line: number): void {
    const record = this.acceptors[acceptor]!;
    record.history = say(record.history, reply);
    if (reply.kind === 'promise') record.state = { promised: reply.ballot, vote: reply.vote };
    if (reply.kind === 'accepted') record.state = referenceParts.vote(record.state, { ballot: reply.ballot, value: reply.value });
    this.note(`${reply.kind} ${acceptor} ${reply.ballot}`, line);
  }

  open(ballot: Ballot, node: string, line: number): void {
    if (!this.prepares.includes(ballot)) this.prepares.push(ballot);
    this.own(ballot, node, line);
  }

  propose(vote: Vote, node: string | undefined, line: number): void {
    if (node !== undefined) this.own(vote.ballot, node, line);
    if (!this.accepts.some(({ ballot, value }) => ballot === vote.ballot && value === vote.value)) this.accepts.push(vote);
    this.note(`accept ${vote.ballot} ${vote.value}`, line);
  }

  private own(ballot: Ballot, node: string, line: number): void {
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
