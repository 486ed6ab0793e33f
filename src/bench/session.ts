/** One session of measuring: who is here, everybody in turn at every task, then the inner loops. */
import type { Peer, Text } from './contender.js';
import { builtCopy } from './dist.js';
import type { Workshop } from './files.js';
import { limit } from './limit.js';
import { describeMachine, loadWarning, thisMachine } from './machine.js';
import { microTimes } from './micro.js';
import type { Options } from './options.js';
import type { BenchResults, TaskResults } from './results.js';
import type { Means } from './rounds.js';
import { takeTurns } from './rounds.js';
import { rumur } from './rumur.js';
import { spin } from './spin.js';
import type { Stopwatch } from './stopwatch.js';
import type { Task } from './task.js';
import { breakingA1, exploring } from './task.js';
import { tlc } from './tlc.js';
import { QUICK, YARDSTICK } from './yardstick.js';

/** Who takes longer than so many seconds runs once only. */
const PATIENCE = 120;
const QUICK_SAMPLES = 3;

export interface Roll {
  readonly present: readonly Peer[];
  /** Name -> what is missing, and the command that installs it. */
  readonly skipped: Readonly<Record<string, string>>;
}

export function rollCall(peers: readonly Peer[]): Roll {
  const missing = peers.map((peer) => [peer, peer.missing()] as const);
  return {
    present: missing.flatMap(([peer, what]) => (what === undefined ? [peer] : [])),
    skipped: Object.fromEntries(missing.flatMap(([{ name }, what]) => (what === undefined ? [] : [[name, what]]))),
  };
}

export const describeSkipped = ({ skipped }: Roll): string[] => Object.entries(skipped).map(([name, what]) => `skipped ${name}: ${what}`);

const TEXTS: Readonly<Record<Options['text'], readonly Text[]>> = { packed: ['packed'], faithful: ['faithful'], both: ['packed', 'faithful'] };

function tasksFor({ quick, text }: Options, peers: readonly Peer[], means: Means): Task[] {
  const main = builtCopy(means.newFolder(), means.say);
  return [...(quick ? QUICK : YARDSTICK).map((bounds) => exploring(bounds, peers, TEXTS[text], main)), breakingA1(main)];
}

async function inTurn(tasks: readonly Task[], runs: number, means: Means): Promise<TaskResults[]> {
  const all: TaskResults[] = [];
  for (const task of tasks) {
    means.say(`${task.id}: ${task.title}`);
    const { id, title, unit, right } = task;
    all.push({ id, title, unit, right, results: await takeTurns(task, { runs, patience: PATIENCE }, means) });
  }
  return all;
}

/** Says on the way what it does. Throws ToolError if our own sources do not compile. */
export async function session(options: Options, workshop: Workshop, stopwatch: Stopwatch, say: (line: string) => void): Promise<BenchResults> {
  const { only, runs, quick } = options;
  const startedAt = new Date().toISOString();
  const machine = thisMachine();
  say(describeMachine(machine));
  const warning = loadWarning(machine);
  if (warning !== undefined) say(warning);
  const roll = rollCall(only === 'micro' ? [] : [rumur, spin, tlc(options.tlc), limit]);
  for (const line of describeSkipped(roll)) say(line);
  const means: Means = { newFolder: workshop.newFolder, run: (program) => stopwatch.run(program), say };
  const tasks = only === 'micro' ? [] : await inTurn(tasksFor(options, roll.present, means), runs, means);
  const micro = only === 'peers' ? [] : microTimes(quick ? QUICK_SAMPLES : Math.max(runs, QUICK_SAMPLES), say);
  const peers = Object.fromEntries(roll.present.map((peer) => [peer.name, peer.version()]));
  return { format: 'paxcheck-bench', version: 1, startedAt, machine, runs, peers, skipped: roll.skipped, tasks, micro };
}
