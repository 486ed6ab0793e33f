/**
 * Whether an input puts a rule to the test: some answer that one could give to it would break the rule. An acceptor
 * that was never tempted has not kept a rule; it is "not tested".
 */
import type { Reply, Vote } from '../src/index.js';
import type { Alphabet, Input } from './alphabet.js';
import type { Context } from './judge.js';
import { brokenBy, sent } from './judge.js';

const ballotsOf = ({ ballots }: Alphabet): number[] => Array.from({ length: ballots }, (_, index) => index + 1);
const valuesOf = ({ values }: Alphabet): number[] => Array.from({ length: values }, (_, value) => value);

/** The answers other than a refusal that this input could conceivably get. */
export function conceivable(alphabet: Alphabet, input: Input): Reply[] {
  if (input.kind === 'accept') return valuesOf(alphabet).map((value) => ({ kind: 'accepted', ballot: input.ballot, value }));
  if (input.kind !== 'prepare') return [];
  const votes: (Vote | null)[] = [null, ...ballotsOf(alphabet).flatMap((ballot) => valuesOf(alphabet).map((value) => ({ ballot, value })))];
  return votes.map((vote) => ({ kind: 'promise', ballot: input.ballot, vote }));
}

/** The ids of the rules that the input tempts to break. */
export function tempted(alphabet: Alphabet, before: Context, input: Input): Set<string> {
  const context = sent(before, input);
  return new Set(conceivable(alphabet, input).flatMap((reply) => brokenBy(context, reply).map((broken) => broken.rule)));
}

/** The answers that no rule forbids here, a refusal aside. */
export function permitted(alphabet: Alphabet, before: Context, input: Input): Reply[] {
  const context = sent(before, input);
  return conceivable(alphabet, input).filter((reply) => brokenBy(context, reply).length === 0);
}
