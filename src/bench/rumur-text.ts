/** The hand-packed text for rumur: the whole state in one integer, every guard a mask, no loops. */
import type { Bounds } from './yardstick.js';
import { Columns, bits, range } from './bits.js';

const rule = (name: string, guard: string, next: string): string => `rule "${name}" ${guard} ==> begin s := ${next}; end;`;
const routine = (head: string, locals: readonly string[], lines: readonly string[]): string =>
  `function ${head}; var ${locals.map((name) => `${name}: Word;`).join(' ')}\nbegin\n${lines.join('\n')}\nend;`;

/** Rumur takes `w & mask` for a logical "and", and `mask & w` for what it is. */
const matches = (word: string, [mask, wanted]: readonly [number, number]): string => `(${mask} & ${word}) = ${wanted}`;

/**
 * Columns of the acceptors, then a bit for each prepare, then two for the value of each ballot. With symmetry, columns are kept
 * sorted and values numbered by their first use: much faster than rumur's own reduction, and as exact.
 */
class Packed {
  readonly #columns: Columns;

  constructor(bounds: Bounds) {
    this.#columns = new Columns(bounds);
  }

  #preparePlace = (b: number): number => this.#columns.start(this.#columns.acceptors.length) + b;
  #valuePlace = (b: number): number => this.#preparePlace(this.#columns.ballots.length) + 2 * b;
  #valueIn = (b: number): string => `((w >> ${this.#valuePlace(b)}) & 3)`;
  #count = (places: readonly number[]): string => places.map((place) => `((w >> ${place}) & 1)`).join(' + ');

  text(): string {
    const { acceptors, ballots } = this.#columns;
    return [
      // As wide as a machine word: rumur reads that faster than just the bits in use.
      'type Word: 0..9223372036854775806;',
      'var s: Word;',
      ...ballots.map((b) => this.#showsSafe(b)),
      this.#agreement(),
      ...(this.#columns.full ? [...acceptors.map((a) => this.#settle(a)), this.#numberValues()] : []),
      'startstate begin s := 0; end;',
      ...ballots.flatMap((b) => [this.#prepare(b), ...this.#answers(b), ...this.#accepts(b)]),
      'invariant "Agreement" agreement(s);',
      '',
    ].join('\n');
  }

  #prepare(b: number): string {
    const prepared = bits([this.#preparePlace(b)]);
    return rule(`prepare ${b}`, matches('s', [prepared, 0]), `s + ${prepared}`);
  }

  #answers(b: number): string[] {
    const { acceptors, promise, vote, upFrom } = this.#columns;
    const prepared = bits([this.#preparePlace(b)]);
    const value = bits([this.#valuePlace(b), this.#valuePlace(b) + 1]);
    const grown = (a: number, place: number): string => (this.#columns.full ? `settle${a}(s + ${bits([place])})` : `s + ${bits([place])}`);
    return acceptors.flatMap((a) => [
      rule(`promise ${a} ${b}`, matches('s', [upFrom(a, promise(a, b)) + prepared, prepared]), grown(a, promise(a, b))),
      rule(`vote ${a} ${b}`, `(${value} & s) != 0 & ${matches('s', [upFrom(a, vote(a, b)), 0])}`, grown(a, vote(a, b))),
    ]);
  }

  #accepts(b: number): string[] {
    const place = this.#valuePlace(b);
    const prepared = bits([this.#preparePlace(b)]);
    const isOpen = matches('s', [bits([place, place + 1]) + prepared, prepared]);
    const next = (v: number): string => (this.#columns.full ? `numberValues(s + ${v * 2 ** place})` : `s + ${v * 2 ** place}`);
    return this.#columns.values.map((v) => rule(`accept ${b} ${v}`, `${isOpen} & showsSafe${b}(s, ${v})`, next(v)));
  }

  /** A quorum promised in b, and it reports either no vote, or its highest for v. */
  #showsSafe(b: number): string {
    const { acceptors, majority, promise, reports, reportsNoneFrom } = this.#columns;
    const noneFrom = (lowest: number): string[] => acceptors.map((a) => `if ${matches('w', reportsNoneFrom(a, b, lowest))} then n := n + 1; end;`);
    const highestIn = (c: number): string[] => [
      `if ${this.#valueIn(c)} = v then n := 0; hit := 0;`,
      ...noneFrom(c + 1),
      ...acceptors.map((a) => `if ${matches('w', reports(a, b, c))} then hit := 1; end;`),
      `if n >= ${majority} & hit = 1 then return true; end; end;`,
    ];
    return routine(`showsSafe${b}(w: Word; v: Word): boolean`, ['n', 'hit'], [
      `if ${this.#count(acceptors.map((a) => promise(a, b)))} < ${majority} then return false; end;`,
      'n := 0;',
      ...noneFrom(0),
      `if n >= ${majority} then return true; end;`,
      ...range(0, b).flatMap(highestIn),
      'return false;',
    ]);
  }

  #agreement(): string {
    const { acceptors, ballots, majority, vote } = this.#columns;
    const isChosen = (b: number): string => `${this.#count(acceptors.map((a) => vote(a, b)))} >= ${majority}`;
    const lines = ballots.map((b) => `if ${isChosen(b)} then if chosen = 0 then chosen := ${this.#valueIn(b)}; elsif chosen != ${this.#valueIn(b)} then return false; end; end;`);
    return routine('agreement(w: Word): boolean', ['chosen'], ['chosen := 0;', ...lines, 'return true;']);
  }

  /** Only the column of a grew: one pass to the right restores the order. */
  #settle(a: number): string {
    const { acceptors, start, width } = this.#columns;
    const column = (at: number): string => `(w >> ${start(at)}) & ${2 ** width - 1}`;
    const step = (at: number): string => `x := ${column(at)}; y := ${column(at + 1)}; if x <= y then return w; end; w := w + ((x - y) << ${start(at + 1)}) - ((x - y) << ${start(at)});`;
    return routine(`settle${a}(grown: Word): Word`, ['w', 'x', 'y'], ['w := grown;', ...range(a, acceptors.length - 1).map(step), 'return w;']);
  }

  #numberValues(): string {
    const { ballots, values } = this.#columns;
    const numbered = (b: number): string => {
      const cases = values.map((v) => `x = ${v} then if number${v} = 0 then number${v} := next; next := next + 1; end; w := w + (number${v} << ${this.#valuePlace(b)});`);
      return `x := ${this.#valueIn(b)}; w := w - (x << ${this.#valuePlace(b)}); if ${cases.join(' elsif ')} end;`;
    };
    const start = values.map((v) => `number${v} := 0;`).join(' ');
    return routine('numberValues(grown: Word): Word', ['w', 'x', 'next', ...values.map((v) => `number${v}`)], [`w := grown; next := 1; ${start}`, ...ballots.map(numbered), 'return w;']);
  }
}

export const packedText = (bounds: Bounds): string => new Packed(bounds).text();
