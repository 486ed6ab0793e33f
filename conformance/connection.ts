/** The conversation with one acceptor, wherever it runs: commands in, answers out, in lock-step. */
import type { DriveAnswer, DriveCommand, HelloAnswer } from '../src/index.js';
import type { DriverError } from './driver-error.js';
import { problemWith } from './validate.js';

type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;

/** A command before it is given its id. */
export type CommandBody = WithoutId<DriveCommand>;

export interface Connection {
  /** Starts the subject, or starts it again after `kill`, and says hello. */
  start(): Promise<HelloAnswer>;
  /** Sends the command and waits for its answer. Throws DriverError. */
  call(body: CommandBody): Promise<DriveAnswer>;
  /** Ends the subject as a power failure would. */
  kill(): Promise<void>;
  /** Asks the subject to stop, and sees to it that nothing is left of it. */
  close(): Promise<void>;
}

/** A line of a transcript: what was said, in order. */
export type TranscriptLine = { readonly command: DriveCommand } | { readonly answer: DriveAnswer } | { readonly killed: true };

/** Takes every line of the conversation as it happens. */
export type Recorder = (line: TranscriptLine) => void;

/** The answer, if it is one to this command. Throws DriverError; `fail` adds the circumstances. */
export function checkedAnswer(command: DriveCommand, answer: unknown, fail: (code: DriverError['code'], message: string) => DriverError): DriveAnswer {
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) throw fail('ADAPTER_GARBAGE', `answered ${JSON.stringify(answer).slice(0, 80)} to ${command.command}, not a JSON object`);
  const { id } = answer as { id?: unknown };
  if (id !== command.id) throw fail('ADAPTER_WRONG_ID', `answered ${id === undefined ? 'without an id' : `with id ${JSON.stringify(id)}`} to command ${command.id} (${command.command})`);
  const problem = problemWith(command.command, answer);
  if (problem !== null) throw fail('ADAPTER_INVALID_ANSWER', `gave ${command.command} an answer that is not valid: ${problem}`);
  const valid = answer as DriveAnswer;
  if ('error' in valid) throw fail('ADAPTER_ERROR', `answered error to ${command.command}: ${valid.error.message}`);
  return valid;
}
