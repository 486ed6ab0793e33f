/** `paxcheck shrink`: of a long log what is needed to break the same rule. */
import { Command } from '@commander-js/extra-typings';
import { plural } from '../numbers.js';
import type { Shrunk } from '../check/shrink.js';
import { shrink } from '../check/shrink.js';
import { openTraces } from '../trace/files.js';
import { groupParts } from '../trace/parts.js';
import type { Trace } from '../trace/read.js';
import { readTraces } from '../trace/read.js';
import { writeTrace } from '../trace/write.js';
import { wholeNumber } from './options.js';
import { saveText } from './save-text.js';
import { UsageError } from './usage-error.js';

const EXAMPLES = `
Examples:
  paxcheck shrink run.ndjson > small.ndjson        the first trace of the file in which something is wrong
  paxcheck shrink run.ndjson --line 1042           the trace whose header is in line 1042
  paxcheck shrink n1.ndjson n2.ndjson n3.ndjson    a run that was logged node by node
  paxcheck shrink run.ndjson | paxcheck check -    what is wrong, in few lines`;

export const shrinkCommand = () =>
  new Command('shrink')
    .description('Leave out of a log whatever the first wrong line can do without: the same line breaks the same rule, in as few lines as possible.')
    .argument('<files...>', 'trace files, folders, or - for standard input; logs of single nodes: all those of the run')
    .option('-l, --line <n>', 'the line of the header, if the file has several traces', wholeNumber(1, 2 ** 31))
    .option('-o, --output <file>', 'where to write it (default: standard output)')
    .addHelpText('after', EXAMPLES)
    .action(async (files, { line, output }) => {
      const found = await firstWrong(files, line);
      const text = writeTrace(found.header, found.events);
      if (output === undefined) process.stdout.write(text);
      else saveText(output, text);
      console.error(`${plural(found.events.length, 'event')} of ${found.whole} are left; ${found.place.file}:${found.place.line} breaks ${found.finding.rule}`);
    });

async function firstWrong(paths: readonly string[], line: number | undefined): Promise<Shrunk> {
  const parts: Trace[] = [];
  let seen = 0;
  for (const path of paths) {
    for await (const { file, input } of openTraces(path)) {
      for await (const trace of readTraces(input, file)) {
        if (line !== undefined && trace.headerLine !== line) continue;
        seen++;
        if (trace.header.order === 'per-node') parts.push(trace);
        const shrunk = trace.header.order === 'total' ? shrink([trace]) : null;
        if (shrunk !== null) return shrunk;
      }
    }
  }
  for (const group of groupParts(parts)) {
    const shrunk = shrink(group);
    if (shrunk !== null) return shrunk;
  }
  if (seen === 0) throw new UsageError(`no trace of ${paths.join(', ')} has its header in line ${line}`, 'paxcheck check names the header of each trace by file and line');
  throw new UsageError(`no line of ${paths.join(', ')} breaks a rule: there is nothing to shrink`, 'paxcheck check says what was tested');
}
