/**
 * The way back from a state to the first one. Nothing was stored for it but the level of each state: all states that
 * could come before are made, and one that is in the table, a level lower, and does lead here is as good as any. The
 * smallest is taken, so that the way does not depend on the order of the search.
 */
import type { Among } from './among.js';
import { blockOf, placeOf, rowEntries } from './blocks.js';
import { successorsOf } from './expand.js';
import type { Place, Space } from './space.js';
import { keyOf, placeAt } from './space.js';
import { isAfter } from './watch.js';

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
    if (smallest !== undefined && !isAfter(smallest, 0, state)) continue;
    const { sent, rows } = placeAt(space, state);
    if (successorsOf(space, sent, rows).some((next) => keyOf(space, next)?.join() === key.join())) smallest = state;
  }
  if (smallest === undefined) throw new Error(`no state of level ${level} leads to ${key.join()}`);
  return smallest;
}

/** All that could come one step before, and more. */
function* candidates(space: Space, { sent, rows }: Place): Generator<Place> {
  const { inputs, tables, blocks } = space;
  for (let bit = 0; bit < inputs.ballots + inputs.proposals.length; bit++) {
    if ((sent >>> bit) & 1) for (const unmerged of mergedInto(space, sent, rows, sent & ~(1 << bit))) yield { sent: sent & ~(1 << bit), rows: unmerged };
  }
  const width = inputs.actions.length;
  const available = sent | inputs.spontaneous;
  const block = blockOf(blocks, sent >>> inputs.ballots);
  for (const [acceptor, row] of rows.entries()) {
    const place = placeOf(blocks, acceptor, block, row);
    const table = tables[acceptor]!;
    const { first, end } = rowEntries(blocks, acceptor, block);
    for (let entry = first; entry < end; entry++) {
      const before = blocks.row[entry]!;
      if (before === row) continue;
      const leads = inputs.actions.some((_, input) => ((available >>> input) & 1) === 1 && placeOf(blocks, acceptor, block, table.next[before * width + input]!) === place);
      if (leads) yield { sent, rows: rows.map((old, a) => (a === acceptor ? before : old)) };
    }
  }
}

/** Rows that these stand for, of those that differ before the last proposal one of each kind: in every combination. */
function mergedInto({ blocks, inputs, canonical }: Space, sent: number, rows: Int32Array, before: number): Int32Array[] {
  const renaming = canonical.onlyRenaming(before >>> inputs.ballots);
  if (blocks.merged === null || renaming === null) return [rows];
  const [block, earlier] = [blockOf(blocks, sent >>> inputs.ballots), blockOf(blocks, renaming.image)];
  const choices = Array.from(rows, (row, a) => {
    const alike = blocks.merged![blocks.kindOf[a]! * blocks.count + block]!;
    const kinds = new Map<number, number>();
    alike.forEach((other, member) => other === row && kinds.set(placeOf(blocks, a, earlier, renaming.rowMaps[a]![member]!), member));
    kinds.delete(-1);
    return [...kinds.values()];
  });
  return choices.reduce<number[][]>((some, members) => some.flatMap((chosen) => members.map((member) => [...chosen, member])), [[]]).map((chosen) => Int32Array.from(chosen));
}
