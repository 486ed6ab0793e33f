/** The rules of a log: many decisions, one in each slot, and a state machine that goes by them in the order of the slots. */
import type { Guard } from './guard.js';
import { distinct } from './learner.js';
import type { Value } from './words.js';

/** A state machine applies only what is chosen in its slot. */
export const appliedIsDecided: Guard<{ readonly value: Value; readonly decided: readonly Value[] }> = {
  'applied-is-decided': {
    formula: 'v is chosen in this slot',
    holds: ({ value, decided }) => decided.includes(value),
    numbers: ({ value, decided }, names) => `${names.value(value)} is applied; decided: ${distinct(decided).map(names.value).join(', ') || 'nothing'}`,
  },
};

/** What an acceptor has dropped it cannot report: nothing may be left to report. */
export const trimmedIsChosen: Guard<{ readonly voted: boolean; readonly chosen: readonly Value[] }> = {
  'trimmed-is-chosen': {
    formula: 'the acceptor voted in no ballot of this slot, or a value is chosen in it',
    holds: ({ voted, chosen }) => !voted || chosen.length > 0,
    numbers: () => 'it voted in this slot, and nothing is chosen in it',
  },
};

/** What a node has applied: the slots below `next`, from wherever it began. */
export interface Applied {
  /** The slot that comes next; undefined before the first. */
  readonly next: number | undefined;
  /** After a restart the state machine may begin anew, from an older state. */
  readonly mayRepeat: boolean;
}

export interface ApplyContext {
  readonly applied: Applied;
  readonly slot: number;
  /** True if every slot from `next` to the one before this may be passed over: for nothing was to be applied there, or applied slots are not all logged. */
  readonly mayPass: boolean;
}

/** A state machine applies each slot once, in order, none left out. */
export const appliedInOrder: Guard<ApplyContext> = {
  'not-again': {
    formula: 'slot >= the one that comes next, or the node has restarted',
    holds: ({ applied, slot }) => applied.next === undefined || applied.mayRepeat || slot >= applied.next,
    numbers: ({ applied, slot }) => `slot ${slot}; next is slot ${applied.next ?? '?'}`,
  },
  'none-left-out': {
    formula: 'slot <= the one that comes next, or what lies between is nothing to apply',
    holds: ({ applied, slot, mayPass }) => applied.next === undefined || slot <= applied.next || mayPass,
    numbers: ({ applied, slot }) => `slot ${slot}; next is slot ${applied.next ?? '?'}`,
  },
};
