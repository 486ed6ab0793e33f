/** What is measured: the same spaces of states on every machine, with the counts that TLC and others agree on. */

/** A cluster to explore. Symmetry `full`: up to renaming of acceptors and of values. */
export interface Bounds {
  readonly acceptors: number;
  readonly ballots: number;
  readonly values: number;
  readonly symmetry: 'none' | 'full';
  /** Distinct states. */
  readonly states: number;
}

const bounds = (acceptors: number, ballots: number, symmetry: Bounds['symmetry'], states: number): Bounds => ({ acceptors, ballots, values: 2, symmetry, states });

export const YARDSTICK: readonly Bounds[] = [
  bounds(4, 3, 'none', 2_135_473),
  bounds(3, 4, 'none', 8_220_065),
  bounds(3, 4, 'full', 710_709),
  bounds(5, 3, 'full', 2_088_565),
];

/** Seconds, not minutes: is everything there, and does it count right? */
export const QUICK: readonly Bounds[] = [bounds(3, 3, 'none', 185_369), bounds(3, 3, 'full', 17_153)];

/** `A4-B3-V2-none`: how options and result files call it. */
export const boundsId = ({ acceptors, ballots, values, symmetry }: Bounds): string => `A${acceptors}-B${ballots}-V${values}-${symmetry}`;

/** States on the longest shortest run, as TLC counts depth: in the deepest state every message was sent once. */
export const depthOf = ({ acceptors, ballots }: Bounds): number => 2 * ballots * (acceptors + 1) + 1;

/** Actions on the shortest run by which the acceptor of the seed (mutant A1) breaks agreement. */
export const A1_ACTIONS = 17;
