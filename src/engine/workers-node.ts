/** The threads besides the one that explores, and how that one stays responsive. */
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { CrewError } from './crew-error.js';
import type { Recipe } from './recipe.js';
import type { FromWorker, WorkerTask } from './tasks-node.js';

/** Time for signals and messages, now and then. */
const SLICE_MS = 50;

/** Works to the end, and lets signals and messages through; throws what a thread has thrown. */
export async function inSlices<T>(rounds: Generator<undefined, T>, workers: Workers): Promise<T> {
  let last = performance.now();
  for (;;) {
    const { done, value } = rounds.next();
    if (done) return value;
    if (performance.now() - last < SLICE_MS) continue;
    await setImmediate();
    workers.check();
    last = performance.now();
  }
}

/** The threads besides this one. They make the space at once, for that takes its time, and then wait for their tasks. */
export class Workers {
  private readonly workers: readonly Worker[];
  private failure: Error | null = null;

  constructor(recipe: Recipe, count: number) {
    this.workers = Array.from({ length: count }, () => new Worker(new URL('./worker.js', import.meta.url), { workerData: recipe }));
    for (const worker of this.workers) worker.on('error', (error) => (this.failure ??= error));
  }

  /** To the thread with this number, from one on. `take`: what it tells; true if that was its last word. */
  give(id: number, task: WorkerTask, take: (message: FromWorker) => boolean): void {
    const worker = this.workers[id - 1]!;
    let isDone = false;
    worker.on('message', (message: FromWorker) => {
      if (take(message)) isDone = true;
    });
    worker.on('exit', () => {
      if (!isDone) this.failure ??= new CrewError();
    });
    worker.postMessage(task);
  }

  /** Throws what one of them has thrown. */
  check(): void {
    if (this.failure !== null) throw this.failure;
  }

  /** Waits for them; throws what one of them throws. */
  async until(isReady: () => boolean): Promise<void> {
    while (!isReady()) {
      this.check();
      await setImmediate();
    }
  }

  /** What another thread has failed with, if that is all that is known. */
  async causeOf(error: unknown): Promise<unknown> {
    return error instanceof CrewError ? this.until(() => false).catch((cause: unknown) => cause) : error;
  }

  async end(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }
}
