/**
 * Everybody in turn, several times, in alternating order: what slows the machine for a while slows all alike. Answers come before
 * times: who counts wrong is out, and no time of his is compared.
 */
import type { Answer, Contender, Program } from './contender.js';
import type { Run } from './stopwatch.js';
import type { Task } from './task.js';

/** `gave up`: the limit of time ended it. `failed`: it could not be compiled, or did not come to a proper end. */
export type Status = 'measured' | 'wrong' | 'failed' | 'gave up';

export interface Result {
  readonly who: string;
  readonly mode: string;
  status: Status;
  /** Why it is not `measured`. */
  detail?: string;
  answer?: Answer;
  /** Seconds of each run. */
  readonly times: number[];
  peakBytes?: number;
}

export interface Rules {
  readonly runs: number;
  /** Who takes longer than so many seconds runs once only. */
  readonly patience: number;
}

export interface Means {
  /** An empty folder that nobody else gets. */
  readonly newFolder: () => string;
  readonly run: (program: Program) => Promise<Run>;
  readonly say: (line: string) => void;
}

interface Participant {
  readonly program: Program;
  readonly result: Result;
}

/** Results in the order of the task's contenders. */
export async function takeTurns(task: Task, rules: Rules, means: Means): Promise<Result[]> {
  const results: Result[] = [];
  const participants: Participant[] = [];
  for (const contender of task.contenders) {
    const result: Result = { who: contender.who, mode: contender.mode, status: 'measured', times: [] };
    results.push(result);
    const program = await prepared(contender, result, means);
    if (program !== undefined) participants.push({ program, result });
  }
  for (let round = 1; round <= rules.runs; round++) {
    for (const participant of round % 2 === 1 ? participants : [...participants].reverse()) {
      if (participant.result.status !== 'measured' || participant.result.times[0]! > rules.patience) continue;
      noteRun(task, participant, await means.run(participant.program));
      means.say(`  round ${round} of ${rules.runs}: ${describe(participant.result)}`);
    }
  }
  return results;
}

async function prepared(contender: Contender, result: Result, means: Means): Promise<Program | undefined> {
  try {
    return await contender.prepare(means.newFolder());
  } catch (error) {
    result.status = 'failed';
    result.detail = error instanceof Error ? error.message : String(error);
    means.say(`  ${describe(result)}`);
    return undefined;
  }
}

function noteRun({ right, unit }: Task, { program, result }: Participant, run: Run): void {
  const answer = run.exitCode === (program.exitCode ?? 0) ? program.read(run.output) : undefined;
  if (run.tooSlow) fail(result, 'gave up', `no answer after ${run.seconds.toFixed(0)} s`);
  else if (answer === undefined) fail(result, 'failed', `exit code ${run.exitCode ?? 'none'}: ${run.complaint || run.output.trim().slice(-300)}`);
  else if (answer.count !== right.count) fail(result, 'wrong', `${answer.count} ${unit}, but ${right.count} is right`);
  else if (answer.depth !== undefined && answer.depth !== right.depth) fail(result, 'wrong', `depth ${answer.depth}, but ${right.depth} is right`);
  if (answer !== undefined) result.answer = answer;
  if (result.status !== 'measured') return;
  result.times.push(run.seconds);
  if (run.peakBytes !== undefined) result.peakBytes = Math.max(result.peakBytes ?? 0, run.peakBytes);
}

function fail(result: Result, status: Status, detail: string): void {
  result.status = status;
  result.detail = detail;
  result.times.length = 0;
}

const describe = ({ who, mode, status, detail, times }: Result): string => `${who}, ${mode}: ${status === 'measured' ? `${times.at(-1)!.toFixed(2)} s` : `${status}: ${detail ?? ''}`}`;
