/** The numbering of what can reach an acceptor. Bit i of the word "what was sent" is input i, so one mask finds all deliveries. */
import type { Action, Synod } from '../../model/synod.js';
import type { Vote } from '../../model/words.js';
import { LimitError } from './limit-error.js';

export interface Inputs {
  readonly ballots: number;
  readonly values: number;
  /** prepare(1..B), then accept(b, v) ballot by ballot, then crash, then act. As actions of acceptor 0. */
  readonly actions: readonly Action[];
  /** accept(b, v) in the order of their bits: bit (b - 1) * V + v. */
  readonly proposals: readonly Vote[];
  /** The prepares, as bits of "what was sent". */
  readonly prepares: number;
  /** The inputs that need no message: crash and act. */
  readonly spontaneous: number;
  /** The sets of inputs, as masks, that one run can contain, if these proposals were made before it. */
  readonly environments: (protocol: Synod, proposed: readonly Vote[]) => number[];
}

export function inputsOf({ ballots, values, machines }: Synod): Inputs {
  const all = Array.from({ length: ballots }, (_, index) => index + 1);
  const proposals = all.flatMap((ballot) => Array.from({ length: values }, (_, value) => ({ ballot, value })));
  const acts = machines.some((machine) => machine.act);
  if (ballots + proposals.length + 2 > 31) {
    throw new LimitError('BOUNDS_TOO_LARGE', `${ballots} ballots and ${values} values need ${ballots + proposals.length} kinds of message; at most 29 fit`, 'use fewer ballots or values');
  }
  const promises = all.map((ballot): Action => ({ kind: 'promise', acceptor: 0, ballot }));
  const accepts = proposals.map((proposal): Action => ({ kind: 'vote', acceptor: 0, ...proposal }));
  const own: Action[] = [{ kind: 'crash', acceptor: 0 }, ...(acts ? [{ kind: 'act', acceptor: 0 } as const] : [])];
  const first = ballots + proposals.length;
  return {
    ballots,
    values,
    actions: [...promises, ...accepts, ...own],
    proposals,
    prepares: (1 << ballots) - 1,
    spontaneous: own.reduce((mask, _, index) => mask | (1 << (first + index)), 0),
    environments: (protocol, proposed) => {
      const all = 2 ** (first + own.length) - 1;
      if (!keepsToOneValue(protocol, proposed)) return [all];
      const others = all & ~(((1 << proposals.length) - 1) << ballots);
      return assignments(ballots, values).map((choice) => choice.reduce((mask, value, index) => mask | (1 << (ballots + index * values + value)), others));
    },
  };
}

/** No ballot has or gets a second value, if these proposals were made before the run. */
export const keepsToOneValue = ({ leader }: Synod, proposed: readonly Vote[]): boolean =>
  'one-value-per-ballot' in leader.mayAccept && new Set(proposed.map(({ ballot }) => ballot)).size === proposed.length;

/** The number of the lowest bit of a mask of inputs; the mask is not zero. */
export const lowestBit = (mask: number): number => 31 - Math.clz32(mask & -mask);

/** How many bits of the mask are set. */
export function bitsIn(mask: number): number {
  let bits = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) bits++;
  return bits;
}

/** These proposals, as bits, have at most one value in each ballot. */
export function oneValuePerBallot(proposals: number, { ballots, values }: Inputs): boolean {
  for (let ballot = 0; ballot < ballots; ballot++) {
    const mask = (proposals >>> (ballot * values)) & ((1 << values) - 1);
    if ((mask & (mask - 1)) !== 0) return false;
  }
  return true;
}

/** All ways to give each ballot one value. */
function assignments(ballots: number, values: number): number[][] {
  return Array.from({ length: ballots }).reduce<number[][]>(
    (choices) => choices.flatMap((choice) => Array.from({ length: values }, (_, value) => [...choice, value])),
    [[]],
  );
}
