/**
 * Every rule that a log or an acceptor is judged by, with what breaking it means. Ids are never reused.
 * The guards themselves are in rules.ts (acceptors), leader.ts (leaders) and cluster-rules.ts (decisions, ownership).
 * The normative text is spec/synod.md.
 */

/**
 * `consensus`: broken means that two values were chosen, or something like it: unsafe at once.
 * `safety`: may cost agreement; the explorer says whether it can in the case at hand.
 * `deviation`: the reference does not do it; harmless by itself. `warning`: allowed, but worth a look.
 */
export type Severity = 'consensus' | 'safety' | 'deviation' | 'warning';

/** How grave a finding is, the gravest first: a wrong line, a deviation, something worth a look. Each report has three words for them. */
export type Gravity = 0 | 1 | 2;

const GRAVITY: Readonly<Record<Severity, Gravity>> = { consensus: 0, safety: 0, deviation: 1, warning: 2 };

export const gravityOf = (severity: Severity): Gravity => GRAVITY[severity];

/** To break such a rule is, or may lead to, a disagreement. */
export const isOfSafety = (severity: Severity): boolean => gravityOf(severity) === 0;

export interface Rule {
  readonly id: string;
  readonly severity: Severity;
  readonly sentence: string;
}

const rule = (severity: Severity, id: string, sentence: string): Rule => ({ id, severity, sentence });

export const RULES: readonly Rule[] = [
  rule('safety', 'promise-kept', 'An acceptor casts no new vote below a ballot that it promised.'),
  rule('safety', 'promise-reports-highest-vote', 'A promise reports the highest vote that its acceptor cast.'),
  rule('deviation', 'promise-monotone', "An acceptor's promises do not go down."),
  rule('deviation', 'promise-has-prepare', 'A promise answers a prepare that was sent.'),
  rule('safety', 'vote-has-proposal', 'A vote is for a value that the leader of its ballot proposed.'),
  rule('safety', 'one-vote-per-ballot', 'An acceptor votes for at most one value in a ballot.'),
  rule('deviation', 'vote-monotone', "An acceptor's votes do not go down."),
  rule('safety', 'restart-remembers', 'After a restart an acceptor knows what it had promised and voted.'),
  rule('deviation', 'down-is-silent', 'A node does nothing between its crash and its restart.'),
  rule('safety', 'ballot-owned', 'A ballot has one leader.'),
  rule('deviation', 'ballot-opened', 'A leader proposes in a ballot that it opened with prepare.'),
  rule('safety', 'one-value-per-ballot', 'A leader proposes one value in a ballot.'),
  rule('safety', 'accept-has-quorum', 'A leader proposes after a quorum of phase 1 promised its ballot.'),
  rule('safety', 'accept-takes-highest-vote', 'A leader proposes the value of the highest vote that its quorum reports, if there is one.'),
  rule('safety', 'decision-has-quorum', 'A value is decided after a quorum of phase 2 voted for it in one ballot.'),
  rule('consensus', 'agreement', 'No two different values are chosen or decided.'),
  rule('consensus', 'decision-stable', 'A learner does not change its mind.'),
  rule('consensus', 'validity', 'Only a value that was proposed is decided.'),
  rule('safety', 'promise-covers-slots', 'A promise for many slots reports every slot in which its acceptor voted, unless it was decided and trimmed.'),
  rule('safety', 'applied-is-decided', 'A state machine applies only what is chosen in its slot.'),
  rule('consensus', 'applied-in-order', 'A state machine applies the slots in their order, each once and none left out.'),
  rule('safety', 'quorums-intersect', 'Every quorum of phase 1 meets every quorum of phase 2.'),
  rule('warning', 'needless-refusal', 'An acceptor refuses only what it must refuse.'),
];

export function ruleNamed(id: string): Rule {
  const found = RULES.find((candidate) => candidate.id === id);
  if (found === undefined) throw new Error(`no rule ${id}`);
  return found;
}
