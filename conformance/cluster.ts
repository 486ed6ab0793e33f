/** What an acceptor can cost a cluster: three of it, explored exhaustively. The explorer decides, not an opinion. */
import type { AcceptorMachine, Exploration, Leader, PropertyResult, Synod } from '../src/index.js';
import { LimitError, explore, referenceAcceptor, referenceLeader, synod } from '../src/index.js';
import type { Alphabet, Word } from './alphabet.js';
import type { Answer } from './subject.js';

export interface ClusterOptions {
  readonly ballots: number;
  readonly values: number;
  /** More states than this, and the exploration ends: inconclusive. */
  readonly maxStates: number;
  readonly progress?: (phase: string) => void;
}

export interface ClusterResult {
  readonly protocol: Synod;
  readonly exploration: Exploration;
}

export const ACCEPTORS = 3;

/**
 * Explores a cluster of these machines. Two ballots come first: what they show is shown sooner, and larger bounds need
 * not be tried. Null if the bounds do not fit into the explorer. `strangers` are values that no client proposes and that
 * the machines speak of all the same.
 */
export function exploreCluster(machines: readonly AcceptorMachine[], options: ClusterOptions, strangers = 0): ClusterResult | null {
  let last: ClusterResult | null = null;
  for (const ballots of new Set([Math.min(2, options.ballots), options.ballots])) {
    options.progress?.(`exploring ${ACCEPTORS} acceptors with ${ballots} ballots and ${options.values} values`);
    const protocol = synod(ACCEPTORS, ballots, options.values + strangers, { machines, leader: strangers > 0 ? proposesOnly(options.values) : referenceLeader });
    try {
      last = { protocol, exploration: explore(protocol, { maxStates: options.maxStates }) };
    } catch (error) {
      if (error instanceof LimitError) return null;
      throw error;
    }
    if (last.exploration.verdict === 'unsafe') return last;
  }
  return last;
}

/** The reference leader, which proposes what clients ask for, or what an acceptor reports. */
const proposesOnly = (values: number): Leader => ({
  ...referenceLeader,
  mayAccept: {
    ...referenceLeader.mayAccept,
    'value-was-asked-for': {
      formula: 'a client proposed v, or a promise reports it',
      holds: ({ value, heard }) => value < values || heard.some((promises) => promises.some(({ vote }) => vote?.value === value)),
      numbers: ({ value }, names) => `${names.value(value)} is no value of a client`,
    },
  },
});

/** The first property of consensus that the cluster breaks, with its run. */
export const brokenConsensus = ({ exploration }: ClusterResult): PropertyResult | undefined =>
  exploration.verdict !== 'unsafe' ? undefined : exploration.properties.find(({ name, holds }) => holds === false && (name === 'Agreement' || name === 'Validity'));

/** An acceptor that does what was seen in one sequence, step by step, and is silent otherwise: all that is certain of one that cannot be learned. */
export function seenOnly(alphabet: Alphabet, word: Word, answers: readonly Answer[]): AcceptorMachine<number> {
  const take = (state: number, index: number) =>
    word[state] === index ? { state: state + 1, replies: answers[state]!.replies } : { state, replies: [] };
  return {
    initial: 0,
    prepare: (state, ballot) => take(state, alphabet.prepare(ballot)),
    accept: (state, ballot, value) => take(state, alphabet.accept(ballot, value)),
    restart: (state) => take(state, alphabet.own('restart')).state,
    ...(alphabet.own('persist') >= 0 && { act: (state: number) => take(state, alphabet.own('persist')) }),
  };
}

/** One such acceptor among references. */
export const amongReferences = (machine: AcceptorMachine): AcceptorMachine[] => [machine, ...Array.from({ length: ACCEPTORS - 1 }, () => referenceAcceptor as AcceptorMachine)];
