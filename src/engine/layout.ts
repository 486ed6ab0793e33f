/** How a cluster is packed into 32-bit words: first what the leaders sent, then a row number per acceptor; no field crosses a word. */

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

export function layoutOf(sentBits: number, rowCounts: readonly number[]): Layout {
  const fields: Field[] = [];
  let [word, used] = [0, 0];
  for (const bits of [sentBits, ...rowCounts.map((count) => Math.max(1, 32 - Math.clz32(count - 1)))]) {
    if (used + bits > 32) [word, used] = [word + 1, 0];
    fields.push({ word, shift: used, mask: 2 ** bits - 1 });
    used += bits;
  }
  return { words: word + 1, sent: fields[0]!, rows: fields.slice(1) };
}

/** Writes sent and rows to `into`, from `at` on. */
export function pack(layout: Layout, sent: number, rows: Int32Array, into: Uint32Array): void {
  into.fill(0, 0, layout.words);
  into[0] = sent;
  for (let a = 0; a < rows.length; a++) {
    const field = layout.rows[a]!;
    into[field.word]! |= rows[a]! << field.shift;
  }
}

/** Reads the rows from the words at `at`; returns what was sent. */
export function unpack(layout: Layout, from: Uint32Array, at: number, rows: Int32Array): number {
  for (let a = 0; a < rows.length; a++) {
    const field = layout.rows[a]!;
    rows[a] = (from[at + field.word]! >>> field.shift) & field.mask;
  }
  return from[at]! & layout.sent.mask;
}
