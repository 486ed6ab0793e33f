/** What judging an event needs and leaves behind: the checker's memory, its findings, and how a rule is put to the test. */
import type { Guard } from '../../model/guard.js';
import { allows, blockedBy } from '../../model/guard.js';
import { RULES, ruleNamed } from '../../model/rule-book.js';
import type { Vote } from '../../model/words.js';
import type { TraceEvent } from '../trace/wire.js';
import type { Finding } from './finding.js';
import { CheckState } from './state.js';
import type { Terms } from './terms.js';

/** How often each rule was exercised; all rules are there. */
export type Exercised = Record<string, number>;

export const noneExercised = (): Exercised => Object.fromEntries(RULES.map(({ id }) => [id, 0]));

/** The checker's memory and its output. */
export interface Bench<T extends Terms = Terms> {
  readonly compiled: T;
  readonly state: CheckState;
  readonly findings: Finding[];
  readonly exercised: Exercised;
  /** For those who only ask whether something is wrong: told instead of a finding, the first time and any other. */
  readonly suspect?: (rule: string, line: number) => void;
}

/** What a report says of a rule that is broken; made only then. */
export interface Circumstances {
  readonly at: string;
  readonly got: string;
  readonly expected: string;
  /** Earlier lines, as CheckState has them. */
  readonly because?: readonly (number | undefined)[];
}

/** Before the first event. */
export const benchFor = <T extends Terms>(compiled: T): Bench<T> => ({ compiled, state: new CheckState(compiled.quorums), findings: [], exercised: noneExercised() });

/** Counts the rule as put to the test. */
export const exercise = ({ exercised }: Bench, id: string): void => void (exercised[id]! += 1);

/**
 * Exercises the rule; notes a finding if its guard is false. `tempted`: false if nothing that came before could make the rule
 * fail, so that keeping it proves nothing.
 */
export function require<C>(bench: Bench, id: string, guard: Guard<C>, context: C, tempted: boolean, line: number, tell: () => Circumstances): void {
  const isKept = allows(guard, context);
  if (tempted || !isKept) bench.exercised[id]! += 1;
  if (isKept) return;
  if (bench.suspect !== undefined) {
    bench.suspect(id, line);
    return;
  }
  const { at, got, expected, because = [] } = tell();
  const lines = [...new Set(because.filter((earlier) => earlier !== undefined && earlier !== line) as number[])].sort((one, other) => one - other);
  bench.findings.push({ line, rule: id, severity: ruleNamed(id).severity, at, blocked: blockedBy(guard, context, bench.compiled.names), expected, got, because: lines });
}

/** True if every event of this kind is in the log, as far as the log goes. */
export const isComplete = ({ compiled, state }: Bench, kind: TraceEvent['kind']): boolean => compiled.isComplete(kind) && !state.nodes.lostKinds.has(kind);

/** The line in which this acceptor cast a vote in the ballot of this one. */
export const voteLine = ({ state }: Bench, acceptor: number, vote: Vote | null): number | undefined => (vote === null ? undefined : state.lineOf('accepted', acceptor, vote.ballot));

/** The lines in which something was proposed in this ballot. */
export const acceptLines = (bench: Bench, ballot: number): (number | undefined)[] => proposedIn(bench, ballot).map((value) => bench.state.lineOf('accept', ballot, value));

const NOTHING: readonly number[] = [];

/** The values proposed in this ballot. */
export function proposedIn({ state }: Bench, ballot: number): readonly number[] {
  let found = NOTHING;
  for (const vote of state.accepts) if (vote.ballot === ballot) found = found === NOTHING ? [vote.value] : [...found, vote.value];
  return found;
}

/** Where a rule is put to the test: what was done there, as a report says it. */
export interface Where {
  readonly at: string;
  readonly line: number;
  readonly got: () => string;
}
