/** The successors of a packed state that differ from it: the one definition that the search and the way back share. */
import type { Action } from '../../model/synod.js';
import { lowestBit } from './inputs.js';
import type { Space } from './space.js';
import { actionOf } from './space.js';

export interface Visitor {
  /** A leader sends what bit `bit` of "what was sent" stands for. */
  leader(bit: number): void;
  /** The acceptor takes the input and is in row `row` then. */
  acceptor(acceptor: number, input: number, row: number): void;
}

/** Calls the visitor for every step that changes the state, leaders first, ballots and acceptors in ascending order. */
export function expand(space: Space, sent: number, rows: Int32Array, visitor: Visitor): void {
  const { ballots, values, actions, spontaneous } = space.inputs;
  for (let ballot = 1; ballot <= ballots; ballot++) {
    const bit = ballot - 1;
    if (((sent >>> bit) & 1) === 0) visitor.leader(bit);
    const first = ballots + bit * values;
    let fresh = space.leader.allowed(ballot, sent, rows) & ~(sent >>> first);
    for (; fresh !== 0; fresh &= fresh - 1) visitor.leader(first + lowestBit(fresh));
  }
  for (let a = 0; a < rows.length; a++) {
    const table = space.tables[a]!;
    const row = rows[a]!;
    for (let inputs = table.changes[row]! & (sent | spontaneous); inputs !== 0; inputs &= inputs - 1) {
      const input = lowestBit(inputs);
      visitor.acceptor(a, input, table.next[row * actions.length + input]!);
    }
  }
}

/** The action of a leader that bit `bit` of "what was sent" stands for. */
export function leaderAction({ inputs }: Space, bit: number): Action {
  const proposal = inputs.proposals[bit - inputs.ballots];
  return proposal === undefined ? { kind: 'prepare', ballot: bit + 1 } : { kind: 'accept', ...proposal };
}

/** The successors with their actions, as copies: for the way back and for tests, not for the search. */
export function successorsOf(space: Space, sent: number, rows: Int32Array): { action: Action; sent: number; rows: Int32Array }[] {
  const found: { action: Action; sent: number; rows: Int32Array }[] = [];
  expand(space, sent, rows, {
    leader: (bit) => found.push({ action: leaderAction(space, bit), sent: sent | (1 << bit), rows: rows.slice() }),
    acceptor: (a, input, row) => found.push({ action: actionOf(space, a, input), sent, rows: rows.map((old, index) => (index === a ? row : old)) }),
  });
  return found;
}
