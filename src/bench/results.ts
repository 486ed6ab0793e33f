/** What `--json` writes and `--against` reads: the format "paxcheck-bench", version 1. Times in seconds, of inner loops in nanoseconds. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Answer } from './contender.js';
import type { Machine } from './machine.js';
import type { MicroResult } from './micro.js';
import type { Result } from './rounds.js';
import type { Task } from './task.js';

export interface TaskResults extends Pick<Task, 'id' | 'title' | 'unit'> {
  readonly right: Answer;
  readonly results: readonly Result[];
}

export interface BenchResults {
  readonly format: 'paxcheck-bench';
  readonly version: 1;
  readonly startedAt: string;
  readonly machine: Machine;
  readonly runs: number;
  /** Name -> what it says about itself. */
  readonly peers: Readonly<Record<string, string>>;
  /** Name -> why it was not there. */
  readonly skipped: Readonly<Record<string, string>>;
  readonly tasks: readonly TaskResults[];
  readonly micro: readonly MicroResult[];
}

/** The file cannot be compared with. */
export class ResultsError extends Error {
  override readonly name = 'ResultsError';
}

export const writeResults = (file: string, results: BenchResults): void => writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);

/** Throws ResultsError. */
export function readResults(file: string): BenchResults {
  let data: unknown;
  try {
    data = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new ResultsError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const { format, version, tasks, micro } = (data ?? {}) as Partial<Record<keyof BenchResults, unknown>>;
  if (format !== 'paxcheck-bench') throw new ResultsError(`${file}: not a file that "npm run bench -- --json FILE" wrote`);
  if (version !== 1 || !Array.isArray(tasks) || !Array.isArray(micro)) throw new ResultsError(`${file}: this version of paxcheck-bench is not known here, only 1`);
  return data as BenchResults;
}
