/** A thread of a search: makes the same space from the same recipe, and searches its part. */
import { parentPort, workerData } from 'node:worker_threads';
import { planOf } from './explore.js';
import type { WorkerTask } from './threads-node.js';
import { searchPart } from './threads-node.js';
import { optionsOf, protocolOf } from './recipe.js';
import { giveUp } from './shared-crew.js';

const task = workerData as WorkerTask;
try {
  const plan = planOf(protocolOf(task.recipe), optionsOf(task.recipe));
  const { rounds, report } = searchPart(plan, task, Infinity, (message) => parentPort!.postMessage(message));
  while (!rounds.next().done);
  parentPort!.postMessage(report());
} catch (error) {
  if (task.meeting !== null) giveUp(task.meeting);
  throw error;
}
