/**
 * The acceptor suite: does it work at all, what does it do, which rules does it break, and what can that cost a
 * cluster. Effects are those of the subject; the result is a report.
 */
import type { AcceptorReport } from './acceptor-report.js';
import { composeReport } from './compose-report.js';
import type { Case, Seen } from './case.js';
import { showCase } from './case.js';
import type { ClusterResult } from './cluster.js';
import { ACCEPTORS, amongReferences, exploreCluster, seenOnly } from './cluster.js';
import { DriverError } from './driver-error.js';
import { machineFrom } from './machine.js';
import type { Breach } from './review.js';
import { isSafety } from './review.js';
import type { SuiteOptions } from './findings.js';
import { SUITE_DEFAULTS } from './findings.js';
import type { Hypothesis } from './hypothesis.js';
import type { Study } from './study.js';
import { study } from './study.js';
import type { Subject } from './subject.js';

/** Runs the suite. Throws DriverError if the adapter, not the acceptor, fails; does not close the subject. */
export async function acceptorSuite(subject: Subject, options: Partial<SuiteOptions> = {}): Promise<AcceptorReport> {
  const all = { ...SUITE_DEFAULTS, ...options };
  if (!subject.roles.includes('acceptor')) throw new DriverError('ADAPTER_ERROR', `the adapter offers the roles ${subject.roles.join(', ')}, and not acceptor`, {}, 'name acceptor among the roles in the answer to hello');
  await smoke(subject);
  const known = await study(subject, all);
  const seen: (Seen & { readonly shown: Case })[] = [];
  for (const breach of inOrder([...known.review.breaches.values()])) {
    const one = await showCase(known.observations, breach);
    if (one !== null) seen.push(one);
  }
  const unsteady = known.observations.disagreement !== null;
  const studied = unsteady ? { ...known, machine: null, failure: 'it is not deterministic' } : known;
  return composeReport({ subject, options: all, study: studied, cases: seen.map(({ shown }) => shown), cluster: clusterOf(studied, seen, all) });
}

/** One prepare and one accept: an adapter that fails here does not work yet, and that is all there is to say. */
async function smoke(subject: Subject): Promise<void> {
  try {
    await subject.fresh();
    await subject.give({ kind: 'prepare', ballot: 1 });
    await subject.give({ kind: 'accept', ballot: 1, value: 0 });
  } catch (error) {
    if (!(error instanceof DriverError)) throw error;
    const { code, message, hint, command, stderr } = error;
    throw new DriverError(code, `the adapter does not work yet: at the first prepare and accept it ${message.replace(/^the adapter /, '')}`, { ...(command !== undefined && { command }), stderr }, hint);
  }
}

const inOrder = (breaches: readonly Breach[]): Breach[] =>
  [...breaches].sort((one, other) => one.word.length - other.word.length || Number(isSafety(other.broken.rule)) - Number(isSafety(one.broken.rule)));

/** How many values the acceptor speaks of that it was never given. */
function strangersIn(machine: Hypothesis, values: number): number {
  const replies = machine.flatMap(({ moves }) => [...moves.values()].flatMap(({ answer }) => answer.replies));
  const spoken = replies.flatMap((reply) => (reply.kind === 'accepted' ? [reply.value] : reply.kind === 'promise' && reply.vote !== null ? [reply.vote.value] : []));
  return Math.max(values, ...spoken.map((value) => value + 1)) - values;
}

function clusterOf({ alphabet, machine }: Study, seen: readonly (Seen & { readonly shown: Case })[], options: SuiteOptions): ClusterResult | null {
  if (machine !== null) {
    const learned = machineFrom(alphabet, machine);
    return exploreCluster(Array.from({ length: ACCEPTORS }, () => learned), options, strangersIn(machine, options.values));
  }
  // What cannot be learned can still be repeated, once.
  for (const { word, answers, shown } of seen) {
    if (!isSafety(shown.rule)) continue;
    const result = exploreCluster(amongReferences(seenOnly(alphabet, word, answers)), options);
    if (result?.exploration.verdict === 'unsafe') return result;
  }
  return null;
}
