/** Verdicts told one by one, as soon as they are known: for people, and as lines of JSON. */
import type { TraceError } from '../trace/errors.js';
import { refusalJson } from './check-problems.js';
import type { CheckTextOptions } from './check-report.js';
import { checkJson, describeCheck } from './check-report.js';
import type { CheckReporter } from './check-reporter.js';
import { inPieces } from './check-reporter.js';

export type Print = (text: string) => void;

export interface LineOptions extends CheckTextOptions {
  /** Only what does not conform. */
  readonly quiet: boolean;
}

/** Errors are told elsewhere. */
export const textReporter = (options: LineOptions, print: Print): CheckReporter => ({
  ...inPieces<string | null>({
    of: (result) => (options.quiet && result.verdict === 'conforms' ? null : describeCheck(result, options).join('\n')),
    add: (piece) => {
      if (piece !== null) print(piece);
    },
  }),
  error: () => undefined,
  refused: () => undefined,
  end: () => '',
});

export const jsonReporter = (print: Print): CheckReporter => ({
  ...inPieces<string>({ of: (result, identity) => JSON.stringify(checkJson(result, identity)), add: print }),
  error: ({ location, name, code, message, hint }: TraceError) => print(JSON.stringify({ format: 'paxcheck-verdict', version: 1, ...location, error: { name, code, message, hint } })),
  refused: (trace) => print(JSON.stringify(refusalJson(trace))),
  end: () => '',
});
