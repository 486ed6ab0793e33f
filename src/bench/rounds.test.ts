import { describe, expect, it } from 'vitest';
import { describeTask } from './bench-text.js';
import type { Contender } from './contender.js';
import { exitCodeOf } from './exit.js';
import { takeTurns } from './rounds.js';
import { describeSkipped, rollCall } from './session.js';
import type { Run } from './stopwatch.js';
import type { Task } from './task.js';

const RIGHT = { count: 17, depth: 3 };

/** Somebody who answers at once, and says that it took so many seconds. */
const fake = (who: string, count: number, depth = RIGHT.depth): Contender => ({
  who,
  mode: 'fake',
  prepare: async () => ({ command: who, args: [], read: () => ({ count, depth }) }),
});

const taskWith = (...contenders: Contender[]): Task => ({ id: 'fake', title: 'a fake task', unit: 'states', right: RIGHT, contenders });

async function turns(task: Task, runs = 1, seconds: Readonly<Record<string, number>> = {}) {
  const order: string[] = [];
  const run = async ({ command }: { command: string }): Promise<Run> => {
    order.push(command);
    return { seconds: seconds[command] ?? 1, peakBytes: undefined, output: '', complaint: '', exitCode: 0, tooSlow: false };
  };
  const results = await takeTurns(task, { runs, patience: 100 }, { newFolder: () => '', run, say: () => {} });
  return { order, results, tasks: [{ ...task, results }] };
}

describe('rounds', () => {
  it('everybody runs in turn, in alternating order', async () => {
    const { order, tasks } = await turns(taskWith(fake('paxcheck', 17), fake('peer', 17)), 3);
    expect(order).toEqual(['paxcheck', 'peer', 'peer', 'paxcheck', 'paxcheck', 'peer']);
    expect(exitCodeOf(tasks)).toBe(0);
  });

  it.each([['count', 18, 3], ['depth', 17, 4]])('who has a wrong %s is reported as wrong, runs once, is not compared, and the exit code is 1', async (_what, count, depth) => {
    const { order, results, tasks } = await turns(taskWith(fake('paxcheck', 17), fake('peer', count, depth)), 3, { peer: 0.123 });
    expect(order.filter((who) => who === 'peer')).toHaveLength(1);
    expect(results[1]).toMatchObject({ status: 'wrong', times: [] });
    expect(exitCodeOf(tasks)).toBe(1);
    const text = describeTask(tasks[0]!).join('\n');
    expect(text).toContain('WRONG: peer, fake');
    expect(text).not.toContain('0.12');
  });

  it('nobody is compared with us if it is we who count wrong', async () => {
    const { tasks } = await turns(taskWith(fake('paxcheck', 16), fake('peer', 17)));
    expect(exitCodeOf(tasks)).toBe(1);
    expect(describeTask(tasks[0]!).find((line) => line.includes('peer '))).toMatch(/1\.00 +one run +- +-$/);
  });

  it('ratios are theirs to ours, of medians', async () => {
    const { tasks } = await turns(taskWith(fake('paxcheck', 17), fake('peer', 17)), 1, { paxcheck: 2, peer: 5 });
    expect(describeTask(tasks[0]!).find((line) => line.includes('peer '))).toContain('2.50');
  });

  it('who cannot be compiled is reported as failed', async () => {
    const broken: Contender = { ...fake('peer', 17), prepare: () => Promise.reject(new Error('gcc failed')) };
    const { results, tasks } = await turns(taskWith(fake('paxcheck', 17), broken));
    expect(results[1]).toMatchObject({ status: 'failed', detail: 'gcc failed' });
    expect(exitCodeOf(tasks)).toBe(1);
  });
});

describe('roll call', () => {
  it('who is missing is skipped visibly, with the command that installs it', () => {
    const peer = (name: string, missing?: string) => ({ name, missing: () => missing, version: () => '1', contenders: () => [] });
    const roll = rollCall([peer('here'), peer('away', 'no away here; on Debian: apt-get install away')]);
    expect(roll.present.map(({ name }) => name)).toEqual(['here']);
    expect(describeSkipped(roll)).toEqual(['skipped away: no away here; on Debian: apt-get install away']);
  });
});
