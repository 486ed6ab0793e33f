/**
 * The number of actions in the shortest run in which a mutant loses agreement, as found by exhaustive search in three
 * independent programs; and the shortest break of an invariant that comes before. Facts about the catalogue, kept
 * apart from it: the explorer is tested against them. See spec/bugs.md.
 */
export interface KnownLength {
  readonly id: string;
  readonly acceptors: number;
  readonly ballots: number;
  readonly values: number;
  /** Actions; null: nothing breaks within these bounds. */
  readonly length: number | null;
  /** The property that breaks; default Agreement. */
  readonly property?: string;
}

type Row = readonly [id: string, acceptors: number, ballots: number, values: number, length: number | null, property?: string];

/** In the smallest cluster that shows it. */
const SMALLEST: readonly Row[] = [
  ['A1', 3, 3, 2, 17], ['A2', 1, 2, 2, 8], ['A3', 1, 2, 2, 8], ['A4', 1, 2, 2, 8], ['A5', 1, 2, 2, 8], ['A6', 1, 2, 2, 8], ['A7', 1, 2, 2, 8],
  ['A8', 3, 3, 2, 17], ['A9', 3, 3, 2, 17], ['A12', 1, 3, 2, 10], ['A13', 1, 2, 2, 8], ['A14', 3, 3, 2, 17], ['A15', 3, 3, 2, 17],
  ['A18', 1, 2, 2, 8], ['A19', 1, 2, 2, 8], ['A20', 1, 2, 2, 8], ['A21', 1, 2, 2, 10], ['A26', 1, 1, 2, 4, 'Validity'],
  ['P1', 1, 2, 2, 8], ['P2', 3, 2, 2, 12], ['P3', 3, 3, 2, 17], ['P4', 3, 3, 2, 17], ['P6', 3, 3, 2, 17], ['P8', 1, 2, 2, 7], ['P9', 1, 2, 2, 4],
  ['P10', 1, 1, 2, 6], ['P11', 1, 2, 2, 9], ['P12', 3, 2, 2, 10], ['P14', 1, 2, 2, 8],
  ['Q1', 3, 2, 2, 10], ['Q3', 3, 2, 2, 10],
  ['L1', 3, 2, 2, 10], ['L2', 3, 4, 2, 20], ['L4', 3, 4, 2, 22], ['L5', 3, 3, 2, 14], ['L6', 3, 2, 2, 11], ['L7', 1, 2, 2, 6],
  ['D1', 1, 2, 2, 9], ['D2', 1, 2, 2, 9], ['D3', 1, 2, 2, 9], ['D4', 1, 2, 2, 9], ['D6', 3, 4, 2, 23], ['D7', 3, 3, 2, 18],
];

/** With three acceptors (four for the last), where that is not the smallest cluster. */
const AT_THREE: readonly Row[] = [
  ['A2', 3, 2, 2, 12], ['A3', 3, 2, 2, 12], ['A4', 3, 2, 2, 12], ['A5', 3, 2, 2, 12], ['A6', 3, 2, 2, 12], ['A7', 3, 2, 2, 12], ['A12', 3, 3, 2, 14],
  ['A13', 3, 2, 2, 12], ['A18', 3, 2, 2, 12], ['A19', 3, 2, 2, 12], ['A20', 3, 2, 2, 12], ['A21', 3, 2, 2, 16], ['A26', 3, 1, 2, 6, 'Validity'],
  ['P1', 3, 2, 2, 12], ['P8', 3, 2, 2, 10], ['P9', 3, 2, 2, 6], ['P10', 3, 1, 2, 9], ['P11', 3, 2, 2, 13], ['P14', 3, 2, 2, 12],
  ['L7', 3, 2, 2, 8], ['D1', 3, 2, 2, 13], ['D2', 3, 2, 2, 13], ['D3', 3, 2, 2, 13], ['D4', 3, 2, 2, 13], ['Q3', 4, 2, 2, 12],
];

/** What breaks although agreement holds, or before it does. */
const INNER: readonly Row[] = [
  ['A23', 3, 2, 2, 0, 'FreshBallotDecides'], ['A24', 3, 3, 2, 10, 'FreshBallotDecides'], ['A25', 3, 2, 2, 11, 'OneValuePerBallot'], ['A25', 3, 2, 2, null],
  ['L2', 3, 4, 2, 10, 'DecidedIsChosen'], ['L4', 3, 4, 2, 14, 'DecidedIsChosen'], ['L5', 3, 3, 2, 10, 'DecidedIsChosen'], ['D6', 3, 3, 2, null], ['D6', 3, 4, 2, 20, 'SafeAt'],
];

/** The variants that are safe, with the bounds at which every property was seen to hold. */
const SAFE: readonly Row[] = [
  ['H1', 3, 3, 2, null], ['H3', 3, 3, 2, null], ['H4', 3, 2, 2, null], ['H6', 3, 3, 2, null], ['H8', 3, 3, 2, null], ['H9', 3, 3, 2, null], ['H11', 3, 3, 2, null],
];

const known = ([id, acceptors, ballots, values, length, property]: Row): KnownLength => ({ id, acceptors, ballots, values, length, ...(property !== undefined && { property }) });

export const KNOWN_LENGTHS: readonly KnownLength[] = [...SMALLEST, ...AT_THREE, ...INNER, ...SAFE].map(known);

/** The smallest cluster that shows what is known of the mutant. */
export const smallestBounds = (id: string): KnownLength | undefined => KNOWN_LENGTHS.find((row) => row.id === id);
