/**
 * An adapter as a child process: one line out, one line in. Whatever it does instead of answering becomes a
 * DriverError, and its whole process group is ended with it.
 */
import type { DriveAnswer, DriveCommand, HelloAnswer } from '../src/index.js';
import type { CommandBody, Connection, Recorder } from './connection.js';
import { checkedAnswer } from './connection.js';
import type { DriverErrorCode } from './driver-error.js';
import { DriverError } from './driver-error.js';
import { LineBuffer } from './line-buffer.js';
import type { ProcessGroup } from './process-group.js';
import { startGroup } from './process-group.js';

export interface DriverOptions {
  /** Milliseconds for hello and init. Default: 10000. */
  readonly startTimeout?: number;
  /** Milliseconds for any other command. Default: 2000. */
  readonly timeout?: number;
  /** Bytes that the adapter may send before it is asked, its answer included. Default: 1 MiB. */
  readonly maxBytes?: number;
  readonly record?: Recorder;
}

interface Waiting {
  readonly command: DriveCommand;
  readonly resolve: (answer: DriveAnswer) => void;
  readonly reject: (error: DriverError) => void;
  readonly timer: NodeJS.Timeout;
}

const STDERR_LINES = 20;
const STDERR_BYTES = 8192;
/** Milliseconds in which the last output of a process that has ended arrives. */
const GRACE = 100;

/** How the process ended; null while it runs. */
function fateOf({ exitCode, signalCode }: ProcessGroup['child']): string | null {
  if (signalCode !== null) return `was ended by ${signalCode}`;
  return exitCode === null ? null : `ended with exit code ${exitCode}`;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

export class Driver implements Connection {
  private group: ProcessGroup | undefined;
  private lines = new LineBuffer();
  private stderr = '';
  private waiting: Waiting | undefined;
  private failure: DriverError | undefined;
  private lastCommand: string | undefined;
  private id = 0;

  constructor(private readonly command: readonly string[], private readonly options: DriverOptions = {}) {}

  /** The id of the process group; undefined before the start. */
  get pid(): number | undefined {
    return this.group?.child.pid;
  }

  async start(): Promise<HelloAnswer> {
    this.lines = new LineBuffer();
    this.listenTo((this.group = startGroup(this.command)));
    const answer = await this.call({ command: 'hello', versions: [1] });
    if (!('version' in answer)) throw this.fail('ADAPTER_INVALID_ANSWER', 'does not answer hello with version, implementation and roles');
    if (answer.version !== 1) throw this.fail('ADAPTER_INVALID_ANSWER', `wants version ${answer.version} of the protocol; this kit speaks 1`);
    return answer;
  }

  call(body: CommandBody): Promise<DriveAnswer> {
    const command = { id: ++this.id, ...body };
    return new Promise((resolve, reject) => {
      if (this.failure !== undefined) { reject(this.failure); return; }
      const timer = setTimeout(() => this.fail('ADAPTER_TIMEOUT', this.silence(command)), this.timeFor(command));
      this.waiting = { command, resolve, reject, timer };
      this.lastCommand = JSON.stringify(command);
      this.options.record?.({ command });
      const { group } = this;
      // A pipe that was closed before tells only whoever writes.
      group?.child.stdin.write(`${this.lastCommand}\n`, (error) => {
        if (error) this.ended(group, 'closed its input');
      });
      this.takeLine();
    });
  }

  async kill(): Promise<void> {
    const { group } = this;
    this.group = undefined;
    this.options.record?.({ killed: true });
    await group?.kill();
  }

  async close(): Promise<void> {
    const { group } = this;
    if (group === undefined) return;
    const exited = new Promise((resolve) => group.child.once('exit', resolve));
    if (this.failure === undefined && group.child.exitCode === null) {
      group.child.stdin.end(`${JSON.stringify({ id: ++this.id, command: 'stop' } satisfies DriveCommand)}\n`);
      await Promise.race([exited, new Promise((resolve) => setTimeout(resolve, GRACE))]);
    }
    this.group = undefined;
    await group.kill();
  }

  private timeFor({ command }: DriveCommand): number {
    return command === 'hello' || command === 'init' ? (this.options.startTimeout ?? 10_000) : (this.options.timeout ?? 2000);
  }

  private silence(command: DriveCommand): string {
    const half = this.lines.unfinished ? ', but half a line, without its newline' : '';
    return `gave no answer to ${command.command} within ${this.timeFor(command) / 1000} s${half}`;
  }

  private listenTo(group: ProcessGroup): void {
    const { child } = group;
    const mine = (): boolean => this.group === group;
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (mine()) this.fail('ADAPTER_NOT_FOUND', `cannot be started: ${error.code === 'ENOENT' ? 'no such program' : error.message}`);
    });
    child.stdout.on('data', (chunk: Buffer) => {
      if (mine()) this.received(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      this.stderr = (this.stderr + chunk.toString('utf8')).slice(-STDERR_BYTES);
    });
    child.on('exit', () => this.ended(group, 'ended'));
    child.stdout.on('end', () => this.ended(group, 'closed its output'));
    // Told to whoever wrote.
    child.stdin.on('error', () => undefined);
  }

  /** What was answered before the end may still be on its way. */
  private ended(group: ProcessGroup, how: string): void {
    setTimeout(() => {
      if (this.group === group && this.waiting !== undefined) this.fail('ADAPTER_EXITED', `${fateOf(group.child) ?? how} before it answered`);
    }, GRACE);
  }

  private received(chunk: Buffer): void {
    this.lines.push(chunk);
    const most = this.options.maxBytes ?? 1 << 20;
    if (this.lines.bytes > most) this.fail('ADAPTER_FLOOD', `sent more than ${most} bytes where one answer was due`);
    else this.takeLine();
  }

  /** Gives the next line to whoever waits for one. Lines that nobody waits for stay, and meet the next command. */
  private takeLine(): void {
    const { waiting } = this;
    const line = waiting === undefined ? undefined : this.lines.shift();
    if (waiting === undefined || line === undefined) return;
    try {
      const answer = checkedAnswer(waiting.command, this.parse(line, waiting.command), (code, message) => this.fail(code, message));
      clearTimeout(waiting.timer);
      this.waiting = undefined;
      this.options.record?.({ answer });
      waiting.resolve(answer);
    } catch (error) {
      // Told to whoever waits by fail() already.
      if (!(error instanceof DriverError)) throw error;
    }
  }

  private parse(line: Buffer, { command }: DriveCommand): unknown {
    let text: string;
    try {
      text = utf8.decode(line);
    } catch {
      throw this.fail('ADAPTER_GARBAGE', `answered ${command} with bytes that are not UTF-8`);
    }
    try {
      return JSON.parse(text);
    } catch {
      throw this.fail('ADAPTER_GARBAGE', `answered ${command} with a line that is not JSON: ${JSON.stringify(text.slice(0, 80))}`);
    }
  }

  /** Ends the conversation for good. Returns the error, which whoever waits is given too. */
  private fail(code: DriverErrorCode, message: string): DriverError {
    if (this.failure !== undefined) return this.failure;
    const stderr = this.stderr.split('\n').filter((line) => line.trim() !== '').slice(-STDERR_LINES);
    this.failure = new DriverError(code, `the adapter ${message}`, { ...(this.lastCommand !== undefined && { command: this.lastCommand }), stderr });
    const { waiting } = this;
    this.waiting = undefined;
    if (waiting !== undefined) clearTimeout(waiting.timer);
    void this.group?.kill();
    waiting?.reject(this.failure);
    return this.failure;
  }
}
