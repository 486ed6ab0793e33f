/**
 * A memory of late successors. More than half of all successors were made a moment ago by a neighbour: to find them here
 * costs a look into the fastest cache, in the table it would cost a miss. It may forget; it never invents.
 */

const BITS = 12;

export class Recent {
  private readonly states: Uint32Array;

  constructor(private readonly words: number) {
    this.states = new Uint32Array(words << BITS);
  }

  /** True if the state at `at` is remembered; from now on it is. Word 0 of a state is never zero. */
  has(keys: Uint32Array, at: number): boolean {
    const { states, words } = this;
    const [first, second] = [keys[at]!, keys[at + 1]!];
    const slot = (Math.imul(first ^ Math.imul(second, 0x9e3779b1), 0x85ebca6b) >>> (32 - BITS)) * words;
    if (words === 2) {
      if (states[slot] === first && states[slot + 1] === second) return true;
      states[slot] = first;
      states[slot + 1] = second;
      return false;
    }
    let same = true;
    for (let word = 0; word < words; word++) {
      same &&= states[slot + word] === keys[at + word];
      states[slot + word] = keys[at + word]!;
    }
    return same;
  }
}
