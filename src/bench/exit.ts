/** The exit code of a comparison: somebody wrong weighs more than somebody slow. */
import type { TaskResults } from './results.js';

export const EXIT = { done: 0, wrong: 1, gaveUp: 2, badInput: 3, usage: 64 } as const;

export function exitCodeOf(tasks: readonly TaskResults[]): number {
  const statuses = new Set(tasks.flatMap(({ results }) => results.map(({ status }) => status)));
  if (statuses.has('wrong') || statuses.has('failed')) return EXIT.wrong;
  return statuses.has('gave up') ? EXIT.gaveUp : EXIT.done;
}
