/** Random words, the same in every run: results of different versions are of the same data. */

export class Lots {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** 32 bits (mulberry32). */
  word(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  /** From 0 to `count`, without `count`. */
  below(count: number): number {
    return Math.floor((this.word() / 2 ** 32) * count);
  }
}
