/** The state space of a protocol in packed form: its tables, and the way from words to clusters and back. */
import type { StepInvariant } from '../../model/property.js';
import type { Action, Cluster, Synod } from '../../model/synod.js';
import { initialCluster } from '../../model/synod.js';
import { LeaderTable } from './choices.js';
import type { Inputs } from './inputs.js';
import { inputsOf } from './inputs.js';
import type { Layout } from './layout.js';
import { layoutOf } from './layout.js';
import type { Symmetry } from './symmetry.js';
import { Canonical } from './symmetry.js';
import type { MachineTable } from './tabulate.js';
import { tabulate } from './tabulate.js';

export interface Space {
  readonly protocol: Synod;
  readonly inputs: Inputs;
  readonly tables: readonly MachineTable[];
  readonly layout: Layout;
  readonly leader: LeaderTable;
  readonly canonical: Canonical;
  readonly steps: readonly StepInvariant[];
}

/** Tabulates each different machine once, as far as it can get from these states. Throws LimitError if the bounds do not fit. */
export function spaceOf(protocol: Synod, symmetry: Symmetry, steps: readonly StepInvariant[], from: Cluster = initialCluster(protocol)): Space {
  const inputs = inputsOf(protocol);
  const byMachine = new Map(protocol.machines.map((machine) => [machine, null as MachineTable | null]));
  for (const machine of byMachine.keys()) byMachine.set(machine, tabulate(machine, protocol, inputs, steps, from));
  const tables = protocol.machines.map((machine) => byMachine.get(machine)!);
  return {
    protocol,
    inputs,
    tables,
    steps,
    layout: layoutOf(inputs.ballots + inputs.proposals.length, tables.map((table) => table.rows.length)),
    leader: new LeaderTable(protocol, tables),
    canonical: new Canonical(protocol, inputs, tables, symmetry),
  };
}

/** The cluster that "what was sent" and the rows stand for. */
export function decode({ inputs, tables }: Space, sent: number, rows: Int32Array): Cluster {
  return {
    prepares: Array.from({ length: inputs.ballots }, (_, index) => index + 1).filter((ballot) => (sent >>> (ballot - 1)) & 1),
    accepts: inputs.proposals.filter((_, bit) => (sent >>> (inputs.ballots + bit)) & 1),
    acceptors: tables.map((table, a) => table.rows[rows[a]!]!),
  };
}

/** The packed form of a cluster; null if it is not within the tables. */
export function encode({ inputs, tables }: Space, cluster: Cluster): { sent: number; rows: Int32Array } | null {
  const prepares = cluster.prepares.reduce((mask, ballot) => mask | (1 << (ballot - 1)), 0);
  const sent = cluster.accepts.reduce((mask, { ballot, value }) => mask | (1 << (inputs.ballots + (ballot - 1) * inputs.values + value)), prepares);
  const rows = Int32Array.from(cluster.acceptors, (acceptor, a) => {
    const key = JSON.stringify(acceptor);
    return tables[a]!.rows.findIndex((row) => JSON.stringify(row) === key);
  });
  return rows.every((row) => row >= 0) ? { sent, rows } : null;
}

/** The action that an input bit stands for, at this acceptor. */
export const actionOf = ({ inputs }: Space, acceptor: number, input: number): Action => ({ ...inputs.actions[input]!, acceptor }) as Action;
