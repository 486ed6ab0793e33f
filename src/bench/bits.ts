/** Numbers as sets of bits, for texts that keep many flags in one integer. Exact up to 53 bits. */
import type { Bounds } from './yardstick.js';

/** From `first` to `end`, without `end`. */
export const range = (first: number, end: number): number[] => Array.from({ length: Math.max(0, end - first) }, (_, index) => first + index);

/** The number with these bits; no place twice. */
export const bits = (places: readonly number[]): number => places.reduce((sum, place) => sum + 2 ** place, 0);

/** Where the flags of a cluster lie: a column of 2B bits for each acceptor, in it a promise and a vote for each ballot. */
export class Columns {
  readonly width: number;
  readonly acceptors: readonly number[];
  readonly ballots: readonly number[];
  readonly values: readonly number[];
  readonly majority: number;
  /** Columns are sorted and values numbered by their first use. */
  readonly full: boolean;

  /** Everything counts from 0 but values: 0 stands for none. */
  constructor({ acceptors, ballots, values, symmetry }: Bounds) {
    this.full = symmetry === 'full';
    this.width = 2 * ballots;
    this.acceptors = range(0, acceptors);
    this.ballots = range(0, ballots);
    this.values = range(1, values + 1);
    this.majority = Math.floor(acceptors / 2) + 1;
  }

  start = (a: number): number => a * this.width;
  promise = (a: number, b: number): number => this.start(a) + 2 * b;
  vote = (a: number, b: number): number => this.promise(a, b) + 1;
  /** The column of `a` from this place up. */
  upFrom = (a: number, place: number): number => bits(range(place, this.start(a + 1)));

  /** Mask and bits of "a promised in b and reports no vote in `lowest` or above". */
  reportsNoneFrom = (a: number, b: number, lowest: number): readonly [mask: number, bits: number] => {
    const promise = bits([this.promise(a, b)]);
    return [promise + bits(range(lowest, b).map((c) => this.vote(a, c))), promise];
  };

  /** Mask and bits of "a promised in b and reports its vote in c". */
  reports = (a: number, b: number, c: number): readonly [mask: number, bits: number] => {
    const [mask, promise] = this.reportsNoneFrom(a, b, c + 1);
    const vote = bits([this.vote(a, c)]);
    return [mask + vote, promise + vote];
  };
}
