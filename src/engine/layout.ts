/**
 * How a cluster is packed into 32-bit words: one bit that is always set, so that no state is zero; what the leaders
 * sent; then a row number per acceptor. No field crosses a word.
 */

export interface Layout {
  readonly words: number;
  readonly sentMask: number;
  /** For each acceptor the word that holds its row, and where in it. */
  readonly word: Int32Array;
  readonly shift: Int32Array;
  readonly mask: Int32Array;
}

/** `sentBits` is at most 31. */
export function layoutOf(sentBits: number, rowCounts: readonly number[]): Layout {
  const layout = { word: new Int32Array(rowCounts.length), shift: new Int32Array(rowCounts.length), mask: new Int32Array(rowCounts.length) };
  let [word, used] = [0, 1 + sentBits];
  rowCounts.forEach((count, acceptor) => {
    const bits = Math.max(1, 32 - Math.clz32(count - 1));
    if (used + bits > 32) [word, used] = [word + 1, 0];
    layout.word[acceptor] = word;
    layout.shift[acceptor] = used;
    layout.mask[acceptor] = 2 ** bits - 1;
    used += bits;
  });
  return { ...layout, words: word + 1, sentMask: 2 ** sentBits - 1 };
}

/** Writes the words of the state from `at` on. */
export function pack(layout: Layout, sent: number, rows: Int32Array, into: Uint32Array, at = 0): void {
  const { word, shift, words } = layout;
  into[at] = 1 | (sent << 1);
  for (let next = 1; next < words; next++) into[at + next] = 0;
  for (let a = 0; a < rows.length; a++) into[at + word[a]!]! |= rows[a]! << shift[a]!;
}

/** Reads the rows from the words at `at`; returns what was sent. */
export function unpack(layout: Layout, from: Uint32Array, at: number, rows: Int32Array): number {
  const { word, shift, mask } = layout;
  for (let a = 0; a < rows.length; a++) rows[a] = (from[at + word[a]!]! >>> shift[a]!) & mask[a]!;
  return (from[at]! >>> 1) & layout.sentMask;
}
