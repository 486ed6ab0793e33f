/** What to do about a finding, rule by rule. */
import type { Verdict } from '../src/index.js';

const VOTE_IN_BALLOT_PROMISED = 'an acceptor must vote in the ballot that it has just promised: compare with >=, not with >, and do not refuse a second value';

const ADVICE: Readonly<Record<string, string>> = {
  'promise-kept': 'compare the ballot of an accept with the highest ballot promised, and record a promise before it is answered',
  'promise-reports-highest-vote': 'keep the vote of the highest ballot, its ballot together with its value, and report it in every promise; let the adapter answer an accept that is voted for with accepted',
  'vote-has-proposal': 'vote for the value of the accept message, never for one remembered',
  'one-vote-per-ballot': 'a ballot carries one value: a second vote in it must be for the same',
  'restart-remembers': 'write the promise and the vote to disk (fsync) before they are answered, and read both on start',
  'promise-monotone': 'harmless by itself; the textbook answers a prepare below its promise with a refusal',
  'vote-monotone': 'let an accept raise the promise to its own ballot: then no lower accept can overwrite the vote',
  'promise-has-prepare': 'harmless by itself; a promise answers a prepare',
  TypeOK: 'look at how the adapter translates ballots and values: it speaks of some that were never used',
  FreshBallotDecides: VOTE_IN_BALLOT_PROMISED,
  CanChoose: VOTE_IN_BALLOT_PROMISED,
};

/** Sentences, most urgent first. */
export function adviceFor(verdict: Verdict, tested: boolean, rules: readonly string[], properties: readonly string[]): string[] {
  if (!tested) return ['let the adapter answer a prepare with promise or nack, and an accept with accepted or nack'];
  const advice = [...new Set([...rules, ...properties].flatMap((name) => ADVICE[name] ?? []))];
  if (advice.length > 0) return advice;
  if (verdict === 'inconclusive') return ['make the adapter deterministic (fix random seeds and clocks), or raise the limits'];
  return ['run it again with --length 5, or check the logs of whole clusters with "paxcheck check"'];
}
