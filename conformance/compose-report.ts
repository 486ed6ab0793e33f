/** The verdict on an acceptor, and the report around it. */
import type { Verdict } from '../src/index.js';
import { PROPERTIES, describeRun, ruleNamed } from '../src/index.js';
import type { AcceptorReport, Consequence, Nondeterminism, RuleResult } from './acceptor-report.js';
import { adviceFor } from './advice.js';
import { ACCEPTORS, brokenConsensus } from './cluster.js';
import type { Findings } from './findings.js';
import { SENSELESS } from './judge.js';
import { isSafety } from './review.js';
import { showInput, showStep } from './wording.js';

/** The rules that inputs can put to the test; promise-has-prepare is only ever broken by answers that nobody asked for. */
const JUDGED = ['promise-kept', 'promise-reports-highest-vote', 'vote-has-proposal', 'one-vote-per-ballot', 'restart-remembers', 'promise-monotone', 'vote-monotone'];

export function composeReport(findings: Findings): AcceptorReport {
  const { subject, study, cases } = findings;
  const [symptom] = cases;
  const proof = symptom === undefined || isSafety(symptom.rule) ? undefined : cases.find(({ rule }) => isSafety(rule));
  const consequence = consequenceOf(findings);
  const nondeterministic = nondeterminismOf(findings);
  const verdict = verdictOf(findings);
  const tested = study.review.promises + study.review.votes > 0;
  return {
    format: 'paxcheck-drive',
    version: 1,
    role: 'acceptor',
    implementation: subject.implementation,
    verdict,
    tested,
    summary: summaryOf(findings, verdict, tested),
    ...(symptom && { symptom }),
    ...(proof && { proof }),
    others: cases.filter((one) => one !== symptom && one !== proof),
    ...(consequence && { consequence }),
    deviations: deviationsOf(findings),
    ...(nondeterministic && { nondeterministic }),
    rules: rulesOf(findings),
    bounds: boundsOf(findings),
    assumptions: assumptionsOf(findings),
    notChecked: notCheckedOf(findings),
    next: adviceFor(verdict, tested, cases.map(({ rule }) => rule), deviationsOf(findings).map(({ property }) => property)),
  };
}

function verdictOf({ study, cases, cluster }: Findings): Verdict {
  const { exploration } = cluster ?? {};
  if (exploration?.verdict === 'unsafe') return 'unsafe';
  if (study.machine === null || exploration === undefined) return 'inconclusive';
  const found = cases.length > 0 || exploration.properties.some(({ holds }) => holds === false);
  // The machine keeps every rule of safety: no cluster loses agreement, however far it was explored.
  if (exploration.complete || safeAtAnyLength(study.check) === true) return found ? 'deviates' : exploration.complete ? 'conforms' : 'inconclusive';
  return 'inconclusive';
}

function safeAtAnyLength(check: Findings['study']['check']): boolean | null {
  if (check === null) return null;
  if ([...check.breaches.keys()].some(isSafety)) return false;
  return check.complete ? true : null;
}

function summaryOf({ study, cases, cluster, options }: Findings, verdict: Verdict, tested: boolean): string {
  const within = `${ACCEPTORS} acceptors, ${options.ballots} ballots and ${options.values} value${options.values === 1 ? '' : 's'}`;
  if (!tested) return `nothing was tested: ${study.failure ?? 'it promised nothing and voted for nothing'}`;
  switch (verdict) {
    case 'unsafe':
      return brokenConsensus(cluster!)?.name === 'Validity' ? 'a cluster with this acceptor can choose a value that nobody proposed' : 'a cluster with this acceptor can choose two values';
    case 'deviates':
      if (cluster?.exploration.complete !== true) return 'it breaks a rule that agreement does not need, and keeps those that it needs';
      return `${cases.length > 0 ? 'it breaks a rule' : 'it can keep a cluster from deciding'}, and no run of ${within} chooses two values because of it`;
    case 'conforms':
      return `it keeps the rules, and no run of ${within} goes wrong`;
    case 'inconclusive':
      return study.failure === undefined ? `the exploration of ${within} did not come to its end` : `it was not learned: ${study.failure}`;
  }
}

function consequenceOf({ cluster, study }: Findings): Consequence | undefined {
  const broken = cluster === null ? undefined : brokenConsensus(cluster);
  if (cluster === null || broken?.run === undefined) return undefined;
  return {
    property: broken.name,
    because: broken.because ?? '',
    cluster: study.machine === null ? `a1 does what was seen once, and nothing else; the other ${ACCEPTORS - 1} are correct` : `${ACCEPTORS} acceptors like this one`,
    actions: broken.run.transitions.length,
    run: describeRun(cluster.protocol, broken.run),
  };
}

/** Properties beyond agreement; only worth a word where agreement holds. */
function deviationsOf({ cluster }: Findings): AcceptorReport['deviations'] {
  if (cluster === null || cluster.exploration.verdict === 'unsafe') return [];
  return cluster.exploration.properties
    .filter(({ holds }) => holds === false)
    .map(({ name, because }) => ({ property: name, because: because ?? PROPERTIES.find((property) => property.name === name)!.sentence }));
}

function nondeterminismOf({ study: { observations, alphabet } }: Findings): Nondeterminism | undefined {
  const { disagreement } = observations;
  if (disagreement === null) return undefined;
  const steps = (answers: typeof disagreement.first): string[] => answers.map((answer, at) => showStep(alphabet.input(disagreement.word[at]!), answer));
  return { inputs: disagreement.word.map((index) => showInput(alphabet.input(index))), first: steps(disagreement.first), second: steps(disagreement.second) };
}

function rulesOf({ study: { review } }: Findings): RuleResult[] {
  const result = (id: string, severity: RuleResult['severity'], exercised: number): RuleResult => {
    const broken = review.counts.get(id) ?? 0;
    return { id, severity, result: broken > 0 ? 'broken' : exercised > 0 ? 'kept' : 'not tested', exercised, broken };
  };
  const others = [...review.counts.keys()].filter((id) => !JUDGED.includes(id));
  return [...JUDGED, ...others].map((id) => result(id, id === SENSELESS ? 'deviation' : ruleNamed(id).severity, review.exercised.get(id) ?? 0));
}

function boundsOf({ study, options, cluster }: Findings): AcceptorReport['bounds'] {
  const { ballots, values, length, restartLength, walks, seed } = options;
  return {
    ballots,
    values,
    length,
    sequences: study.sequences,
    observed: study.observations.size,
    restarts: study.restarts,
    restartLength: study.restarts === 'none' ? 0 : study.restarts === 'kill' ? restartLength : length,
    walks: { count: study.walks, length: walks.length, seed },
    learnedStates: study.machine?.length ?? null,
    safeAtAnyLength: safeAtAnyLength(study.check),
    cluster: cluster && {
      acceptors: ACCEPTORS,
      ballots: cluster.protocol.ballots,
      values,
      states: cluster.exploration.distinct,
      merged: (['acceptors', 'values'] as const).filter((kind) => cluster.exploration.merged[kind]),
      runsUpTo: cluster.exploration.exploredLength,
      complete: cluster.exploration.complete,
    },
  };
}

function assumptionsOf({ study, subject }: Findings): string[] {
  const { tokens } = subject;
  const pairs = tokens.kind === 'pair' ? [`ballots are ${Array.from({ length: tokens.ballots }, (_, index) => `${index + 1} = ${JSON.stringify(tokens.ballot(index + 1))}`).join(', ')}`] : [];
  const skipped = [...study.review.skipped].map(([reason, times]) => `${times} sequences end with an input that was not given to the implementation: ${reason}`);
  return [
    'a ballot has one leader, which proposes one value: no sequence has two accepts of one ballot with different values',
    study.observations.exchange ? 'values are opaque: of sequences that differ in their names only one was run (the walks use both)' : 'values are not treated alike by their names, so every sequence was run with each of them',
    'the acceptor is deterministic, and what it does beyond the sequences and walks follows the machine that was learned from them',
    ...pairs,
    ...skipped,
  ];
}

function notCheckedOf({ study, subject }: Findings): string[] {
  return [
    ...(study.restarts === 'none' ? ['restarts: the adapter offers neither crash nor restart'] : []),
    ...(study.restarts === 'kill' ? ['restarts in longer sequences: each is a new process'] : []),
    'races: commands come one at a time, the next after the answer to the last',
    ...(subject.caps.persist === true ? [] : ['a crash between an answer and its write: the adapter does not offer persist as a step of its own']),
    'leaders, learners, several slots, reconfiguration',
  ];
}
