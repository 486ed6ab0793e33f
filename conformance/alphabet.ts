/** What a driven acceptor can be given, within bounds; and which sequences of it a correct cluster could give it. */
import type { Ballot, Request, Value } from '../src/index.js';

/** A delivery; a crash and restart; or the end of the writes under way, where that is a step of its own. */
export type Input = Request | { readonly kind: 'restart' } | { readonly kind: 'persist' };

/** A sequence of inputs, as indexes into the alphabet. */
export type Word = readonly number[];

/**
 * Which value each ballot carries so far, as one number. A leader proposes one value in a ballot: an acceptor that is
 * sent two may vote for both and be correct, so no sequence does that.
 */
export type Carried = number;

export const NOTHING_CARRIED: Carried = 0;

export interface AlphabetOptions {
  readonly ballots: number;
  readonly values: number;
  readonly restart: boolean;
  readonly persist: boolean;
}

export class Alphabet {
  readonly inputs: readonly Input[];
  readonly ballots: number;
  readonly values: number;

  constructor(readonly options: AlphabetOptions) {
    const { ballots, values } = options;
    [this.ballots, this.values] = [ballots, values];
    const ranks = Array.from({ length: ballots }, (_, index) => index + 1);
    this.inputs = [
      ...ranks.map((ballot): Input => ({ kind: 'prepare', ballot })),
      ...ranks.flatMap((ballot) => Array.from({ length: values }, (_, value): Input => ({ kind: 'accept', ballot, value }))),
      ...(options.restart ? [{ kind: 'restart' } as const] : []),
      ...(options.persist ? [{ kind: 'persist' } as const] : []),
    ];
  }

  input(index: number): Input {
    return this.inputs[index]!;
  }

  prepare(ballot: Ballot): number {
    return ballot - 1;
  }

  accept(ballot: Ballot, value: Value): number {
    return this.ballots + (ballot - 1) * this.values + value;
  }

  /** The index of restart or persist; -1 if it is not offered. */
  own(kind: 'restart' | 'persist'): number {
    return this.inputs.findIndex((input) => input.kind === kind);
  }

  isRestart(index: number): boolean {
    return this.input(index).kind === 'restart';
  }

  /** What is carried after this input; null if its ballot carries another value already. */
  carry(carried: Carried, index: number): Carried | null {
    const input = this.input(index);
    if (input.kind !== 'accept') return carried;
    const unit = (this.values + 1) ** (input.ballot - 1);
    const digit = Math.floor(carried / unit) % (this.values + 1);
    if (digit === 0) return carried + (input.value + 1) * unit;
    return digit === input.value + 1 ? carried : null;
  }

  carriedBy(word: Word): Carried | null {
    return word.reduce<Carried | null>((carried, index) => (carried === null ? null : this.carry(carried, index)), NOTHING_CARRIED);
  }

  word(...inputs: readonly Input[]): Word {
    return inputs.map((input) => this.inputs.findIndex((known) => JSON.stringify(known) === JSON.stringify(input)));
  }
}
