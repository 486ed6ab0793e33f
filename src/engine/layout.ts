/**
 * How a cluster is packed into 32-bit words: one bit that is always set, so that no state is zero; what the leaders
 * sent; then a row number per acceptor. No field crosses a word.
 */

export interface Field {
  readonly word: number;
  readonly shift: number;
  readonly mask: number;
}

export interface Layout {
  readonly words: number;
  readonly sent: Field;
  readonly rows: readonly Field[];
}

/** `sentBits` is at most 31. */
export function layoutOf(sentBits: number, rowCounts: readonly number[]): Layout {
  const fields: Field[] = [];
  let [word, used] = [0, 1];
  for (const bits of [sentBits, ...rowCounts.map((count) => Math.max(1, 32 - Math.clz32(count - 1)))]) {
    if (used + bits > 32) [word, used] = [word + 1, 0];
    fields.push({ word, shift: used, mask: 2 ** bits - 1 });
    used += bits;
  }
  return { words: word + 1, sent: fields[0]!, rows: fields.slice(1) };
}

/** Writes the words of the state from `at` on. */
export function pack(layout: Layout, sent: number, rows: Int32Array, into: Uint32Array, at = 0): void {
  for (let word = 1; word < layout.words; word++) into[at + word] = 0;
  into[at] = 1 | (sent << 1);
  for (let a = 0; a < rows.length; a++) {
    const { word, shift } = layout.rows[a]!;
    into[at + word]! |= rows[a]! << shift;
  }
}

/** Reads the rows from the words at `at`; returns what was sent. */
export function unpack(layout: Layout, from: Uint32Array, at: number, rows: Int32Array): number {
  for (let a = 0; a < rows.length; a++) {
    const { word, shift, mask } = layout.rows[a]!;
    rows[a] = (from[at + word]! >>> shift) & mask;
  }
  return (from[at]! >>> 1) & layout.sent.mask;
}
