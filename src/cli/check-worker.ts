/** A thread that checks whole files, one after the other, and tells what there is to say of them. */
import { parentPort, workerData } from 'node:worker_threads';
import { openTrace } from '../trace/files.js';
import { checkFile } from './check-files.js';
import type { Outcome, Task } from './check-files.js';
import { reporterFor } from './check-formats.js';
import type { FromThread, Job } from './check-threads.js';

/** A message costs as much time as a short file; what is not sent takes memory, and others wait for it. */
const OUTCOMES_PER_MESSAGE = 100;

const task = workerData as Task;
const reporter = reporterFor(task, () => undefined);
let waiting = 0;
let size = 0;
let parcel: FromThread[] = [];

function tell(message: FromThread): void {
  parcel.push(message);
  size += message.outcomes.length;
  if (waiting > 0 && size < OUTCOMES_PER_MESSAGE) return;
  parentPort!.postMessage(parcel);
  [parcel, size] = [[], 0];
}

async function work({ id, file }: Job): Promise<void> {
  let outcomes: Outcome[] = [];
  for await (const outcome of checkFile(openTrace(file), task, reporter)) {
    if (outcomes.push(outcome) < OUTCOMES_PER_MESSAGE) continue;
    tell({ id, outcomes, isLast: false });
    outcomes = [];
  }
  waiting--;
  tell({ id, outcomes, isLast: true });
}

let last = Promise.resolve();
parentPort!.on('message', (job: Job) => {
  waiting++;
  last = last.then(() => work(job));
});
