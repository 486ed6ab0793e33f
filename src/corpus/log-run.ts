/** Runs of Multi-Paxos, simulated with as little as it takes: what the nodes of a correct cluster, or of one with a bug, would log. */
import type { ReportedVote, TraceEvent, TraceHeader } from '../trace/wire.js';

/** What is wrong with one acceptor (a1), or with all leaders, or with all learners. */
export const LOG_BUGS = [
  'votes below its promise',
  'forgets its votes in promises',
  'reports only its first vote',
  'trims what is not decided',
  'loses its votes in a restart',
  'leader does not wait for promises',
  'leader takes its own value',
  'leader uses promises of later slots',
  'learner counts votes of different ballots',
  'learner skips a slot',
] as const;
export type LogBug = (typeof LOG_BUGS)[number];

export interface LogRunOptions {
  readonly steps: number;
  readonly slots: number;
  readonly bug?: LogBug;
  /** Numbers from 0 to below 1. */
  readonly random: () => number;
}

const ACCEPTORS = ['a1', 'a2', 'a3'];
const LEADERS = ['p1', 'p2'];
const LEARNERS = ['l1', 'l2'];
const KINDS = ['prepare', 'promise', 'accept', 'accepted', 'decided', 'applied', 'crash', 'restart', 'snapshot', 'propose'];

interface Vote {
  readonly ballot: number;
  readonly value: string;
}

interface Acceptor {
  promised: number;
  votes: Map<number, Vote>;
  floor: number;
}

interface Promised {
  readonly votes: ReadonlyMap<number, Vote>;
  readonly floor: number;
}

interface Leader {
  ballot: number;
  from: number;
  readonly promises: Map<string, Promised>;
  readonly proposed: Map<number, string>;
}

interface Learner {
  readonly decided: Map<number, string>;
  next: number;
}

/** The header that all runs have. */
export const logHeader = (title: string, complete: readonly string[] = KINDS): TraceHeader => ({
  format: 'paxos-trace', version: '1.0', title, profile: 'multi',
  nodes: [...ACCEPTORS.map((id) => ({ id, roles: ['acceptor' as const] })), ...LEADERS.map((id) => ({ id, roles: ['leader' as const] })), ...LEARNERS.map((id) => ({ id, roles: ['learner' as const] }))],
  quorums: { kind: 'majority' }, ballots: { kind: 'integer' }, order: 'total', complete: [...complete], durable: 'before-send', noop: 'noop', source: { implementation: 'paxcheck simulation' },
});

const QUORUM = 2;

class LogRun {
  readonly events: TraceEvent[] = [];
  private readonly acceptors = new Map(ACCEPTORS.map((id): [string, Acceptor] => [id, { promised: 0, votes: new Map(), floor: 0 }]));
  private readonly leaders = new Map(LEADERS.map((id): [string, Leader] => [id, { ballot: 0, from: 0, promises: new Map(), proposed: new Map() }]));
  private readonly learners = new Map(LEARNERS.map((id): [string, Learner] => [id, { decided: new Map(), next: 0 }]));
  /** All votes ever cast: slot, ballot and value to acceptors. */
  private readonly tallies = new Map<string, Set<string>>();
  private highest = 0;
  private fresh = 0;

  constructor(private readonly options: LogRunOptions) {}

  private below(n: number): number {
    return Math.floor(this.options.random() * n);
  }

  private pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }

  private has(bug: LogBug, at?: string): boolean {
    return this.options.bug === bug && (at === undefined || at === 'a1');
  }

  step(): void {
    const choices: (() => void)[] = [() => this.promise(), () => this.promise(), () => this.propose(), () => this.propose(), () => this.vote(), () => this.vote(), () => this.vote(), () => this.vote(), () => this.decide(), () => this.decide(), () => this.apply()];
    const roll = this.below(choices.length * 4);
    if (roll === 0 || this.highest === 0) this.prepare();
    else if (roll === 1) this.restart();
    else if (roll === 2) this.trim();
    else choices[roll % choices.length]!();
  }

  private prepare(): void {
    const at = this.pick(LEADERS);
    const decided = this.learners.get(this.pick(LEARNERS))!.next;
    this.leaders.set(at, { ballot: (this.highest += 1), from: this.below(decided + 1), promises: new Map(), proposed: new Map() });
    const { ballot, from } = this.leaders.get(at)!;
    this.events.push({ at, kind: 'prepare', ballot, ...(from > 0 && { from }) });
  }

  private promise(): void {
    const [at, to] = [this.pick(ACCEPTORS), this.pick(LEADERS)];
    const acceptor = this.acceptors.get(at)!;
    const { ballot, from, promises } = this.leaders.get(to)!;
    if (ballot === 0 || ballot <= acceptor.promised) return;
    if (!this.has('votes below its promise', at) || this.below(2) === 0) acceptor.promised = ballot;
    const reported = [...acceptor.votes].filter(([slot]) => slot >= from && slot >= acceptor.floor).sort(([one], [other]) => one - other);
    const votes = this.has('forgets its votes in promises', at) ? [] : this.has('reports only its first vote', at) ? reported.slice(0, 1) : reported;
    promises.set(at, { votes: new Map(votes), floor: acceptor.floor });
    const listed = votes.map(([slot, vote]): ReportedVote => ({ slot, ballot: vote.ballot, value: vote.value }));
    this.events.push({ at, kind: 'promise', ballot, ...(from > 0 && { from }), ...(acceptor.floor > from && { floor: acceptor.floor }), votes: listed });
  }

  private propose(): void {
    const at = this.pick(LEADERS);
    const { ballot, from, promises, proposed } = this.leaders.get(at)!;
    if (ballot === 0 || (promises.size < QUORUM && !this.has('leader does not wait for promises'))) return;
    const floor = Math.max(0, ...[...promises.values()].map((promise) => promise.floor));
    const lowest = this.has('leader uses promises of later slots') ? 0 : Math.max(from, floor);
    const slot = lowest + this.below(Math.max(1, this.options.slots - lowest));
    if (slot >= this.options.slots || proposed.has(slot)) return;
    const reported = [...promises.values()].flatMap(({ votes }) => votes.get(slot) ?? []).sort((one, other) => other.ballot - one.ballot);
    const own = this.below(5) === 0 ? 'noop' : `v${(this.fresh += 1)}`;
    const value = reported.length === 0 || this.has('leader takes its own value') ? own : reported[0]!.value;
    if (value === own && own !== 'noop') this.events.push({ at, kind: 'propose', value });
    proposed.set(slot, value);
    this.events.push({ at, kind: 'accept', ballot, slot, value });
  }

  private vote(at = this.pick(ACCEPTORS), isSwallowed = false): void {
    const to = this.pick(LEADERS);
    const acceptor = this.acceptors.get(at)!;
    const { ballot, proposed } = this.leaders.get(to)!;
    const open = [...proposed].filter(([slot]) => slot >= acceptor.floor && acceptor.votes.get(slot)?.ballot !== ballot);
    if (open.length === 0 || ballot < acceptor.promised) return;
    const [slot, value] = this.pick(open);
    acceptor.promised = ballot;
    acceptor.votes.set(slot, { ballot, value });
    if (isSwallowed) return;
    const key = this.has('learner counts votes of different ballots') ? `${slot} ${value}` : `${slot} ${ballot} ${value}`;
    this.tallies.set(key, (this.tallies.get(key) ?? new Set()).add(at));
    this.events.push({ at, kind: 'accepted', ballot, slot, value });
  }

  private decide(): void {
    const chosen = [...this.tallies].filter(([, voters]) => voters.size >= QUORUM);
    if (chosen.length === 0) return;
    const [slot, value] = ((words: string[]) => [Number(words[0]), words.at(-1)!] as const)(this.pick(chosen)[0].split(' '));
    const at = this.pick(LEARNERS);
    const { decided } = this.learners.get(at)!;
    if (decided.has(slot)) return;
    decided.set(slot, value);
    this.events.push({ at, kind: 'decided', slot, value });
  }

  private apply(): void {
    const at = this.pick(LEARNERS);
    const learner = this.learners.get(at)!;
    if (this.has('learner skips a slot') && this.below(3) === 0) learner.next += 1;
    const value = learner.decided.get(learner.next);
    if (value === undefined) return;
    // To do nothing is not worth a line.
    if (value !== 'noop') this.events.push({ at, kind: 'applied', slot: learner.next, value });
    learner.next += 1;
  }

  private restart(): void {
    const at = this.pick(ACCEPTORS);
    const acceptor = this.acceptors.get(at)!;
    if (this.has('loses its votes in a restart', at)) acceptor.votes = new Map();
    const says = this.below(2) === 0;
    if (this.below(2) === 0) this.vote(at, true);
    this.events.push({ at, kind: 'crash' }, { at, kind: 'restart', ...(says && { promised: acceptor.promised === 0 ? [] : acceptor.promised }) });
  }

  private trim(): void {
    const at = this.pick(ACCEPTORS);
    const acceptor = this.acceptors.get(at)!;
    const applied = Math.min(...[...this.learners.values()].map(({ next }) => next));
    const upto = this.has('trims what is not decided', at) ? this.below(this.options.slots) : this.below(applied + 1) - 1;
    if (upto < acceptor.floor) return;
    acceptor.floor = upto + 1;
    for (const slot of [...acceptor.votes.keys()]) if (slot <= upto) acceptor.votes.delete(slot);
    this.events.push({ at, kind: 'trim', upto });
  }
}

/** The events of a run, in their real order. */
export function logRun(options: LogRunOptions): TraceEvent[] {
  const run = new LogRun(options);
  for (let step = 0; step < options.steps; step++) run.step();
  return run.events;
}
