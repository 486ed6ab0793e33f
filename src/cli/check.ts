/** `paxcheck check`: logs of an implementation against the rules. */
import { Command, Option } from '@commander-js/extra-typings';
import type { Trace } from '../trace/read.js';
import { writeTrace } from '../trace/write.js';
import { FORMATS, finish } from './check-formats.js';
import { CheckRun } from './check-run.js';
import { follow, interruption, tell } from './follow.js';
import { MAX_THREADS, wholeNumber } from './options.js';
import { progress } from './progress.js';
import { saveText } from './save-text.js';
import { shardOf } from './shard.js';
import { textWidth, wantsColour } from './style.js';
import { count, emptyTally, exitCode, summary } from './tally.js';
import { UsageError } from './usage-error.js';

const EXAMPLES = `
Examples:
  paxcheck check run.ndjson                    one file; it may hold several traces
  paxcheck check logs/                         every .ndjson below a folder
  paxcheck check n1.ndjson n2.ndjson n3.ndjson logs of single nodes ("order": "per-node"), without a common clock
  myserver --trace - | paxcheck check -        standard input
  paxcheck check --follow run.ndjson           while it is being written, until Ctrl-C
  paxcheck check --json logs/ > verdicts       one JSON object a line, one line a trace
  paxcheck check --json --shard 2/4 logs/      the second of four jobs over the same folder; for "paxcheck merge"
  paxcheck check -f html logs/ > report.html   a page with charts, for people
  paxcheck check -f github logs/               annotations of a GitHub workflow, and a summary of the run

The format is in spec/trace-format.md; the shortest useful log is a header and a line for each promise and vote.`;

export const checkCommand = () =>
  new Command('check')
    .description('Check logs against the rules of Paxos: the first wrong line, the rule it breaks, and what that can cost.')
    .argument('<files...>', 'trace files, folders, or - for standard input')
    .option('--strict', 'take logs for complete: what a node did and is not there did not happen; exit 1 for "deviates", too; unknown kinds of event are errors')
    .option('--linearize <file>', 'of logs with "order": "per-node": write the order in which they were checked, as a trace with "order": "total"')
    .option('--quiet', 'only what does not conform, and the summary')
    .option('--verbose', 'list the rules that a trace did not exercise')
    .option('--json', 'the same as --format json')
    .addOption(new Option('-f, --format <format>', 'text; json: one object a line for each trace or file not understood; junit, sarif, github: for what shows test results, findings, annotations; html: a page with charts').choices(FORMATS).default('text' as const))
    .option('--follow', 'one file that is still being written: tell what is wrong when it is there, until Ctrl-C')
    .option('--shard <i/n>', 'check the i-th of n shares of the traces only; every trace is in one of them, by its content')
    .option('--max-errors <n>', 'tell at most so many errors of a trace that do not follow from each other (default 10)', wholeNumber(1, 1000))
    .option('-t, --threads <n>', 'threads (default: all cores, one for few files)', wholeNumber(1, MAX_THREADS))
    .addHelpText('after', EXAMPLES)
    .action(async (files, options) => {
      const format = options.json ? 'json' : options.format;
      const strict = options.strict === true;
      if (options.follow === true) {
        await checkLive(files, format, strict, options.maxErrors);
        return;
      }
      const shard = options.shard === undefined ? null : shardOf(options.shard);
      const run = new CheckRun({ format, strict, quiet: options.quiet === true, verbose: options.verbose === true, colour: wantsColour(), width: textWidth(), shard, ...(options.maxErrors !== undefined && { maxErrors: options.maxErrors }) }, progress(format !== 'text'));
      await run.check(files, options.threads);
      finish(run.reporter);
      if (format === 'text') console.log(run.summary);
      else if (format === 'json') console.log(JSON.stringify(run.summaryJson));
      else if (shard !== null) console.error(run.summary);
      process.exitCode = exitCode(run.tally, strict);
      // At last: what was found is told in any case.
      if (options.linearize !== undefined && run.tally.badFiles === 0) saveOrders(options.linearize, run.orders);
    });

/** One file, until Ctrl-C. */
async function checkLive(files: readonly string[], format: string, strict: boolean, maxErrors: number | undefined): Promise<void> {
  const [file, ...more] = files;
  if (file === undefined || file === '-' || more.length > 0) throw new UsageError('--follow takes one file', 'a pipe is followed without it: its lines are checked as they come');
  if (format !== 'text' && format !== 'json') throw new UsageError(`--follow and --format ${format}: it tells what it finds as it comes`, 'leave one of them out');
  const options = { json: format === 'json', strict, width: textWidth(), ...(maxErrors !== undefined && { maxErrors }) };
  const tally = emptyTally();
  for (const result of await follow(file, options, interruption())) {
    tell(result, options);
    count(tally, result.verdict, !result.tested && result.first === undefined);
  }
  if (format === 'text') console.log(summary(tally));
  process.exitCode = exitCode(tally, strict);
}

/** The orders that were found, one trace after the other. */
function saveOrders(file: string, traces: readonly Trace[]): void {
  if (traces.length === 0) throw new UsageError('there is no order to write: none of the traces has "order": "per-node"', 'leave --linearize out; the lines of the others are in real order already');
  saveText(file, traces.map(({ header: { events: _, ...header }, events }) => writeTrace({ ...header, events: events.length }, events.map(({ event }) => event))).join(''));
}
