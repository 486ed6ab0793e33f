/** The text for spin with every variable of Paxos.tla, a byte each. Without symmetry. */
import type { Bounds } from './yardstick.js';
import { range } from './bits.js';

/** Ballots are stored + 1 (0: none), values from 1 (0: none); a promise as 1 + 4 * the ballot of the vote it reports + its value. */
const promiseOf = (ballot: string | number, value: string | number): string => `1 + ${ballot} * 4 + ${value}`;

/** The value reported by a quorum for b: none at all, or v in the highest ballot. */
function showsSafe({ acceptors }: Bounds, b: number, v: number): string {
  const cells = range(0, acceptors).map((a) => `promises[${a}].by[${b}]`);
  const majority = (terms: readonly string[]): string => `2 * (${terms.join(' + ')}) > ${acceptors}`;
  const noVote = majority(cells.map((cell) => `(${cell} == 1)`));
  const highestIn = (c: number): string => {
    const notAbove = majority(cells.map((cell) => `(${cell} != 0 && ${cell} < ${1 + (c + 1) * 4})`));
    return `((${cells.map((cell) => `${cell} == ${promiseOf(c, v)}`).join(' || ')}) && ${notAbove})`;
  };
  return `(${[noVote, ...range(1, b + 1).map(highestIn)].join(' || ')})`;
}

/** No two ballots have majorities for different values. */
function agreement({ acceptors, ballots, values }: Bounds, b: number): string {
  const chosen = (c: number, v: number): string => `2 * (${range(0, acceptors).map((a) => `(votes[${a}].by[${c}] == ${v})`).join(' + ')}) > ${acceptors}`;
  const names = range(1, values + 1);
  const others = range(0, ballots).filter((c) => c !== b);
  const clashes = names.flatMap((v) => others.flatMap((c) => names.filter((w) => w !== v).map((w) => `!(${chosen(b, v)} && ${chosen(c, w)})`)));
  return clashes.length === 0 ? 'true' : clashes.join(' && ');
}

function optionsOf(bounds: Bounds, b: number): string[] {
  const promise = (a: number): string => `prepares[${b}] && promised[${a}] < ${b + 1} -> promised[${a}] = ${b + 1}; promises[${a}].by[${b}] = ${promiseOf(`votedIn[${a}]`, `votedFor[${a}]`)}`;
  const vote = (a: number): string =>
    `accepts[${b}] && !votes[${a}].by[${b}] && promised[${a}] <= ${b + 1} -> promised[${a}] = ${b + 1}; votedIn[${a}] = ${b + 1}; votedFor[${a}] = accepts[${b}]; votes[${a}].by[${b}] = accepts[${b}]; assert(${agreement(bounds, b)})`;
  return [
    `!prepares[${b}] -> prepares[${b}] = 1`,
    ...range(0, bounds.acceptors).flatMap((a) => [promise(a), vote(a)]),
    ...range(1, bounds.values + 1).map((v) => `!accepts[${b}] && prepares[${b}] && ${showsSafe(bounds, b, v)} -> accepts[${b}] = ${v}`),
  ];
}

export function faithfulText(bounds: Bounds): string {
  const { acceptors, ballots } = bounds;
  const options = range(0, ballots).flatMap((b) => optionsOf(bounds, b));
  return `typedef PerBallot { byte by[${ballots}] };
byte promised[${acceptors}], votedIn[${acceptors}], votedFor[${acceptors}], prepares[${ballots}], accepts[${ballots}];
PerBallot promises[${acceptors}], votes[${acceptors}];
active proctype cluster() {
end: do
${options.map((option) => `  :: d_step { ${option} }`).join('\n')}
  od
}
`;
}
