/** Files checked in several threads; what is told of them comes in the order of the files, as from one thread. */
import { Worker } from 'node:worker_threads';
import type { Outcome, Task } from './check-files.js';
import type { Source } from './check-sources.js';

/** A file for a thread to check. */
export interface Job {
  readonly id: number;
  readonly file: string;
}

export interface FromThread {
  readonly id: number;
  readonly outcomes: readonly Outcome[];
  readonly isLast: boolean;
}

/** A source and what is known of it. */
interface Entry {
  readonly source: Source;
  outcomes: Outcome[];
  isDone: boolean;
}

/** Files that a thread has besides the one it checks, so that it need not wait for the next; they wait while that one is long. */
const WAITING_PER_THREAD = 8;
/** Files, for each thread, that may be ahead of the first that is not done: bounds what is kept. */
const AHEAD_PER_THREAD = 64;

const WORKER = new URL('./check-worker.js', import.meta.url);

/**
 * The outcomes of all sources, in their order. `here` checks what only this thread can: standard input.
 * Throws, with the name of the file, what a thread fails with. No thread outlives it.
 */
export async function* checkInThreads(sources: AsyncGenerator<Source>, task: Task, threads: number, here: (source: Source) => AsyncGenerator<Outcome>, worker = WORKER): AsyncGenerator<Outcome> {
  const crew = new Crew(task, threads, worker);
  try {
    let more = true;
    while (more || crew.entries.length > 0) {
      while (more && crew.hasRoom) more = await crew.take(sources);
      const [first] = crew.entries;
      if (first === undefined) continue;
      if (!isJob(first.source)) {
        yield* here(first.source);
        first.isDone = true;
      }
      // Before what was told is taken: nothing comes after the last word.
      const { isDone } = first;
      yield* crew.toldOf(first);
      if (isDone) crew.entries.shift();
      else await crew.news();
    }
  } finally {
    await crew.end();
  }
}

/** Standard input is this thread's, and so is what is no file. */
const isJob = (source: Source): source is Exclude<Source, { kind: unknown }> => !('kind' in source) && source.isPipe !== true;

class Crew {
  /** Those not done, and those told of after them. */
  readonly entries: Entry[] = [];
  private readonly workers: readonly { readonly thread: Worker; readonly jobs: Map<number, Entry> }[];
  private readonly waiting: Entry[] = [];
  private serial = 0;
  private failure: Error | null = null;
  private isEnding = false;
  private wake: () => void = () => undefined;

  constructor(task: Task, threads: number, worker: URL) {
    this.workers = Array.from({ length: threads }, () => ({ thread: new Worker(worker, { workerData: task }), jobs: new Map<number, Entry>() }));
    for (const { thread, jobs } of this.workers) {
      thread.on('message', (messages: readonly FromThread[]) => {
        for (const message of messages) this.hear(message, jobs);
        this.share();
        this.wake();
      });
      thread.on('error', (error: unknown) => this.fail(jobs, error instanceof Error ? (error.stack ?? error.message) : String(error)));
      thread.on('messageerror', (error) => this.fail(jobs, error.message));
      thread.on('exit', (code) => this.fail(jobs, `it ended with code ${code}`));
    }
  }

  get hasRoom(): boolean {
    return this.entries.length < this.workers.length * AHEAD_PER_THREAD;
  }

  /** The next source; false if there is none. */
  async take(sources: AsyncGenerator<Source>): Promise<boolean> {
    const next = await sources.next();
    if (next.done === true) return false;
    const entry = { source: next.value, outcomes: [], isDone: false };
    this.entries.push(entry);
    if (isJob(entry.source)) this.waiting.push(entry);
    this.share();
    return true;
  }

  /** What is known of it, and was not given yet. */
  *toldOf(entry: Entry): Generator<Outcome> {
    while (entry.outcomes.length > 0) {
      const { outcomes } = entry;
      entry.outcomes = [];
      yield* outcomes;
    }
  }

  /** Waits until a thread tells something, if none has. Throws what one has failed with. */
  async news(): Promise<void> {
    const [first] = this.entries;
    if (this.failure === null && first?.outcomes.length === 0 && !first.isDone) await new Promise<void>((resolve) => (this.wake = resolve));
    if (this.failure !== null) throw this.failure;
  }

  async end(): Promise<void> {
    this.isEnding = true;
    await Promise.all(this.workers.map(({ thread }) => thread.terminate()));
  }

  /** Gives files to threads that have none waiting, those with the least to do first. */
  private share(): void {
    const free = (): (typeof this.workers)[number] | undefined => this.workers.filter(({ jobs }) => jobs.size <= WAITING_PER_THREAD).sort((one, other) => one.jobs.size - other.jobs.size)[0];
    for (let worker = free(); worker !== undefined && this.waiting.length > 0; worker = free()) {
      const entry = this.waiting.shift()!;
      const id = this.serial++;
      worker.jobs.set(id, entry);
      worker.thread.postMessage({ id, file: (entry.source as { file: string }).file } satisfies Job);
    }
  }

  private hear({ id, outcomes, isLast }: FromThread, jobs: Map<number, Entry>): void {
    const entry = jobs.get(id)!;
    for (const outcome of outcomes) entry.outcomes.push(outcome);
    if (isLast) {
      entry.isDone = true;
      jobs.delete(id);
    }
  }

  private fail(jobs: ReadonlyMap<number, Entry>, reason: string): void {
    if (this.isEnding) return;
    const [entry] = jobs.values();
    const file = entry === undefined ? 'no file' : (entry.source as { file: string }).file;
    this.failure ??= new Error(`a thread failed while it checked ${file}, or a file after it: ${reason}`);
    this.wake();
  }
}
