/** What can go wrong with an adapter, as opposed to the acceptor behind it: never a violation, always exit code 4. */
export type DriverErrorCode =
  | 'ADAPTER_NOT_FOUND'
  | 'ADAPTER_TIMEOUT'
  | 'ADAPTER_EXITED'
  | 'ADAPTER_GARBAGE'
  | 'ADAPTER_WRONG_ID'
  | 'ADAPTER_FLOOD'
  | 'ADAPTER_INVALID_ANSWER'
  | 'ADAPTER_ERROR';

const HINTS: Readonly<Record<DriverErrorCode, string>> = {
  ADAPTER_NOT_FOUND: 'check the spelling and the path; everything after -- is the command, relative to the current folder',
  ADAPTER_TIMEOUT: 'flush stdout after every answer, and end every answer with a newline; --timeout and --start-timeout give it more time',
  ADAPTER_EXITED: 'run the adapter by hand and paste the last command; if the implementation does not expect this input, answer skip',
  ADAPTER_GARBAGE: 'stdout is for answers only, one JSON object a line in UTF-8; log to stderr',
  ADAPTER_WRONG_ID: 'give exactly one answer for each command, with the id of that command',
  ADAPTER_FLOOD: 'give exactly one answer for each command, of at most 1 MiB; log to stderr',
  ADAPTER_INVALID_ANSWER: 'see spec/driver-protocol.md for the answer that this command wants',
  ADAPTER_ERROR: 'the adapter itself says that it failed; if the implementation does not expect this input, answer skip',
};

/** Where the conversation stood. */
export interface Circumstances {
  /** The last command sent, as a line of JSON. */
  readonly command?: string;
  /** The last lines that the adapter wrote to stderr. */
  readonly stderr?: readonly string[];
}

/** The adapter failed; nothing follows from it for the acceptor. */
export class DriverError extends Error {
  override readonly name = 'DriverError';
  readonly hint: string;
  readonly command: string | undefined;
  readonly stderr: readonly string[];

  constructor(readonly code: DriverErrorCode, message: string, circumstances: Circumstances = {}, hint?: string) {
    super(message);
    this.hint = hint ?? HINTS[code];
    this.command = circumstances.command;
    this.stderr = circumstances.stderr ?? [];
  }
}
