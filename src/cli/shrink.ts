/** `paxcheck shrink`: of a long log what is needed to break the same rule. */
import { Command } from '@commander-js/extra-typings';
import { plural } from '../numbers.js';
import { shrink } from '../check/shrink.js';
import { openTraces } from '../trace/files.js';
import type { Trace } from '../trace/read.js';
import { placeIn, readTraces } from '../trace/read.js';
import { writeTrace } from '../trace/write.js';
import { wholeNumber } from './options.js';
import { saveText } from './save-text.js';
import { UsageError } from './usage-error.js';

const EXAMPLES = `
Examples:
  paxcheck shrink run.ndjson > small.ndjson        the first trace of the file in which something is wrong
  paxcheck shrink run.ndjson --line 1042           the trace whose header is in line 1042
  paxcheck shrink run.ndjson | paxcheck check -    what is wrong, in few lines`;

export const shrinkCommand = () =>
  new Command('shrink')
    .description('Leave out of a log whatever the first wrong line can do without: the same line breaks the same rule, in as few lines as possible.')
    .argument('<file>', 'a trace file, or - for standard input')
    .option('-l, --line <n>', 'the line of the header, if the file has several traces', wholeNumber(1, 2 ** 31))
    .option('-o, --output <file>', 'where to write it (default: standard output)')
    .addHelpText('after', EXAMPLES)
    .action(async (file, { line, output }) => {
      const found = await firstWrong(file, line);
      const text = writeTrace(found.header, found.events);
      if (output === undefined) process.stdout.write(text);
      else saveText(output, text);
      console.error(`${plural(found.events.length, 'event')} of ${found.whole} are left; ${found.at} breaks ${found.rule}`);
    });

async function firstWrong(path: string, line: number | undefined) {
  let seen = 0;
  for await (const { file, input } of openTraces(path)) {
    for await (const trace of readTraces(input, file)) {
      if (line !== undefined && trace.headerLine !== line) continue;
      seen++;
      const shrunk = shrink(trace);
      if (shrunk !== null) return { ...shrunk, whole: trace.events.length, at: whereIn(trace, shrunk.finding.line), rule: shrunk.finding.rule };
    }
  }
  if (seen === 0) throw new UsageError(`no trace of ${path} has its header in line ${line}`, 'paxcheck check names the header of each trace by file and line');
  throw new UsageError(`no line of ${path} breaks a rule: there is nothing to shrink`, 'paxcheck check says what was tested');
}

function whereIn(trace: Trace, line: number): string {
  // Logs without an order between nodes are one file here; their lines are counted in the order that was found.
  const place = placeIn(trace, line);
  return trace.header.order === 'total' ? `${place.file}:${place.line}` : `an event of ${place.file}`;
}
