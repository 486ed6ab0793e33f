/** `paxcheck explore`: every run of a small cluster. */
import { accessSync, constants, existsSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Command, Option } from '@commander-js/extra-typings';
import { PROPERTIES, propertyNamed } from '../../model/invariants.js';
import { smallestBounds } from '../../model/known-lengths.js';
import type { Mutant } from '../../model/mutant.js';
import { synodWith } from '../../model/mutant.js';
import { MUTANTS, mutantNamed } from '../../model/mutants.js';
import type { Property } from '../../model/property.js';
import type { Synod } from '../../model/synod.js';
import { synod } from '../../model/synod.js';
import { explore } from '../engine/explore.js';
import type { ExploreReport } from '../report/explore-report.js';
import { exploreJson, violationId, violationOf } from '../report/explore-report.js';
import { describeExploration } from '../report/explore-text.js';
import { traceOfRun } from '../trace/from-run.js';
import { writeTrace } from '../trace/write.js';
import { exitCodeOf } from './exit-code.js';
import { collect, positive, quorumsFor, wholeNumber } from './options.js';
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

interface Bounds {
  acceptors: number;
  ballots: number;
  values: number;
  quorums: string;
}

function protocolFor(mutant: Mutant | undefined, { acceptors, ballots, values, quorums }: Bounds): Synod {
  const parts = { quorums: quorumsFor(quorums, acceptors) };
  return mutant === undefined ? synod(acceptors, ballots, values, parts) : synodWith(mutant, acceptors, ballots, values, parts);
}

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
    .option('--max-states <n>', 'give up after about so many states (inconclusive)', wholeNumber(1, 4_000_000_000))
    .option('--max-seconds <s>', 'give up after so much time (inconclusive)', positive)
    .option('--trace <file>', 'write the run that breaks it as a trace')
    .option('--strict', 'exit 1 for "deviates", too')
    .option('--json', 'one JSON object on stdout')
    .addHelpText('after', EXAMPLES)
    .action((options) => {
      if (options.trace !== undefined) mustBeWritable(options.trace);
      const mutant = options.mutant === undefined ? undefined : mutantFor(options.mutant);
      const ballots = options.ballots ?? Math.max(DEFAULT_BALLOTS, smallestBounds(mutant?.id ?? '')?.ballots ?? 0);
      const protocol = protocolFor(mutant, { ...options, ballots });
      const started = performance.now();
      const bar = progress(options.json);
      const exploration = explore(protocol, {
        properties: propertiesFor(options.invariant),
        symmetry: options.symmetry,
        exhaust: options.exhaust === true,
        ...(options.maxStates !== undefined && { maxStates: options.maxStates }),
        interrupted: () => (options.maxSeconds !== undefined && performance.now() - started > options.maxSeconds * 1000 ? 'time' : null),
        progress: ({ states, length, queue }) => bar.update(() => `${count(states)} states, runs of ${length} actions, ${count(queue)} to expand`),
      });
      bar.clear();
      const report: ExploreReport = { protocol, mutant, exploration, seconds: Math.round(performance.now() - started) / 1000 };
      const wanted = options.invariant.length > 0 ? options.invariant : undefined;
      if (options.trace !== undefined) saveTrace(report, options.trace, wanted);
      console.log(options.json ? JSON.stringify(exploreJson(report, wanted)) : describeExploration(report, { paint: paintVerdict, ...(wanted && { wanted }) }).join('\n'));
      process.exitCode = exitCodeOf(exploration.verdict, options.strict);
    });

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
