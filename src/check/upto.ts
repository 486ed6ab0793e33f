/** Votes for all that a ballot proposed up to some slot: which slots are meant, that were not before. */
import type { Ballot } from '../../model/words.js';

/** Consecutive slots, both ends included. */
interface Stretch {
  first: number;
  last: number;
}

interface Proposals {
  /** In the order in which they were proposed; neighbours are joined. */
  readonly stretches: Stretch[];
  /** Each stretch is beyond the one before: so it is unless slots were proposed in another order than theirs. */
  isAscending: boolean;
  /** For each acceptor, up to where it voted. */
  readonly voted: Map<string, number>;
  /** For each acceptor, slots proposed afterwards that are not beyond that. */
  readonly late: Map<string, number[]>;
}

export class Upto {
  private readonly byBallot = new Map<Ballot, Proposals>();

  /** The ballot proposed a value in this slot. */
  propose(ballot: Ballot, slot: number): void {
    let known = this.byBallot.get(ballot);
    if (known === undefined) this.byBallot.set(ballot, (known = { stretches: [], isAscending: true, voted: new Map(), late: new Map() }));
    const last = known.stretches.at(-1);
    if (last !== undefined && slot >= last.first && slot <= last.last + 1) last.last = Math.max(last.last, slot);
    else {
      if (last !== undefined && slot < last.first) known.isAscending = false;
      known.stretches.push({ first: slot, last: slot });
    }
    for (const [acceptor, voted] of known.voted) if (slot <= voted) known.late.set(acceptor, [...(known.late.get(acceptor) ?? []), slot]);
  }

  /** True if the ballot has proposed something in this slot, or in a later one. */
  reaches(ballot: Ballot, slot: number): boolean {
    return this.byBallot.get(ballot)?.stretches.some(({ last }) => last >= slot) ?? false;
  }

  /** The slots that the acceptor votes in by voting up to this one. */
  *vote(acceptor: string, ballot: Ballot, upto: number): Generator<number> {
    const known = this.byBallot.get(ballot);
    if (known === undefined) return;
    const before = known.voted.get(acceptor) ?? -1;
    const late = known.late.get(acceptor) ?? [];
    known.voted.set(acceptor, Math.max(before, upto));
    known.late.set(acceptor, late.filter((slot) => slot > upto));
    yield* late.filter((slot) => slot <= upto);
    for (let at = known.isAscending ? firstBeyond(known.stretches, before) : 0; at < known.stretches.length; at++) {
      const { first, last } = known.stretches[at]!;
      if (known.isAscending && first > upto) return;
      for (let slot = Math.max(first, before + 1); slot <= Math.min(last, upto); slot++) yield slot;
    }
  }

  /** Nobody is going to vote in slots up to this one. */
  forget(upto: number): void {
    for (const known of this.byBallot.values()) {
      const left = known.stretches.filter(({ last }) => last > upto);
      known.stretches.splice(0, known.stretches.length, ...left);
    }
  }
}

/** The place of the first of these, which ascend, that ends beyond this slot. */
function firstBeyond(stretches: readonly Stretch[], slot: number): number {
  let [low, high] = [0, stretches.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (stretches[middle]!.last <= slot) low = middle + 1;
    else high = middle;
  }
  return low;
}
