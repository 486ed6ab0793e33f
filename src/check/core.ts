/** The lines that contradict each other: with any of them left out, the rest is no contradiction. */
import { minimal } from '../minimal.js';
import type { TracedEvent } from '../trace/read.js';
import { benchFor } from './bench.js';
import type { Compiled } from './compile.js';
import type { Finding } from './finding.js';
import { judge } from './judge.js';

/** All that is found in these events of the trace, as if there were no others; costs are not looked for. */
export function findingsIn(compiled: Compiled, events: readonly TracedEvent[]): Finding[] {
  const bench = benchFor(compiled);
  for (const { event, line } of events) judge(bench, event, line);
  return bench.findings;
}

/** Lines looked at to find a core: a second or so. */
const BUDGET = 300_000;

/**
 * The lines before a finding that it needs, ascending: without any of them the same line would not break the same rule in
 * the same way. Those that the rule itself names suffice nearly always, and are tried first.
 */
export function coreOf(compiled: Compiled, finding: Finding): readonly number[] {
  const { events } = compiled.trace;
  const at = events.findIndex(({ line }) => line === finding.line);
  if (at < 0) return [];
  const last = events[at]!;
  const isSame = ({ line, rule, blocked }: Finding): boolean => line === finding.line && rule === finding.rule && conjunctsOf(blocked) === conjunctsOf(finding.blocked);
  const enough = (rest: readonly TracedEvent[]): readonly TracedEvent[] | null => (findingsIn(compiled, [...rest, last]).some(isSame) ? rest : null);
  const before = events.slice(0, at);
  const named = before.filter(({ line }) => finding.because.includes(line));
  const start = enough(named) ?? (before.length <= BUDGET ? enough(before) : null);
  return start === null ? finding.because : minimal(start, enough, BUDGET).map(({ line }) => line);
}

const conjunctsOf = (blocked: Finding['blocked']): string => blocked.map(({ conjunct }) => conjunct).join();
