/**
 * Consensus (Consensus.tla), the top of three levels: a value is chosen, once, and that is all there is to see.
 * Voting.tla says how votes can do it, Paxos.tla how messages can; `refinement.ts` is the way from level to level.
 */
import type { Guard } from './guard.js';
import { allows } from './guard.js';
import type { Described } from './property.js';
import type { Names, Value } from './words.js';

/** The one variable: the values chosen, ascending, without duplicates. */
export interface Consensus {
  readonly chosen: readonly Value[];
}

export interface ConsensusAction {
  readonly kind: 'choose';
  readonly value: Value;
}

interface ChoiceContext {
  readonly state: Consensus;
  readonly value: Value;
}

export const initialConsensus: Consensus = { chosen: [] };

const showSet = (values: readonly Value[], names: Names): string => `{${values.map(names.value).join(', ')}}`;

/** Next of Consensus.tla: only the empty set of chosen values may change. */
export const mayChoose: Guard<ChoiceContext> = {
  'nothing-chosen-yet': {
    formula: 'chosen = {}',
    holds: ({ state }) => state.chosen.length === 0,
    numbers: ({ state }, names) => `${showSet(state.chosen, names)} = {}`,
  },
};

export const choose = (_state: Consensus, value: Value): Consensus => ({ chosen: [value] });

/** Next of Consensus.tla: every value may become the one that is chosen. */
export const consensusSuccessors = (values: number, state: Consensus): { action: ConsensusAction; next: Consensus }[] =>
  Array.from({ length: values }, (_, value) => value)
    .filter((value) => allows(mayChoose, { state, value }))
    .map((value) => ({ action: { kind: 'choose', value }, next: choose(state, value) }));

export const CONSENSUS_INVARIANTS: readonly (Described & { readonly holds: (state: Consensus) => boolean })[] = [
  {
    name: 'AtMostOneChosen',
    formula: 'Cardinality(chosen) <= 1',
    sentence: 'Never is more than one value chosen.',
    source: 'Consensus.tla, Inv',
    holds: ({ chosen }) => chosen.length <= 1,
  },
];
