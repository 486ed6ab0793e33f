/**
 * The way back from a state to the first one. Nothing was stored for it but the level of each state: all states that
 * could come before are made, and one that is in the table, a level lower, and does lead here is as good as any. The
 * smallest is taken, so that the way does not depend on the order of the search.
 */
import type { Among } from './among.js';
import { blockOf } from './blocks.js';
import { successorsOf } from './expand.js';
import type { Place, Space } from './space.js';
import { keyOf, placeAt } from './space.js';
import { isBefore } from './watch.js';

/** The words of the states on a shortest way to a state of this level, the first state excluded. */
export function wayTo(space: Space, among: Among, key: Uint32Array, level: number): Uint32Array[] {
  const way: Uint32Array[] = [];
  for (let state = key; level > 0; level--) {
    way.unshift(state);
    state = predecessor(space, among, state, level - 1);
  }
  return way;
}

function predecessor(space: Space, among: Among, key: Uint32Array, level: number): Uint32Array {
  const before = [...candidates(space, placeAt(space, key))].flatMap((place) => keyOf(space, place) ?? []);
  let smallest: Uint32Array | undefined;
  for (const state of among(before, level)) {
    if (smallest !== undefined && !isBefore(state, 0, smallest)) continue;
    const { sent, rows } = placeAt(space, state);
    if (successorsOf(space, sent, rows).some((next) => keyOf(space, next)?.join() === key.join())) smallest = state;
  }
  if (smallest === undefined) throw new Error(`no state of level ${level} leads to ${key.join()}`);
  return smallest;
}

/** All that could come one step before, and more. */
function* candidates({ inputs, tables, blocks }: Space, { sent, rows }: Place): Generator<Place> {
  for (let bit = 0; bit < inputs.ballots + inputs.proposals.length; bit++) {
    if ((sent >>> bit) & 1) yield { sent: sent & ~(1 << bit), rows };
  }
  const width = inputs.actions.length;
  const available = sent | inputs.spontaneous;
  const block = blockOf(blocks, sent >>> inputs.ballots);
  for (const [acceptor, row] of rows.entries()) {
    const table = tables[acceptor]!;
    const first = blocks.base[blocks.kindOf[acceptor]! * blocks.count + block]!;
    for (let entry = first; entry < first + blocks.size[blocks.kindOf[acceptor]! * blocks.count + block]!; entry++) {
      const before = blocks.row[entry]!;
      if (before === row) continue;
      const leads = inputs.actions.some((_, input) => ((available >>> input) & 1) === 1 && table.next[before * width + input] === row);
      if (leads) yield { sent, rows: rows.map((old, a) => (a === acceptor ? before : old)) };
    }
  }
}
