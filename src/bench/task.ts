/** A task: something with one right answer, and those who are measured at it. */
import type { Answer, Contender, Peer, Text } from './contender.js';
import { oursAtA1, oursExploring } from './ours.js';
import type { Bounds } from './yardstick.js';
import { A1_ACTIONS, boundsId, depthOf } from './yardstick.js';

export interface Task {
  /** Unique, and the same in every version: results of different versions are compared by it. */
  readonly id: string;
  readonly title: string;
  readonly unit: 'states' | 'actions';
  readonly right: Answer;
  /** The first is the one that ratios refer to. */
  readonly contenders: readonly Contender[];
}

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

const titleOf = ({ acceptors, ballots, values, symmetry }: Bounds): string =>
  [plural(acceptors, 'acceptor'), plural(ballots, 'ballot'), plural(values, 'value'), symmetry === 'none' ? 'every state' : 'up to renaming'].join(', ');

/** `main`: our built command line. */
export const exploring = (bounds: Bounds, peers: readonly Peer[], texts: readonly Text[], main: string): Task => ({
  id: boundsId(bounds),
  title: titleOf(bounds),
  unit: 'states',
  right: { count: bounds.states, depth: depthOf(bounds) },
  contenders: [...oursExploring(bounds, main), ...peers.flatMap((peer) => texts.flatMap((text) => peer.contenders(bounds, text)))],
});

export const breakingA1 = (main: string): Task => ({
  id: 'A1',
  title: 'the acceptor of the seed (mutant A1) to its shortest violation',
  unit: 'actions',
  right: { count: A1_ACTIONS },
  contenders: [oursAtA1(main)],
});
