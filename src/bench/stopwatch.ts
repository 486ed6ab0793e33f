/** One process under the clock: wall-clock time from start to end, and its peak memory where GNU time is there to tell. */
import type { ChildProcess } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Program } from './contender.js';

export interface Run {
  readonly seconds: number;
  readonly peakBytes: number | undefined;
  readonly output: string;
  /** The end of what it wrote to stderr. */
  readonly complaint: string;
  /** Null: a signal ended it. */
  readonly exitCode: number | null;
  readonly tooSlow: boolean;
}

const GNU_TIME = '/usr/bin/time';
const COMPLAINT_LENGTH = 500;

const hasGnuTime = (): boolean => {
  const { error, stderr } = spawnSync(GNU_TIME, ['-f', '%M', process.execPath, '--version'], { encoding: 'utf8' });
  return error === undefined && /^\d+\s*$/.test(stderr);
};

export class Stopwatch {
  readonly measuresMemory = hasGnuTime();
  #running: ChildProcess | undefined;

  /** Programs run in `folder`, and no longer than so many seconds. */
  constructor(
    private readonly folder: string,
    private readonly maxSeconds: number,
  ) {}

  /** Never rejects: a program that cannot be started is a run with a complaint. */
  async run({ command, args }: Program): Promise<Run> {
    const memoryFile = join(this.folder, 'peak-memory');
    // The kernel tells GNU time the peak once the process has ended. It costs a millisecond, the same for everybody.
    const [program, ...rest] = this.measuresMemory ? [GNU_TIME, '-o', memoryFile, '-f', '%M', command, ...args] : [command, ...args];
    const started = performance.now();
    // A group of its own, so that ending it ends all that it started.
    const child = spawn(program, rest, { cwd: this.folder, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#running = child;
    let [output, complaint, tooSlow] = ['', '', false];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint = (complaint + text).slice(-COMPLAINT_LENGTH)));
    const timer = setTimeout(() => {
      tooSlow = true;
      this.stop();
    }, this.maxSeconds * 1000);
    const exitCode = await new Promise<number | null>((resolve) => {
      child.on('error', (error) => {
        complaint = error.message;
        resolve(null);
      });
      child.on('close', resolve);
    });
    const seconds = (performance.now() - started) / 1000;
    clearTimeout(timer);
    this.#running = undefined;
    return { seconds, peakBytes: this.measuresMemory ? peakIn(memoryFile) : undefined, output, complaint: complaint.trim(), exitCode, tooSlow };
  }

  /** Ends what is running now. */
  stop(): void {
    if (this.#running?.pid === undefined) return;
    try {
      process.kill(-this.#running.pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
}

/** GNU time writes kilobytes, after a line on the exit code if that is not 0. */
function peakIn(file: string): number | undefined {
  try {
    const kilobytes = Number(readFileSync(file, 'utf8').trim().split('\n').at(-1));
    return Number.isFinite(kilobytes) ? kilobytes * 1024 : undefined;
  } catch {
    return undefined;
  } finally {
    rmSync(file, { force: true });
  }
}
