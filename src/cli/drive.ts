/** `paxcheck drive`: an acceptor in any language, message by message. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import type { AcceptorReport, DriveOptions } from '../../conformance/index.js';
import { DriverError, SUITE_DEFAULTS, describeReport, driveCommandLine, driveModule, loadModule } from '../../conformance/index.js';
import { EXIT, exitCodeOf } from './exit-code.js';
import { positive, wholeNumber } from './options.js';
import { progress } from './progress.js';
import { paintVerdict } from './style.js';
import { UsageError } from './usage-error.js';

const EXAMPLES = `
Examples:
  paxcheck drive -- python3 conformance/adapters/python/acceptor.py        a correct acceptor, about 25 lines of Python
  paxcheck drive -- node conformance/adapters/npm-paxos/adapter.mjs        the acceptor of the npm package "paxos"
  paxcheck drive --module conformance/subjects/seed.ts                     the blog post's acceptor, in this process
  paxcheck drive --length 5 --transcript all.ndjson -- ./my-adapter        longer sequences; every command and answer
  paxcheck drive --json --strict -- ./my-adapter                           for machines

Everything after -- is the command of the adapter; it is started without a shell, in the current folder. It reads commands
from stdin and writes answers to stdout, one JSON object a line: spec/driver-protocol.md, with the format of --json.
Other roles than acceptor (leader, learner, whole nodes) cannot be driven yet; "paxcheck check" judges their logs.`;

interface Options {
  readonly role: string;
  readonly module?: string | undefined;
  readonly transcript?: string | undefined;
  readonly timeout: number;
  readonly startTimeout: number;
  readonly json?: true | undefined;
  readonly strict?: true | undefined;
}

export const driveCommand = () =>
  new Command('drive')
    .description('Drive an acceptor in any language: the shortest wrong sequence of deliveries, and what it can cost a cluster.')
    .argument('[command...]', 'the command that starts the adapter, after --')
    .option('--role <role>', 'what to drive; only acceptor so far', 'acceptor')
    .option('--module <file>', 'a JavaScript or TypeScript module that exports createAcceptor, instead of a command')
    .option('-l, --length <n>', 'run all sequences of up to n inputs', wholeNumber(1, 8), SUITE_DEFAULTS.length)
    .option('--restart-length <n>', 'the same for sequences with a restart, where a restart is a new process', wholeNumber(3, 6), SUITE_DEFAULTS.restartLength)
    .option('-b, --ballots <n>', 'number of ballots, 2 to 5', wholeNumber(2, 5), SUITE_DEFAULTS.ballots)
    .option('-v, --values <n>', 'number of values, 1 to 3', wholeNumber(1, 3), SUITE_DEFAULTS.values)
    .option('--seed <n>', 'of the random walks, and for the adapter', wholeNumber(0, 2 ** 31 - 1), SUITE_DEFAULTS.seed)
    .option('--timeout <s>', 'seconds for an answer', positive, 2)
    .option('--start-timeout <s>', 'seconds for the answers to hello and init', positive, 10)
    .option('--max-states <n>', 'give up exploring a cluster after so many states', wholeNumber(1, 4_000_000_000), SUITE_DEFAULTS.maxStates)
    .option('--transcript <file>', 'write every command and answer')
    .option('--strict', 'exit 1 for "deviates", too')
    .option('--json', 'one JSON object on stdout')
    .addHelpText('after', EXAMPLES)
    .action(async (command, options) => {
      checkUsage(command, options);
      const bar = progress(options.json);
      const transcript = options.transcript === undefined ? null : transcriptTo(options.transcript);
      try {
        const { length, restartLength, ballots, values, seed, maxStates, timeout, startTimeout } = options;
        const report = await drive(command, options.module, {
          ...{ length, restartLength, ballots, values, seed, maxStates },
          ...{ timeout: timeout * 1000, startTimeout: startTimeout * 1000 },
          progress: (phase) => bar.update(() => phase),
          ...(transcript && { transcript: transcript.write }),
        });
        bar.clear();
        console.log(options.json ? JSON.stringify(report) : describeReport(report, { paint: paintVerdict }).join('\n'));
        process.exitCode = exitCodeFor(report, options.strict === true);
      } catch (error) {
        bar.clear();
        if (!(error instanceof DriverError)) throw error;
        reportAdapter(error, options.json === true);
        process.exitCode = EXIT.adapterFailed;
      } finally {
        transcript?.close();
      }
    });

const exitCodeFor = ({ tested, verdict }: AcceptorReport, strict: boolean): number => (tested ? exitCodeOf(verdict, strict) : EXIT.nothingTested);

function checkUsage(command: readonly string[], { role, module }: Options): void {
  if (role !== 'acceptor') throw new UsageError(`--role ${role}: not yet; only acceptors can be driven so far`, '"paxcheck check" judges the logs of leaders, learners and whole nodes');
  if (module !== undefined && command.length > 0) throw new UsageError('both --module and a command were given', 'give one of them');
  if (module === undefined && command.length === 0) throw new UsageError('there is nothing to drive', 'for example: paxcheck drive -- python3 my_adapter.py');
}

async function drive(command: readonly string[], module: string | undefined, options: DriveOptions): Promise<AcceptorReport> {
  if (module === undefined) return driveCommandLine(command, options);
  const path = resolve(module);
  if (/\.m?ts$/.test(path)) await import('./register.mjs');
  return driveModule(await loadModule(path), basename(path), options);
}

function transcriptTo(file: string): { readonly write: (line: string) => void; readonly close: () => void } {
  let fd: number;
  try {
    fd = openSync(file, 'w');
  } catch (error) {
    throw new UsageError(`--transcript ${file}: ${error instanceof Error ? error.message : String(error)}`, 'name a file in a folder that exists');
  }
  return { write: (line) => void writeSync(fd, `${line}\n`), close: () => closeSync(fd) };
}

/** To stderr for people; for machines on stdout, where they look for the report. */
function reportAdapter({ name, code, message, hint, command, stderr }: DriverError, json: boolean): void {
  if (json) {
    console.log(JSON.stringify({ format: 'paxcheck-drive', version: 1, error: { name, code, message, hint, ...(command !== undefined && { command }), stderr } }));
    return;
  }
  const last = command === undefined ? [] : [`  last command  ${command}`];
  const tail = stderr.length === 0 ? [] : ['  its last words on stderr', ...stderr.map((line) => `    ${line}`)];
  console.error([`paxcheck: ${code}: ${message}`, `  hint: ${hint}`, ...last, ...tail].join('\n'));
}
