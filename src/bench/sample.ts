/** States as the inner loops meet them: from random runs, each to its end. */
import { blockOf, placeOf } from '../engine/blocks.js';
import { successorsOf } from '../engine/expand.js';
import type { Place, Space } from '../engine/space.js';
import { keyOf, placeAt } from '../engine/space.js';
import { Lots } from './lots.js';

/** So many successors of states in canonical form, themselves not yet in it. */
export function successorSample(space: Space, count: number): Place[] {
  const lots = new Lots(2);
  const sample: Place[] = [];
  let place = space.start;
  while (sample.length < count) {
    const successors = successorsOf(space, place.sent, place.rows);
    if (successors.length === 0) {
      place = space.start;
      continue;
    }
    const { sent, rows } = successors[lots.below(successors.length)]!;
    sample.push({ sent, rows });
    place = placeAt(space, keyOf(space, { sent, rows })!);
  }
  return sample;
}

/** The entries (see engine/blocks.ts) of the state's canonical form. */
export function entriesOf(space: Space, place: Place): { readonly sent: number; readonly entries: Int32Array } {
  const { blocks, inputs } = space;
  const { sent, rows } = placeAt(space, keyOf(space, place)!);
  const block = blockOf(blocks, sent >>> inputs.ballots);
  return { sent, entries: rows.map((row, a) => blocks.base[blocks.kindOf[a]! * blocks.count + block]! + placeOf(blocks, a, block, row)) };
}
