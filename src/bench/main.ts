/** `npm run bench`: the table on stdout, what happens on the way on stderr. */
import { CommanderError } from '@commander-js/extra-typings';
import { describeChange } from './against.js';
import { describeMicro, describeTask } from './bench-text.js';
import { EXIT, exitCodeOf } from './exit.js';
import { Workshop } from './files.js';
import { describeMachine, loadWarning } from './machine.js';
import type { Options } from './options.js';
import { optionsFrom } from './options.js';
import type { BenchResults } from './results.js';
import { ResultsError, readResults, writeResults } from './results.js';
import { describeSkipped, session } from './session.js';
import { Stopwatch } from './stopwatch.js';
import { ToolError } from './tools.js';

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const INTERRUPTED = 130;

function describe(results: BenchResults, old: BenchResults | undefined): string[] {
  const { machine, peers, skipped, tasks, micro } = results;
  const warning = loadWarning(machine);
  return [
    describeMachine(machine),
    ...(warning === undefined ? [] : [warning]),
    ...Object.entries(peers).map(([name, version]) => `${name}: ${version}`),
    ...describeSkipped({ present: [], skipped }),
    '',
    ...tasks.flatMap(describeTask),
    ...(micro.length === 0 ? [] : describeMicro(micro)),
    ...(old === undefined ? [] : describeChange(old, results)),
  ];
}

async function measure(options: Options): Promise<number> {
  const old = options.against === undefined ? undefined : readResults(options.against);
  const workshop = new Workshop();
  const stopwatch = new Stopwatch(workshop.folder, options.maxSeconds);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      stopwatch.stop();
      workshop.clear();
      process.exit(INTERRUPTED);
    });
  }
  try {
    const results = await session(options, workshop, stopwatch, say);
    if (options.json !== undefined) writeResults(options.json, results);
    process.stdout.write(describe(results, old).join('\n'));
    return exitCodeOf(results.tasks);
  } finally {
    workshop.clear();
  }
}

try {
  process.exitCode = await measure(optionsFrom(process.argv.slice(2)));
} catch (error) {
  // Commander has said what is wrong, or has shown the help.
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage;
  else if (error instanceof ResultsError || error instanceof ToolError) {
    say(`bench: ${error.message}`);
    process.exitCode = error instanceof ResultsError ? EXIT.badInput : EXIT.wrong;
  } else throw error;
}
