/**
 * How a cluster is packed into 32-bit words: one bit that is always set, what the leaders sent, then a place per acceptor (see blocks.ts). No field crosses a word. The last eight bits of the last word stay
 * free: the table of states keeps there a tag, how far a state is from the first one.
 */

export interface Layout {
  /** At least two. */
  readonly words: number;
  readonly sentMask: number;
  /** For each acceptor the word that holds its place, and where in it. */
  readonly word: Int32Array;
  readonly shift: Int32Array;
  readonly mask: Int32Array;
}

export const LEVEL_BITS = 8;
export const MAX_TAG = 2 ** LEVEL_BITS - 1;
export const LEVEL_SHIFT = 32 - LEVEL_BITS;
/** Of the last word: what belongs to the state. */
export const STATE_MASK = 2 ** LEVEL_SHIFT - 1;

/** `sentBits` is at most 31. */
export function layoutOf(sentBits: number, counts: readonly number[]): Layout {
  const layout = { word: new Int32Array(counts.length), shift: new Int32Array(counts.length), mask: new Int32Array(counts.length) };
  let [word, used] = [0, 1 + sentBits];
  counts.forEach((count, acceptor) => {
    const bits = Math.max(1, 32 - Math.clz32(count - 1));
    if (used + bits > 32) [word, used] = [word + 1, 0];
    layout.word[acceptor] = word;
    layout.shift[acceptor] = used;
    layout.mask[acceptor] = 2 ** bits - 1;
    used += bits;
  });
  if (used > LEVEL_SHIFT) word++;
  return { ...layout, words: Math.max(2, word + 1), sentMask: 2 ** sentBits - 1 };
}

/** Writes the words of the state from `at` on. */
export function pack(layout: Layout, sent: number, places: Int32Array, into: Uint32Array, at = 0): void {
  const { word, shift, words } = layout;
  into[at] = 1 | (sent << 1);
  for (let next = 1; next < words; next++) into[at + next] = 0;
  for (let a = 0; a < places.length; a++) into[at + word[a]!]! |= places[a]! << shift[a]!;
}

/** Reads the places from the words at `at`; returns what was sent. */
export function unpack(layout: Layout, from: Uint32Array, at: number, places: Int32Array): number {
  const { word, shift, mask } = layout;
  for (let a = 0; a < places.length; a++) places[a] = (from[at + word[a]!]! >>> shift[a]!) & mask[a]!;
  return (from[at]! >>> 1) & layout.sentMask;
}
