/** What judging an event needs and leaves behind: the checker's memory, its findings, and how a rule is put to the test. */
import type { Guard } from '../../model/guard.js';
import { blockedBy } from '../../model/guard.js';
import { ruleNamed } from '../../model/rule-book.js';
import type { Vote } from '../../model/words.js';
import type { TraceEvent } from '../trace/wire.js';
import type { Compiled } from './compile.js';
import type { Finding } from './finding.js';
import { CheckState } from './state.js';

/** The checker's memory and its output. */
export interface Bench {
  readonly compiled: Compiled;
  readonly state: CheckState;
  readonly findings: Finding[];
  /** How often each rule was exercised. */
  readonly exercised: Map<string, number>;
}

export interface Circumstances {
  readonly line: number;
  readonly at: string;
  readonly got: string;
  readonly expected: string;
  /** Keys of CheckState.lines. */
  readonly because?: readonly string[];
  /** False: nothing that came before could make the rule fail, so that keeping it proves nothing. Default: true. */
  readonly tempted?: boolean;
}

/** Before the first event. */
export const benchFor = (compiled: Compiled): Bench => ({ compiled, state: new CheckState(compiled.quorums), findings: [], exercised: new Map() });

/** Counts the rule as put to the test. */
export const exercise = ({ exercised }: Bench, id: string): void => void exercised.set(id, (exercised.get(id) ?? 0) + 1);

/** Exercises the rule; notes a finding if its guard is false. */
export function require<C>(bench: Bench, id: string, guard: Guard<C>, context: C, where: Circumstances): void {
  const { line, at, got, expected, tempted = true } = where;
  const blocked = blockedBy(guard, context, bench.compiled.names);
  if (tempted || blocked.length > 0) exercise(bench, id);
  if (blocked.length === 0) return;
  const because = bench.state.linesOf(where.because ?? []).filter((earlier) => earlier !== line);
  bench.findings.push({ line, rule: id, severity: ruleNamed(id).severity, at, blocked, expected, got, because });
}

/** True if every event of this kind is in the log, as far as the log goes. */
export const isComplete = ({ compiled, state }: Bench, kind: TraceEvent['kind']): boolean => compiled.isComplete(kind) && !state.lostKinds.has(kind);

export const voteKeys = (acceptor: number, vote: Vote | null): string[] => (vote === null ? [] : [`accepted ${acceptor} ${vote.ballot}`]);
export const acceptKeys = (bench: Bench, ballot: number): string[] => proposedIn(bench, ballot).map((value) => `accept ${ballot} ${value}`);
export const proposedIn = ({ state }: Bench, ballot: number): number[] => state.accepts.filter((vote) => vote.ballot === ballot).map(({ value }) => value);

/** Where a rule is put to the test, without what it expects. */
export type Where = Omit<Circumstances, 'expected'>;
