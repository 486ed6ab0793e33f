/** `paxcheck merge`: the verdicts of several jobs, as those of one. */
import { Command, Option } from '@commander-js/extra-typings';
import { plural } from '../numbers.js';
import { TraceError } from '../trace/errors.js';
import type { TraceSourceFile } from '../trace/files.js';
import { openTraces } from '../trace/files.js';
import { EXIT } from './exit-code.js';
import { RUNS_NOT_CHECKED } from './check-run.js';
import { Merger } from './merger.js';
import { exitCode, summary, tracesIn } from './tally.js';
import { readVerdicts } from './verdict-lines.js';
import { VERSION } from './version.js';

const EXAMPLES = `
Examples:
  paxcheck check --json --shard 1/4 logs/ > 1.ndjson    the first of four jobs, wherever they run
  paxcheck merge 1.ndjson 2.ndjson 3.ndjson 4.ndjson    what one job would have said of all of logs/
  paxcheck merge verdicts/                              every .ndjson below a folder; it may be compressed
  cat verdicts/* | paxcheck merge -f json -             standard input; one JSON object

A trace that several jobs have judged is counted once. A job that did not come to its end leaves no summary line: then
nothing passes.`;

export const mergeCommand = () =>
  new Command('merge')
    .description('Put the verdicts of several "paxcheck check --json" together: the summary and the exit code of one check of everything.')
    .argument('<files...>', 'what "paxcheck check --json" wrote: files, folders, or - for standard input')
    .option('--strict', 'as if the jobs had run with --strict')
    .option('--json', 'the same as --format json')
    .addOption(new Option('-f, --format <format>', 'text; json: one object').choices(['text', 'json'] as const).default('text' as const))
    .addHelpText('after', EXAMPLES)
    .action(async (files, options) => {
      const merger = new Merger(options.strict === true);
      for (const path of files) for await (const source of openTraces(path)) await mergeFile(source, merger);
      tellDoubts(merger);
      console.log(options.json || options.format === 'json' ? JSON.stringify(mergedJson(merger)) : summary(merger.tally));
      process.exitCode = exitCodeOf(merger);
    });

async function mergeFile({ file, input }: TraceSourceFile, merger: Merger): Promise<void> {
  let lines = 0;
  let told: number | null = null;
  let isCut = false;
  try {
    for await (const { number, line } of readVerdicts(input, file)) {
      merger.add(line, { file, line: number });
      if (line.kind === 'summary') told = (told ?? 0) + line.lines;
      else lines++;
    }
  } catch (error) {
    // So a job ends that is killed while it writes.
    if (!(error instanceof TraceError) || error.code !== 'TRACE_CUT') throw error;
    isCut = true;
  }
  merger.endFile(file, lines, told, isCut);
}

/** What keeps the verdicts from being what one job would have said. */
function tellDoubts(merger: Merger): void {
  for (const reason of merger.incomplete) console.error(`paxcheck: incomplete: ${reason}`);
  if (merger.checkers.length > 1) console.error(`paxcheck: warning: the verdicts are of different versions of paxcheck: ${merger.checkers.join(', ')}`);
  if (merger.duplicates > 0) console.error(`paxcheck: ${plural(merger.duplicates, 'verdict')} of ${merger.duplicates === 1 ? 'a trace' : 'traces'} that had one already: each trace is counted once`);
  if (merger.runsNotChecked) console.error(RUNS_NOT_CHECKED);
}

function mergedJson(merger: Merger): object {
  const { tally, strict, checkers, duplicates, incomplete, missing } = merger;
  return { format: 'paxcheck-merge', version: 1, checker: VERSION, checkers, strict, traces: tracesIn(tally), verdicts: tally.verdicts, notUnderstood: tally.badFiles, untested: tally.untested, duplicates, complete: incomplete.length === 0, incomplete, missing };
}

function exitCodeOf(merger: Merger): number {
  const { tally, strict, incomplete } = merger;
  const code = exitCode(tally, strict, incomplete.length === 0);
  return code === EXIT.conforms && tracesIn(tally) === 0 ? EXIT.nothingTested : code;
}
