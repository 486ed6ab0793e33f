/** `paxcheck check`: logs of an implementation against the rules. */
import { Command, Option } from '@commander-js/extra-typings';
import type { Verdict } from '../../model/verdict.js';
import type { CheckResult } from '../check/check.js';
import { check, checkParts } from '../check/check.js';
import type { GithubReporter } from '../report/check-github.js';
import { githubReporter } from '../report/check-github.js';
import { htmlReporter } from '../report/check-html.js';
import { junitReporter } from '../report/check-junit.js';
import { refusalJson, refusalsOf } from '../report/check-problems.js';
import { checkJson, describeCheck } from '../report/check-report.js';
import type { CheckReporter } from '../report/check-reporter.js';
import { sarifReporter } from '../report/check-sarif.js';
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
import { appendText, saveText } from './save-text.js';
import { paintVerdict, textWidth } from './style.js';
import { UsageError } from './usage-error.js';
import { VERSION } from './version.js';

const EXAMPLES = `
Examples:
  paxcheck check run.ndjson                    one file; it may hold several traces
  paxcheck check logs/                         every .ndjson below a folder
  paxcheck check n1.ndjson n2.ndjson n3.ndjson logs of single nodes ("order": "per-node"), without a common clock
  myserver --trace - | paxcheck check -        standard input
  paxcheck check --json logs/ > verdicts       one JSON object a line, one line a trace
  paxcheck check -f html logs/ > report.html   a page with charts, for people
  paxcheck check -f github logs/               annotations of a GitHub workflow, and a summary of the run

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
    .option('--json', 'the same as --format json')
    .addOption(new Option('-f, --format <format>', 'text; json: one object a line for each trace or file not understood; junit, sarif, github: for what shows test results, findings, annotations; html: a page with charts').choices(['text', 'json', 'junit', 'sarif', 'github', 'html'] as const).default('text' as const))
    .addHelpText('after', EXAMPLES)
    .action(async (files, options) => {
      const tally: Tally = { verdicts: { conforms: 0, deviates: 0, unsafe: 0, inconclusive: 0 }, badFiles: 0, untested: 0 };
      const format = options.json ? 'json' : options.format;
      const reporter = reporterFor(format, options.strict === true);
      const onError = (error: unknown): void => tellError(error, tally, format, reporter);
      const bar = progress(format !== 'text');
      let seen = 0;
      // Logs without an order between nodes wait for the other files.
      const parts: Trace[] = [];
      const orders: Trace[] = [];
      const onTrace = (trace: Trace): void => {
        bar.update(() => `${plural(++seen, 'trace')} checked, now ${trace.file}`);
        if (isRefused(trace, options.strict === true)) {
          tally.badFiles++;
          bar.clear();
          tellRefusal(trace, format, reporter);
          return;
        }
        if (trace.header.order === 'per-node') parts.push(trace);
        else report(check(trace));
      };
      const report = (result: CheckResult): void => {
        if (result.trace.places !== undefined) orders.push(result.trace);
        tally.verdicts[result.verdict]++;
        if (!result.tested && result.first === undefined) tally.untested++;
        if (reporter !== null) reporter.result(result);
        else if (format === 'json') console.log(JSON.stringify(checkJson(result)));
        else if (!options.quiet || result.verdict !== 'conforms') {
          bar.clear();
          console.log(describeCheck(result, { paint: paintVerdict, verbose: options.verbose === true, width: textWidth() }).join('\n'));
        }
      };
      for (const path of files) await checkPath(path, onTrace, onError);
      if (tally.badFiles > 0 && parts.length > 0) console.error('paxcheck: the logs of single nodes are not checked: one that was not understood may be a part of their run');
      else for (const group of groupParts(parts)) orElse(() => report(checkParts(group)), onError);
      bar.clear();
      if (reporter !== null) finish(reporter);
      else if (format === 'text') console.log(summary(tally));
      process.exitCode = exitCode(tally, options.strict === true);
      // At last: what was found is told in any case.
      if (options.linearize !== undefined && tally.badFiles === 0) saveOrders(options.linearize, orders);
    });

type Format = 'text' | 'json' | 'junit' | 'sarif' | 'github' | 'html';

/** Null for reports that are told trace by trace. */
function reporterFor(format: Format, strict: boolean): CheckReporter | GithubReporter | null {
  if (format === 'junit') return junitReporter(strict);
  if (format === 'sarif') return sarifReporter(VERSION);
  if (format === 'html') return htmlReporter(VERSION);
  return format === 'github' ? githubReporter() : null;
}

function finish(reporter: CheckReporter | GithubReporter): void {
  const text = reporter.end();
  if (text !== '') console.log(text);
  const file = process.env.GITHUB_STEP_SUMMARY;
  if ('summary' in reporter && file !== undefined && file !== '') appendText(file, reporter.summary());
}

/** Checks every file below the path; a file that is not understood does not keep the others from being checked. */
async function checkPath(path: string, onTrace: (trace: Trace) => void, onError: (error: unknown) => void): Promise<void> {
  try {
    for await (const { file, input } of openTraces(path)) {
      try {
        for await (const trace of readTraces(input, file)) onTrace(trace);
      } catch (error) {
        onError(error);
      }
    }
  } catch (error) {
    onError(error);
  }
}

/** Files that are not understood are counted, and told. */
function tellError(error: unknown, tally: Tally, format: Format, reporter: CheckReporter | null): void {
  if (!(error instanceof TraceError)) throw error;
  tally.badFiles++;
  if (reporter !== null) reporter.error(error);
  if (format === 'json') console.log(JSON.stringify({ format: 'paxcheck-verdict', version: 1, ...error.location, error: { name: error.name, code: error.code, message: error.message, hint: error.hint } }));
  else reportFailure(error);
}

/** The same for what --strict refuses. */
function tellRefusal(trace: Trace, format: Format, reporter: CheckReporter | null): void {
  if (reporter !== null) reporter.refused(trace);
  if (format === 'json') console.log(JSON.stringify(refusalJson(trace)));
  else for (const { place, code, message } of refusalsOf(trace)) console.error(`${place.file}:${place.line}: ${code}: ${message}`);
}

function orElse(act: () => void, onError: (error: unknown) => void): void {
  try {
    act();
  } catch (error) {
    onError(error);
  }
}

/** The orders that were found, one trace after the other. */
function saveOrders(file: string, traces: readonly Trace[]): void {
  if (traces.length === 0) throw new UsageError('there is no order to write: none of the traces has "order": "per-node"', 'leave --linearize out; the lines of the others are in real order already');
  saveText(file, traces.map(({ header: { events: _, ...header }, events }) => writeTrace({ ...header, events: events.length }, events.map(({ event }) => event))).join(''));
}
