/** Our own command line, as a user would run it: built, and with the start of Node on the clock. */
import type { Answer, Contender } from './contender.js';
import type { Bounds } from './yardstick.js';

export const OURS = 'paxcheck';

interface ExplorationJson {
  readonly verdict: string;
  readonly complete: boolean;
  readonly distinct: number;
  readonly depth: number;
  readonly violation?: { readonly length: number };
}

/** Undefined for anything else than the JSON of `explore`. */
function explorationIn(output: string): ExplorationJson | undefined {
  try {
    const json = JSON.parse(output) as Partial<ExplorationJson>;
    return typeof json.distinct === 'number' && typeof json.depth === 'number' ? (json as ExplorationJson) : undefined;
  } catch {
    return undefined;
  }
}

function countOfStates(output: string): Answer | undefined {
  const json = explorationIn(output);
  return json?.complete === true && json.verdict === 'conforms' ? { count: json.distinct, depth: json.depth } : undefined;
}

function lengthOfViolation(output: string): Answer | undefined {
  const length = explorationIn(output)?.violation?.length;
  return length === undefined ? undefined : { count: length };
}

/** One thread, the base of all ratios, and two. `main` is the built command line. */
export function oursExploring({ acceptors, ballots, values, symmetry }: Bounds, main: string): Contender[] {
  const bounds = ['--acceptors', String(acceptors), '--ballots', String(ballots), '--values', String(values), '--symmetry', symmetry];
  const args = [main, 'explore', ...bounds, '--invariant', 'Agreement', '--json'];
  return [1, 2].map((threads) => ({
    who: OURS,
    mode: threads === 1 ? '1 thread' : `${threads} threads`,
    prepare: async () => ({ command: process.execPath, args: [...args, '--threads', String(threads)], read: countOfStates }),
  }));
}

const UNSAFE = 1;

export const oursAtA1 = (main: string): Contender => ({
  who: OURS,
  mode: 'as it comes',
  prepare: async () => ({ command: process.execPath, args: [main, 'explore', '--mutant', 'A1', '--json'], exitCode: UNSAFE, read: lengthOfViolation }),
});
