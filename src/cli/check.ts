/** `paxcheck check`: logs of an implementation against the rules. */
import { Command } from '@commander-js/extra-typings';
import type { Verdict } from '../../model/verdict.js';
import type { CheckResult } from '../check/check.js';
import { check, checkParts } from '../check/check.js';
import { checkJson, describeCheck } from '../report/check-report.js';
import { TraceError } from '../trace/errors.js';
import { openTraces } from '../trace/files.js';
import type { Trace } from '../trace/read.js';
import { groupParts } from '../trace/parts.js';
import { readTraces } from '../trace/read.js';
import { writeTrace } from '../trace/write.js';
import { plural } from '../numbers.js';
import { EXIT, exitCodeOf } from './exit-code.js';
import { reportFailure } from './failure.js';
import { progress } from './progress.js';
import { saveText } from './save-text.js';
import { paintVerdict } from './style.js';
import { UsageError } from './usage-error.js';

const EXAMPLES = `
Examples:
  paxcheck check run.ndjson                    one file; it may hold several traces
  paxcheck check logs/                         every .ndjson below a folder
  paxcheck check n1.ndjson n2.ndjson n3.ndjson logs of single nodes ("order": "per-node"), without a common clock
  myserver --trace - | paxcheck check -        standard input
  paxcheck check --json logs/ > verdicts       one JSON object a line, one line a trace

The format is in spec/trace-format.md; the shortest useful log is a header and a line for each promise and vote.`;

/** What all traces together come to. */
interface Tally {
  readonly verdicts: Record<Verdict, number>;
  badFiles: number;
  /** Traces that put no rule to the test; they are inconclusive, too. */
  untested: number;
}

function exitCode({ verdicts, badFiles, untested }: Tally, strict: boolean): number {
  if (verdicts.unsafe > 0) return EXIT.unsafe;
  if (badFiles > 0) return EXIT.badInput;
  if (verdicts.deviates > 0 && strict) return exitCodeOf('deviates', strict);
  if (verdicts.inconclusive > untested) return EXIT.inconclusive;
  return untested > 0 ? EXIT.nothingTested : EXIT.conforms;
}

function summary(tally: Tally): string {
  const traces = Object.values(tally.verdicts).reduce((sum, times) => sum + times, 0);
  const parts = (Object.entries(tally.verdicts) as [Verdict, number][]).filter(([, times]) => times > 0).map(([verdict, times]) => `${times} ${paintVerdict(verdict)}`);
  return `${plural(traces, 'trace')}: ${[...parts, ...(tally.badFiles > 0 ? [`${plural(tally.badFiles, 'file')} not understood`] : []), ...(tally.untested > 0 ? [`${tally.untested} put no rule to the test`] : [])].join(', ')}`;
}

/** An unknown kind of event or a newer version is an error for users who ask for strictness. */
const isRefused = (trace: Trace, strict: boolean): boolean => strict && trace.warnings.length > 0;

export const checkCommand = () =>
  new Command('check')
    .description('Check logs against the rules of Paxos: the first wrong line, the rule it breaks, and what that can cost.')
    .argument('<files...>', 'trace files, folders, or - for standard input')
    .option('--strict', 'exit 1 for "deviates", too; unknown kinds of event are errors')
    .option('--linearize <file>', 'of logs with "order": "per-node": write the order in which they were checked, as a trace with "order": "total"')
    .option('--quiet', 'only what does not conform, and the summary')
    .option('--verbose', 'list the rules that a trace did not exercise')
    .option('--json', 'one JSON object a line: a verdict for each trace, an error for each file not understood')
    .addHelpText('after', EXAMPLES)
    .action(async (files, options) => {
      const tally: Tally = { verdicts: { conforms: 0, deviates: 0, unsafe: 0, inconclusive: 0 }, badFiles: 0, untested: 0 };
      const bar = progress(options.json);
      let seen = 0;
      // Logs without an order between nodes wait for the other files.
      const parts: Trace[] = [];
      const orders: Trace[] = [];
      const onTrace = (trace: Trace): void => {
        bar.update(() => `${plural(++seen, 'trace')} checked, now ${trace.file}`);
        if (isRefused(trace, options.strict === true)) {
          tally.badFiles++;
          bar.clear();
          for (const { line, code, message } of trace.warnings) console.error(`${trace.file}:${line}: ${code}: ${message} (an error under --strict)`);
          return;
        }
        if (trace.header.order === 'per-node') parts.push(trace);
        else report(check(trace));
      };
      const report = (result: CheckResult): void => {
        if (result.trace.places !== undefined) orders.push(result.trace);
        tally.verdicts[result.verdict]++;
        if (!result.tested && result.first === undefined) tally.untested++;
        if (options.json) console.log(JSON.stringify(checkJson(result)));
        else if (!options.quiet || result.verdict !== 'conforms') {
          bar.clear();
          console.log(describeCheck(result, { paint: paintVerdict, verbose: options.verbose === true }).join('\n'));
        }
      };
      for (const path of files) await checkPath(path, onTrace, tally, options.json === true);
      for (const group of groupParts(parts)) orTally(() => report(checkParts(group)), tally, options.json === true);
      if (options.linearize !== undefined) saveOrders(options.linearize, orders);
      bar.clear();
      if (!options.json) console.log(summary(tally));
      process.exitCode = exitCode(tally, options.strict === true);
    });

/** Checks every file below the path; a file that is not understood does not keep the others from being checked. */
async function checkPath(path: string, onTrace: (trace: Trace) => void, tally: Tally, json: boolean): Promise<void> {
  const failed = (error: unknown): void => tallyError(error, tally, json);
  try {
    for await (const { file, input } of openTraces(path)) {
      try {
        for await (const trace of readTraces(input, file)) onTrace(trace);
      } catch (error) {
        failed(error);
      }
    }
  } catch (error) {
    failed(error);
  }
}

/** Files that are not understood are counted, and told. */
function tallyError(error: unknown, tally: Tally, json: boolean): void {
  if (!(error instanceof TraceError)) throw error;
  tally.badFiles++;
  if (json) console.log(JSON.stringify({ format: 'paxcheck-verdict', version: 1, ...error.location, error: { name: error.name, code: error.code, message: error.message, hint: error.hint } }));
  else reportFailure(error);
}

function orTally(act: () => void, tally: Tally, json: boolean): void {
  try {
    act();
  } catch (error) {
    tallyError(error, tally, json);
  }
}

/** The orders that were found, one trace after the other. */
function saveOrders(file: string, traces: readonly Trace[]): void {
  if (traces.length === 0) throw new UsageError('there is no order to write: none of the traces has "order": "per-node"', 'leave --linearize out; the lines of the others are in real order already');
  saveText(file, traces.map(({ header: { events: _, ...header }, events }) => writeTrace({ ...header, events: events.length }, events.map(({ event }) => event))).join(''));
}
