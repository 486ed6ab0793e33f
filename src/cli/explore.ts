/** `paxcheck explore`: every run of a small cluster. */
import { accessSync, constants, existsSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Command, Option } from '@commander-js/extra-typings';
import { smallestBounds } from '../../model/known-lengths.js';
import type { PropertyResult } from '../engine/explore.js';
import { protocolOf } from '../engine/recipe.js';
import { NOT_REDUCIBLE } from '../engine/reduce.js';
import type { ExploreReport } from '../report/explore-report.js';
import { exploreJson, violationId, violationOf } from '../report/explore-report.js';
import { describeExploration } from '../report/explore-text.js';
import { describeWalk, walkJson, walkViolationOf } from '../report/walk-report.js';
import { traceOfRun } from '../trace/from-run.js';
import { writeTrace } from '../trace/write.js';
import { exitCodeOf } from './exit-code.js';
import { exploreAsAsked, mutantFor, recipeFor, walkAtRandom } from './exploration.js';
import { saveGraph } from './graph-file.js';
import { MAX_THREADS, bytes, collect, notNegative, positive, wholeNumber } from './options.js';
import { paintVerdict } from './style.js';
import { UsageError } from './usage-error.js';

const EXAMPLES = `
Examples:
  paxcheck explore                                     3 acceptors, 3 ballots, 2 values
  paxcheck explore --mutant A1                         the blog post's acceptor: a run that chooses two values
  paxcheck explore --mutant A1 --ballots 2             the same acceptor, safe within two ballots
  paxcheck explore --acceptors 4 --quorums 3,2         flexible quorums
  paxcheck explore --symmetry none --json              counts as TLC has them, for machines
  paxcheck explore --mutant A7 --trace bug.ndjson      the counterexample as a trace for "paxcheck check"
  paxcheck explore -a 5 -b 4 --reduce --memory 8G      a large cluster, its invariants only
  paxcheck explore --random 100000 -a 5 -b 5           random runs where no search can finish
  paxcheck explore -a 2 -b 1 --graph cluster.dot       a picture of every state, for Graphviz
  paxcheck explore -a 5 -b 4 --checkpoint saved        with --resume the same command goes on where it was killed

Counts and depth are as TLC counts them. --symmetry full merges states that differ only in the names of acceptors or values.`;

const DEFAULT_BALLOTS = 3;

export const exploreCommand = () =>
  new Command('explore')
    .description('Explore every run of a small cluster, and say which invariants hold.')
    .option('-a, --acceptors <n>', 'number of acceptors', wholeNumber(1, 9), 3)
    .option('-b, --ballots <n>', 'number of ballots (default: 3, or 4 for the mutants that need them)', wholeNumber(1, 9))
    .option('-v, --values <n>', 'number of values that clients propose', wholeNumber(1, 6), 2)
    .option('--quorums <rule>', 'majority, two sizes such as 3,2 for phases 1 and 2, or a grid such as 2x2', 'majority')
    .option('-m, --mutant <id>', 'a known bug or variant in place of the reference ("paxcheck mutants" lists them)')
    .option('-i, --invariant <name>', 'check this one only (repeatable); Agreement and Validity decide the verdict in any case, and the search ends where one of them breaks', collect, [] as string[])
    .addOption(new Option('-s, --symmetry <kind>', 'merge states up to renaming').choices(['none', 'acceptors', 'values', 'full'] as const).default('full' as const))
    .option('--exhaust', 'go on after agreement is broken, to the end of the space')
    .option('-t, --threads <n>', 'threads (default: all cores, one for small bounds)', wholeNumber(1, MAX_THREADS))
    .option('--reduce', 'leave out steps that no invariant can depend on; counts are of the reduced space')
    .option('--memory <size>', 'give up when states take so much, such as 512M or 4G (default: three quarters of the machine)', bytes)
    .option('--max-states <n>', 'give up after about so many states (inconclusive)', wholeNumber(1, 4_000_000_000))
    .option('--max-seconds <s>', 'give up after so much time (inconclusive)', positive)
    .option('--checkpoint <dir>', 'save the search there now and then')
    .option('--checkpoint-seconds <s>', 'how often, at the end of a level (default: 30)', notNegative)
    .option('--resume', 'go on from the checkpoint, if there is one')
    .option('--graph <file>', 'write the state graph as well: .dot or .gv for Graphviz, otherwise NDJSON')
    .option('--random <n>', 'so many random runs in place of the search: not exhaustive, never a proof', wholeNumber(1, 1_000_000_000))
    .option('--depth <d>', 'actions in a random run, at most (default: 100)', wholeNumber(1, 1_000_000))
    .option('--seed <s>', 'of the random runs (default: 1)', wholeNumber(0, 4_294_967_295))
    .option('--trace <file>', 'write the run that breaks it as a trace')
    .option('--strict', 'exit 1 for "deviates", too')
    .option('--json', 'one JSON object on stdout')
    .addHelpText('after', EXAMPLES)
    .action(async (options) => {
      refuseWhatDoesNotGoTogether(options);
      if (options.trace !== undefined) mustBeWritable(options.trace);
      const mutant = options.mutant === undefined ? undefined : mutantFor(options.mutant);
      const ballots = options.ballots ?? Math.max(DEFAULT_BALLOTS, smallestBounds(mutant?.id ?? '')?.ballots ?? 0);
      const recipe = recipeFor({ ...options, mutant: mutant?.id, ballots });
      const wanted = options.invariant.length > 0 ? options.invariant : undefined;
      if (options.random !== undefined) {
        const report = walkAtRandom(recipe, mutant, { ...options, random: options.random });
        const violation = walkViolationOf(report.result, wanted);
        if (options.trace !== undefined) saveTrace(report, violation, options.trace);
        console.log(options.json ? JSON.stringify(walkJson(report, wanted)) : describeWalk(report, { paint: paintVerdict, ...(wanted && { wanted }) }).join('\n'));
        process.exitCode = exitCodeOf(report.result.verdict, options.strict);
        return;
      }
      if (options.graph !== undefined) saveGraph(protocolOf(recipe), options.symmetry, options.graph, mutant?.id);
      const report = await exploreAsAsked(recipe, mutant, options);
      if (options.trace !== undefined) saveTrace(report, violationOf(report.exploration, wanted), options.trace);
      console.log(options.json ? JSON.stringify(exploreJson(report, wanted)) : describeExploration(report, { paint: paintVerdict, ...(wanted && { wanted }) }).join('\n'));
      process.exitCode = exitCodeOf(report.exploration.verdict, options.strict);
    });

interface Combined {
  random?: number | undefined;
  depth?: number | undefined;
  seed?: number | undefined;
  graph?: string | undefined;
  trace?: string | undefined;
  checkpoint?: string | undefined;
  checkpointSeconds?: number | undefined;
  resume?: true | undefined;
  threads?: number | undefined;
  reduce?: true | undefined;
  maxStates?: number | undefined;
  invariant: readonly string[];
}

const flagOf = (name: string): string => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** Options that would have no effect, or would make the answer say less than it seems to. */
function refuseWhatDoesNotGoTogether(options: Combined): void {
  const needs = (names: readonly (keyof Combined)[], other: keyof Combined, hint: string): void => {
    const given = names.find((name) => options[name] !== undefined);
    if (given !== undefined && options[other] === undefined) throw new UsageError(`${flagOf(given)} needs ${flagOf(other)}`, hint);
  };
  needs(['resume', 'checkpointSeconds'], 'checkpoint', 'name the folder that the search is saved in: --checkpoint <dir>');
  needs(['depth', 'seed'], 'random', 'it is for random runs: --random <n>; a search is limited by --max-states, --max-seconds or --memory');
  const unused = (['graph', 'checkpoint', 'threads', 'reduce', 'maxStates'] as const).filter((name) => options[name] !== undefined);
  if (options.random !== undefined && unused.length > 0) throw new UsageError(`--random does not go together with ${unused.map(flagOf).join(', ')}`, 'random runs are taken one after the other and keep no states; leave out one or the other');
  if (options.graph !== undefined && options.trace !== undefined && resolve(options.graph) === resolve(options.trace)) throw new UsageError('--graph and --trace name the same file', 'give each a file of its own');
  const unchecked = options.invariant.find((name) => NOT_REDUCIBLE.has(name));
  if (options.reduce && unchecked !== undefined) throw new UsageError(`${unchecked} cannot be checked with --reduce`, 'leave out --reduce, or that invariant');
}

/** Before the search: whoever waits for it should not learn at its end that it was for nothing. */
function mustBeWritable(file: string): void {
  try {
    accessSync(dirname(resolve(file)), constants.W_OK);
    if (existsSync(file)) accessSync(file, constants.W_OK);
  } catch {
    throw new UsageError(`--trace ${file}: that file cannot be written`, 'name a file in a folder that exists and is yours to write');
  }
}

function saveTrace({ protocol, mutant }: Pick<ExploreReport, 'protocol' | 'mutant'>, violation: Pick<PropertyResult, 'name' | 'run'> | undefined, file: string): void {
  if (violation?.run === undefined) {
    console.error(`paxcheck: nothing was broken, so ${file} was not written`);
    return;
  }
  const [header, ...events] = traceOfRun(protocol, violation.run, { id: violationId({ protocol, mutant }, violation) });
  writeFileSync(file, writeTrace(header, events));
}
