/** The state space of a protocol in packed form: its tables, and the way from words to clusters and back. */
import type { StepInvariant } from '../../model/property.js';
import type { Action, Cluster, Synod } from '../../model/synod.js';
import { initialCluster } from '../../model/synod.js';
import type { Blocks } from './blocks.js';
import { blockOf, blocksOf, firstEntry, placeOf, placesOf } from './blocks.js';
import { LeaderTable } from './choices.js';
import type { Inputs } from './inputs.js';
import { inputsOf, keepsToOneValue } from './inputs.js';
import type { Layout } from './layout.js';
import { layoutOf, pack, unpack } from './layout.js';
import { LimitError } from './limit-error.js';
import type { Symmetry } from './symmetry.js';
import { Canonical } from './symmetry.js';
import type { Reduced } from './reduce.js';
import { allPrepared, knowsLearner, prepareTakesNothing, reductionOf } from './reduce.js';
import type { MachineTable } from './tabulate.js';
import { addsOneMessage, tabulate } from './tabulate.js';

export interface Space {
  readonly protocol: Synod;
  readonly inputs: Inputs;
  readonly tables: readonly MachineTable[];
  readonly canonical: Canonical;
  readonly blocks: Blocks;
  readonly layout: Layout;
  readonly leader: LeaderTable;
  readonly steps: readonly StepInvariant[];
  /**
   * Every step that changes the state adds exactly one message to all that was ever sent. So every way to a state has the
   * same length, and a state can be met again only in its own level.
   */
  readonly graded: boolean;
  /** Where runs start. */
  readonly start: Place;
  /** Where the exploration starts. */
  readonly searchStart: Place;
  /** What is left out of the exploration; null if nothing was to be. */
  readonly reduced: Reduced | null;
}

/** A cluster: "what was sent" and a row per acceptor. */
export interface Place {
  readonly sent: number;
  readonly rows: Int32Array;
}

/** Tabulates each different machine once, as far as it can get from this state. Throws LimitError if the bounds do not fit. */
export function spaceOf(protocol: Synod, symmetry: Symmetry, steps: readonly StepInvariant[], from: Cluster = initialCluster(protocol), reduce = false): Space {
  const inputs = inputsOf(protocol);
  const byMachine = new Map(protocol.machines.map((machine) => [machine, null as MachineTable | null]));
  for (const machine of byMachine.keys()) byMachine.set(machine, tabulate(machine, protocol, inputs, steps, from));
  const tables = protocol.machines.map((machine) => byMachine.get(machine)!);
  const start = encode({ inputs, tables }, from);
  if (start === null) throw new LimitError('START_NOT_REACHABLE', 'the state to start from cannot be reached by these acceptors within these bounds', 'raise the number of ballots or values');
  const canonical = new Canonical(protocol, inputs, tables, symmetry);
  const starts = Array.from(start.rows, (row, a) => canonical.imagesOf(a, row));
  const preparesFirst = reduce && prepareTakesNothing(protocol);
  const reduction = reduce && knowsLearner(protocol) && !tables.some(({ strays }) => strays) ? reductionOf(protocol, inputs, preparesFirst) : null;
  const blocks = blocksOf({ tables, inputs, canonical, starts, oneValuePerBallot: keepsToOneValue(protocol, from.accepts), ...(reduction && { reduction }) });
  const reduced = reduce ? { prepares: preparesFirst, steps: reduction !== null && blocks.mask !== 0 } : null;
  const searchStart = preparesFirst ? encode({ inputs, tables }, allPrepared(protocol, from))! : start;
  const layout = layoutOf(inputs.ballots + inputs.proposals.length, placesOf(blocks));
  const graded = blocks.merged === null && [...new Set(tables)].every((table) => addsOneMessage(table, inputs));
  return { protocol, inputs, tables, steps, start, searchStart, reduced, canonical, blocks, layout, graded, leader: new LeaderTable(protocol, tables, blocks) };
}

/** The cluster that "what was sent" and the rows stand for. */
export function decode({ inputs, tables }: Pick<Space, 'inputs' | 'tables'>, sent: number, rows: Int32Array): Cluster {
  return {
    prepares: Array.from({ length: inputs.ballots }, (_, index) => index + 1).filter((ballot) => (sent >>> (ballot - 1)) & 1),
    accepts: inputs.proposals.filter((_, bit) => (sent >>> (inputs.ballots + bit)) & 1),
    acceptors: tables.map((table, a) => table.rows[rows[a]!]!),
  };
}

/** "What was sent" and the rows of a cluster; null if it is not within the tables. */
export function encode({ inputs, tables }: Pick<Space, 'inputs' | 'tables'>, cluster: Cluster): Place | null {
  const prepares = cluster.prepares.reduce((mask, ballot) => mask | (1 << (ballot - 1)), 0);
  const sent = cluster.accepts.reduce((mask, { ballot, value }) => mask | (1 << (inputs.ballots + (ballot - 1) * inputs.values + value)), prepares);
  const rows = Int32Array.from(cluster.acceptors, (acceptor, a) => tables[a]!.find(acceptor));
  return rows.every((row) => row >= 0) ? { sent, rows } : null;
}

/** The words of the state that these rows are, up to renaming; null if no such state is reachable. */
export function keyOf({ layout, canonical, blocks, inputs }: Space, { sent, rows }: Place): Uint32Array | null {
  const renamed = rows.slice();
  const image = canonical.apply(sent, renamed);
  const block = blockOf(blocks, image >>> inputs.ballots);
  const places = renamed.map((row, a) => (block < 0 ? -1 : placeOf(blocks, a, block, row)));
  if (places.includes(-1)) return null;
  // Rows that are in order may stand for others that are not.
  if (blocks.merged !== null) canonical.sort(places);
  const key = new Uint32Array(layout.words);
  pack(layout, image, places, key);
  return key;
}

/** The state that the words at `at` stand for. */
export function placeAt({ layout, blocks, inputs }: Space, words: Uint32Array, at = 0): Place {
  const places = new Int32Array(blocks.kindOf.length);
  const sent = unpack(layout, words, at, places);
  const block = blockOf(blocks, sent >>> inputs.ballots);
  return { sent, rows: places.map((place, a) => blocks.row[firstEntry(blocks, a, block) + place]!) };
}

/** The action that an input bit stands for, at this acceptor. */
export const actionOf = ({ inputs }: Space, acceptor: number, input: number): Action => ({ ...inputs.actions[input]!, acceptor }) as Action;
