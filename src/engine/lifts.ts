/**
 * What becomes of the places when a leader proposes: another block, and perhaps other names of the values. Made when
 * first asked for; `Canonical` and `placeOf` say what is right, and `search.test.ts` holds the search against the toy.
 */
import type { Blocks } from './blocks.js';
import { blockOf, placeOf, rowEntries } from './blocks.js';
import type { Inputs } from './inputs.js';
import type { Canonical } from './symmetry.js';

/** After the proposal: what was proposed, in canonical form, and for each entry of the old block the place in the new one. */
export interface Lift {
  readonly image: number;
  /** For each acceptor: old place -> new place; -1 where no state leads. */
  readonly places: readonly Int32Array[];
}

export class Lifts {
  private readonly known = new Map<number, Lift | null>();

  constructor(private readonly blocks: Blocks, private readonly inputs: Inputs, private readonly canonical: Canonical) {}

  /** The lift from these proposals by one more bit; null where it depends on the whole state. */
  of(proposals: number, bit: number): Lift | null {
    const key = proposals * 32 + bit;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const lift = this.make(proposals, proposals | (1 << bit));
    this.known.set(key, lift);
    return lift;
  }

  private make(before: number, after: number): Lift | null {
    const { blocks, canonical } = this;
    const renaming = canonical.onlyRenaming(after);
    if (renaming === null) return null;
    const [from, to] = [blockOf(blocks, before), blockOf(blocks, renaming.image)];
    const byKind = new Map<number, Int32Array>();
    const places = Array.from(blocks.kindOf, (kind, acceptor) => {
      if (!byKind.has(kind)) byKind.set(kind, this.placesFor(acceptor, from, to, renaming.rowMaps[acceptor]!));
      return byKind.get(kind)!;
    });
    return { image: renaming.image, places };
  }

  private placesFor(acceptor: number, from: number, to: number, rowMap: Int32Array): Int32Array {
    const { first, end } = rowEntries(this.blocks, acceptor, from);
    return this.blocks.row.slice(first, end).map((row) => placeOf(this.blocks, acceptor, to, rowMap[row]!));
  }
}
