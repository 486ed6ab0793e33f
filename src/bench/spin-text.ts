/** The hand-packed text for spin: the state in two integers, every guard a mask. */
import type { Bounds } from './yardstick.js';
import { Columns, bits, range } from './bits.js';
import { ToolError } from './tools.js';

const sum = (terms: readonly string[]): string => terms.map((term) => `(${term})`).join(' + ');

/**
 * `said`: a column for each acceptor. `asked`: a bit for each prepare, then two for the value of each ballot.
 * With symmetry, columns are kept sorted and values numbered by their first use.
 */
class Packed {
  readonly #columns: Columns;

  constructor(bounds: Bounds) {
    this.#columns = new Columns(bounds);
    if (this.#columns.start(bounds.acceptors) > 31) throw new ToolError('these bounds do not fit into the text for spin: too many acceptors and ballots');
  }

  #valuePlace = (b: number): number => this.#columns.ballots.length + 2 * b;
  #valueIn = (b: number): string => `((asked >> ${this.#valuePlace(b)}) & 3)`;
  #isMajority = (count: string): string => `(${count} >= ${this.#columns.majority})`;
  #says = ([mask, wanted]: readonly [number, number]): string => `(said & ${mask}) == ${wanted}`;

  text(): string {
    const options = this.#columns.ballots.flatMap((b) => [this.#prepare(b), ...this.#answers(b), ...this.#accepts(b)]);
    const lines = options.map((option) => `  :: d_step { ${option} }`);
    return ['int said, asked;', ...(this.#columns.full ? [this.#canonicalForm()] : []), 'active proctype cluster() {', 'end: do', ...lines, '  od', '}', ''].join('\n');
  }

  #prepare = (b: number): string => `!(asked & ${bits([b])}) -> asked = asked | ${bits([b])}`;

  #answers(b: number): string[] {
    const { acceptors, promise, vote, upFrom } = this.#columns;
    const value = bits([this.#valuePlace(b), this.#valuePlace(b) + 1]);
    const settle = (a: number): string => (this.#columns.full ? `; c_code { settle(${a}); }` : '');
    return acceptors.flatMap((a) => [
      `(asked & ${bits([b])}) && !(said & ${upFrom(a, promise(a, b))}) -> said = said | ${bits([promise(a, b)])}${settle(a)}`,
      `(asked & ${value}) && !(said & ${upFrom(a, vote(a, b))}) -> said = said | ${bits([vote(a, b)])}${settle(a)}; assert(${this.#agreesWith(b)})`,
    ]);
  }

  #accepts(b: number): string[] {
    const place = this.#valuePlace(b);
    const rename = this.#columns.full ? '; c_code { numberValues(); }' : '';
    return this.#columns.values.map((v) => `(asked & ${bits([b, place, place + 1])}) == ${bits([b])} && ${this.#showsSafe(b, v)} -> asked = asked | ${v * 2 ** place}${rename}`);
  }

  /** A quorum promised in b, and it reports either no vote, or its highest for v. */
  #showsSafe(b: number, v: number): string {
    const { acceptors, promise, reports, reportsNoneFrom } = this.#columns;
    const quorum = this.#isMajority(sum(acceptors.map((a) => `(said & ${bits([promise(a, b)])}) != 0`)));
    const noneFrom = (lowest: number): string => this.#isMajority(sum(acceptors.map((a) => this.#says(reportsNoneFrom(a, b, lowest)))));
    const highestIn = (c: number): string => `(${this.#valueIn(c)} == ${v} && ${noneFrom(c + 1)} && (${acceptors.map((a) => this.#says(reports(a, b, c))).join(' || ')}))`;
    return `${quorum} && (${[noneFrom(0), ...range(0, b).map(highestIn)].join(' || ')})`;
  }

  /** Asserted after each vote in b: no other step can break agreement. */
  #agreesWith(b: number): string {
    const { acceptors, ballots, vote } = this.#columns;
    const chosenIn = (c: number): string => this.#isMajority(sum(acceptors.map((a) => `(said & ${bits([vote(a, c)])}) != 0`)));
    const others = ballots.filter((c) => c !== b).map((c) => `(${this.#valueIn(b)} == ${this.#valueIn(c)} || !${chosenIn(c)})`);
    return others.length === 0 ? 'true' : `!${chosenIn(b)} || (${others.join(' && ')})`;
  }

  /** In C, so that no auxiliary variable becomes part of the state. Only one column grew: one pass restores the order. */
  #canonicalForm(): string {
    const { acceptors, ballots, width } = this.#columns;
    return `c_code {
static void settle(int a) {
  for (; a < ${acceptors.length - 1}; a++) {
    int place = a * ${width}, x = now.said >> place & ${2 ** width - 1}, y = now.said >> (place + ${width}) & ${2 ** width - 1};
    if (x <= y) return;
    now.said ^= (x ^ y) << place ^ (x ^ y) << (place + ${width});
  }
}
static void numberValues(void) {
  int number[4] = {0}, next = 1, b;
  for (b = 0; b < ${ballots.length}; b++) {
    int place = ${ballots.length} + 2 * b, value = now.asked >> place & 3;
    if (value && !number[value]) number[value] = next++;
    now.asked ^= (value ^ number[value]) << place;
  }
}
};`;
  }
}

export const packedText = (bounds: Bounds): string => new Packed(bounds).text();
