/** Errors as a person can use them: what is wrong, where, and what to do next. */
import { CheckpointError } from '../engine/checkpoint-error.js';
import { LimitError } from '../engine/limit-error.js';
import { TraceError, describeError } from '../trace/errors.js';
import { EXIT } from './exit-code.js';
import { UsageError } from './usage-error.js';

/** Prints the error to stderr and returns the exit code for it. */
export function reportFailure(error: unknown): number {
  if (error instanceof TraceError) {
    console.error(describeError(error));
    return EXIT.badInput;
  }
  if (error instanceof UsageError || error instanceof LimitError) {
    console.error(`paxcheck: ${error.message}\n  hint: ${error.hint}`);
    return error instanceof UsageError ? EXIT.usage : EXIT.inconclusive;
  }
  if (error instanceof CheckpointError) {
    console.error(`paxcheck: ${error.message}\n  hint: ${error.hint}`);
    return error.code === 'NOT_WRITABLE' ? EXIT.usage : EXIT.badInput;
  }
  console.error(`paxcheck: a fault of paxcheck itself, please report it: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  return EXIT.inconclusive;
}
