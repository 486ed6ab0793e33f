/** A thread of an exploration: makes the same space from the same recipe, and does the part that it is then given. */
import { parentPort, workerData } from 'node:worker_threads';
import { planOf } from './explore.js';
import type { Plan } from './explore.js';
import type { SearchTask, SweepReport, SweepTask, WorkerTask } from './tasks-node.js';
import { searchPart, sweepPart } from './threads-node.js';
import { optionsOf, protocolOf } from './recipe.js';
import type { Recipe } from './recipe.js';
import { toItsEnd } from './search.js';
import { giveUp } from './shared-crew.js';
import { abandon } from './shared-sweep.js';

function search(plan: Plan, task: SearchTask): void {
  const { rounds, report } = searchPart(plan, task, Infinity, (message) => parentPort!.postMessage(message));
  toItsEnd(rounds);
  parentPort!.postMessage(report());
}

function sweep(plan: Plan, task: SweepTask): void {
  const report: SweepReport = { kind: 'swept', part: sweepPart(plan, task) };
  parentPort!.postMessage(report);
}

const recipe = workerData as Recipe;
const plan = planOf(protocolOf(recipe), optionsOf(recipe));
parentPort!.once('message', (task: WorkerTask) => {
  try {
    if (task.kind === 'search') search(plan, task);
    else sweep(plan, task);
  } catch (error) {
    if (task.kind === 'sweep') abandon(task.arena);
    else if (task.meeting !== null) giveUp(task.meeting);
    throw error;
  }
});
