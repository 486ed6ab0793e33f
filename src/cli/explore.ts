/** `paxcheck explore`: every run of a small cluster. */
import { accessSync, constants, existsSync, writeFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { dirname, resolve } from 'node:path';
import { Command, Option } from '@commander-js/extra-typings';
import { PROPERTIES, propertyNamed } from '../../model/invariants.js';
import { smallestBounds } from '../../model/known-lengths.js';
import type { Mutant } from '../../model/mutant.js';
import { MUTANTS, mutantNamed } from '../../model/mutants.js';
import type { Property } from '../../model/property.js';
import type { Recipe } from '../engine/recipe.js';
import { protocolOf } from '../engine/recipe.js';
import type { Progress } from '../engine/search.js';
import type { Symmetry } from '../engine/symmetry.js';
import { exploreRecipe } from '../engine/threads-node.js';
import type { ExploreReport } from '../report/explore-report.js';
import { exploreJson, violationId, violationOf } from '../report/explore-report.js';
import { describeExploration } from '../report/explore-text.js';
import { traceOfRun } from '../trace/from-run.js';
import { writeTrace } from '../trace/write.js';
import { exitCodeOf } from './exit-code.js';
import { bytes, collect, notNegative, positive, quorumsFor, wholeNumber } from './options.js';
import { progress } from './progress.js';
import { count, paintVerdict } from './style.js';
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
  paxcheck explore -a 5 -b 4 --checkpoint saved        with --resume the same command goes on where it was killed

Counts and depth are as TLC counts them. --symmetry full merges states that differ only in the names of acceptors or values.`;

export function mutantFor(id: string): Mutant {
  const mutant = mutantNamed(id);
  if (mutant !== undefined) return mutant;
  const alike = MUTANTS.find((each) => each.id.toLowerCase() === id.toLowerCase());
  throw new UsageError(`there is no mutant ${id}`, alike ? `did you mean ${alike.id}?` : `one of ${MUTANTS.map((each) => each.id).join(' ')}; "paxcheck mutants" says what they are`);
}

function propertiesFor(names: readonly string[]): readonly Property[] {
  if (names.length === 0) return PROPERTIES;
  return names.map((name) => {
    const property = propertyNamed(name);
    if (property === undefined) throw new UsageError(`there is no invariant ${name}`, `one of ${PROPERTIES.map((each) => each.name).join(', ')}`);
    return property;
  });
}

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
    .option('-t, --threads <n>', 'threads (default: all cores, one for small bounds)', wholeNumber(1, 32))
    .option('--reduce', 'leave out steps that no invariant can depend on; counts are of the reduced space')
    .option('--memory <size>', 'give up when states take so much, such as 512M or 4G (default: three quarters of the machine)', bytes)
    .option('--max-states <n>', 'give up after about so many states (inconclusive)', wholeNumber(1, 4_000_000_000))
    .option('--max-seconds <s>', 'give up after so much time (inconclusive)', positive)
    .option('--checkpoint <dir>', 'save the search there now and then')
    .option('--checkpoint-seconds <s>', 'how often, at the end of a level', notNegative, 30)
    .option('--resume', 'go on from the checkpoint, if there is one')
    .option('--trace <file>', 'write the run that breaks it as a trace')
    .option('--strict', 'exit 1 for "deviates", too')
    .option('--json', 'one JSON object on stdout')
    .addHelpText('after', EXAMPLES)
    .action(async (options) => {
      if (options.trace !== undefined) mustBeWritable(options.trace);
      if (options.resume && options.checkpoint === undefined) throw new UsageError('--resume needs --checkpoint <dir>', 'name the folder that the search was saved in');
      const mutant = options.mutant === undefined ? undefined : mutantFor(options.mutant);
      const ballots = options.ballots ?? Math.max(DEFAULT_BALLOTS, smallestBounds(mutant?.id ?? '')?.ballots ?? 0);
      const recipe = recipeFor({ ...options, mutant: mutant?.id, ballots });
      const threads = options.threads ?? (isSmall(recipe) ? 1 : Math.min(availableParallelism(), MAX_THREADS));
      const started = performance.now();
      const bar = progress(options.json);
      const interruption = onInterrupt();
      const exploration = await exploreRecipe(recipe, {
        threads,
        ...(options.maxStates !== undefined && { maxStates: options.maxStates }),
        maxBytes: options.memory ?? defaultMemory(),
        interrupted: () => (interruption.asked() ? 'interrupt' : options.maxSeconds !== undefined && performance.now() - started > options.maxSeconds * 1000 ? 'time' : null),
        warn: (message) => console.error(`paxcheck: ${message}`),
        progress: (now) => bar.update(() => progressText(now, performance.now() - started)),
        ...(options.checkpoint !== undefined && { checkpoint: { dir: options.checkpoint, every: options.checkpointSeconds * 1000, resume: options.resume === true } }),
      }).finally(() => {
        interruption.end();
        bar.clear();
      });
      const report: ExploreReport = { protocol: protocolOf(recipe), mutant, exploration, threads, seconds: Math.round(performance.now() - started) / 1000 };
      const wanted = options.invariant.length > 0 ? options.invariant : undefined;
      if (options.trace !== undefined) saveTrace(report, options.trace, wanted);
      console.log(options.json ? JSON.stringify(exploreJson(report, wanted)) : describeExploration(report, { paint: paintVerdict, ...(wanted && { wanted }) }).join('\n'));
      process.exitCode = exitCodeOf(exploration.verdict, options.strict);
    });

const MAX_THREADS = 32;

interface Asked {
  mutant: string | undefined;
  acceptors: number;
  ballots: number;
  values: number;
  quorums: string;
  invariant: readonly string[];
  symmetry: Symmetry;
  exhaust?: true | undefined;
  reduce?: true | undefined;
}

const recipeFor = ({ mutant, acceptors, ballots, values, quorums, invariant, symmetry, exhaust, reduce }: Asked): Recipe => ({
  ...(mutant !== undefined && { mutant }),
  acceptors,
  ballots,
  values,
  quorums: quorumsFor(quorums, acceptors),
  properties: propertiesFor(invariant).map(({ name }) => name),
  symmetry,
  exhaust: exhaust === true,
  reduce: reduce === true,
});

/** Starting a thread takes longer than such a search. */
const isSmall = ({ acceptors, ballots, values }: Recipe): boolean => acceptors * ballots * (values + 1) <= 27;

/** Three quarters of what this process may use. */
const defaultMemory = (): number => Math.floor(Math.min(totalmem(), process.constrainedMemory() || Infinity) * 0.75);

function progressText({ states, length, queue, bytes: memory }: Progress, milliseconds: number): string {
  const rate = Math.round((states / Math.max(1, milliseconds)) * 1000);
  return `${count(states)} states, ${count(rate)}/s, runs of ${length} actions, ${count(queue)} to expand, ${Math.round(memory / 2 ** 20)} MB`;
}

/** The first Ctrl-C ends the search with what it has; a second one ends the program. */
function onInterrupt(): { asked: () => boolean; end: () => void } {
  let asked = false;
  const ask = (): void => {
    asked = true;
    process.removeListener('SIGINT', ask);
    process.removeListener('SIGTERM', ask);
  };
  process.on('SIGINT', ask);
  process.on('SIGTERM', ask);
  return {
    asked: () => asked,
    end: () => {
      process.removeListener('SIGINT', ask);
      process.removeListener('SIGTERM', ask);
    },
  };
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

function saveTrace(report: ExploreReport, file: string, wanted: readonly string[] | undefined): void {
  const violation = violationOf(report.exploration, wanted);
  if (violation?.run === undefined) {
    console.error(`paxcheck: nothing was broken, so ${file} was not written`);
    return;
  }
  const [header, ...events] = traceOfRun(report.protocol, violation.run, { id: violationId(report, violation) });
  writeFileSync(file, writeTrace(header, events));
}
