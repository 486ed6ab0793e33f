/** The options of `npm run bench`. */
import { accessSync, constants, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { userFile } from './files.js';

export interface Options {
  readonly quick: boolean;
  readonly runs: number;
  readonly maxSeconds: number;
  readonly text: 'packed' | 'faithful' | 'both';
  readonly only?: 'peers' | 'micro';
  readonly tlc?: string;
  readonly json?: string;
  readonly against?: string;
}

const EXAMPLES = `
Examples:
  npm run bench -- --quick                        is everything there, does everybody count right? Half a minute
  npm run bench -- --json before.json             all bounds, three runs each, kept for later
  npm run bench -- --against before.json          the same, and what has changed since
  npm run bench -- --only micro --runs 9          the inner loops only
  npm run bench -- --tlc ~/tla2tools.jar          with TLC, which is never part of this project

Counts come before times: who counts other states than the right ones is reported as wrong, and not compared.
Exit codes: 0 done, 1 somebody counts wrong or fails, 2 somebody ran out of time, 3 bad input, 64 wrong usage`;

const wholeNumber = (text: string): number => {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('Expected a whole number above 0.');
  return Number(text);
};

const existingFile = (text: string): string => {
  const file = userFile(text);
  if (!existsSync(file)) throw new InvalidArgumentError('There is no such file.');
  return file;
};

/** Said before hours of work, not after. */
const writableFile = (text: string): string => {
  const file = userFile(text);
  try {
    accessSync(existsSync(file) ? file : dirname(file), constants.W_OK);
  } catch {
    throw new InvalidArgumentError('It cannot be written.');
  }
  return file;
};

const DEFAULT_RUNS = 3;

/** Throws CommanderError: with exit code 0 for --help, else for wrong usage. */
export function optionsFrom(args: readonly string[]): Options {
  const command = new Command('npm run bench --')
    .description('Measure the explorer beside rumur, spin, TLC and a search by hand in C, on the same model, and its inner loops.')
    .option('--quick', 'small bounds, one run each')
    .option('--runs <n>', 'runs of each program, in turn; the median counts (default: 3, with --quick 1)', wholeNumber)
    .addOption(new Option('--only <part>', 'one part only').choices(['peers', 'micro'] as const))
    .addOption(new Option('--text <kind>', "the peers' model: packed by hand, or with every variable of Paxos.tla").choices(['packed', 'faithful', 'both'] as const).default('packed' as const))
    .option('--max-seconds <s>', 'end a run that takes longer', wholeNumber, 900)
    .option('--tlc <file>', 'tla2tools.jar (default: TLA2TOOLS_JAR, or tla2tools.jar in the current folder)', existingFile)
    .option('--json <file>', 'keep the results, in the format "paxcheck-bench" version 1', writableFile)
    .option('--against <file>', 'compare with results that were kept', existingFile)
    .addHelpText('after', EXAMPLES)
    .allowExcessArguments(false)
    .exitOverride();
  const { quick = false, runs, ...others } = command.parse([...args], { from: 'user' }).opts();
  return { ...others, quick, runs: runs ?? (quick ? 1 : DEFAULT_RUNS) };
}
