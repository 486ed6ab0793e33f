/** `paxcheck mutants`: the catalogue of known bugs, and what the explorer makes of each. */
import { Command } from '@commander-js/extra-typings';
import { smallestBounds } from '../../model/known-lengths.js';
import type { Mutant } from '../../model/mutant.js';
import { synodWith } from '../../model/mutant.js';
import { MUTANTS } from '../../model/mutants.js';
import type { Exploration } from '../engine/explore.js';
import { explore } from '../engine/explore.js';
import { violationOf } from '../report/explore-report.js';
import { EXIT } from './exit-code.js';
import { mutantFor } from './exploration.js';
import { progress } from './progress.js';
import { paintVerdict } from './style.js';

const EXAMPLES = `
Examples:
  paxcheck mutants                 the list
  paxcheck mutants --run           explore each in the smallest cluster that shows it
  paxcheck mutants --run A1 P3     only these
  paxcheck mutants --json          for machines

A mutant is the reference with one decision made differently. Those of role "legitimate" are what correct
implementations do, and must not be called unsafe. Exit code 1 if one is not judged as the catalogue says.`;

interface Row {
  readonly mutant: Mutant;
  readonly bounds: { acceptors: number; ballots: number; values: number };
  readonly exploration: Exploration | undefined;
}

const boundsFor = (mutant: Mutant): Row['bounds'] => {
  const { acceptors, ballots, values } = smallestBounds(mutant.id) ?? { acceptors: 3, ballots: 3, values: 2 };
  return { acceptors, ballots, values };
};

function explored(mutant: Mutant): Row {
  const bounds = boundsFor(mutant);
  return { mutant, bounds, exploration: explore(synodWith(mutant, bounds.acceptors, bounds.ballots, bounds.values)) };
}

/** What the catalogue says of it: the verdicts that are right within its bounds. */
function isAsExpected({ mutant, exploration }: Row): boolean {
  if (exploration === undefined) return true;
  const known = smallestBounds(mutant.id);
  if (mutant.breaks === 'nothing') return exploration.verdict === 'conforms';
  const isUnsafe = (mutant.breaks === 'agreement' || mutant.breaks === 'validity') && known !== undefined && known.length !== null;
  const length = exploration.properties.find(({ name }) => name === (known?.property ?? 'Agreement'))?.run?.transitions.length;
  return isUnsafe ? exploration.verdict === 'unsafe' && length === known.length : exploration.verdict === 'deviates';
}

function rowText({ mutant, bounds, exploration }: Row): string {
  const left = `${mutant.id.padEnd(4)} ${mutant.role.padEnd(11)}`;
  if (exploration === undefined) return `${left} ${mutant.title}`;
  const violation = violationOf(exploration);
  const broken = violation?.run === undefined ? '' : ` ${violation.name} after ${violation.run.transitions.length}`;
  return `${left} ${`${bounds.acceptors}x${bounds.ballots}x${bounds.values}`.padEnd(6)} ${paintVerdict(exploration.verdict)}${broken}: ${mutant.title}`;
}

const rowJson = ({ mutant, bounds, exploration }: Row): object => {
  const violation = exploration && violationOf(exploration);
  return {
    id: mutant.id,
    role: mutant.role,
    title: mutant.title,
    breaks: mutant.breaks,
    ...(mutant.rule !== undefined && { rule: mutant.rule }),
    bounds,
    ...(exploration && { verdict: exploration.verdict, distinct: exploration.distinct }),
    ...(violation?.run && { invariant: violation.name, length: violation.run.transitions.length }),
  };
};

export const mutantsCommand = () =>
  new Command('mutants')
    .description('List the known bugs; with --run, explore each in the smallest cluster that shows it.')
    .argument('[ids...]', 'only these')
    .option('--run', 'explore them')
    .option('--json', 'one JSON object on stdout')
    .addHelpText('after', EXAMPLES)
    .action((ids, options) => {
      const mutants = ids.length === 0 ? MUTANTS : ids.map(mutantFor);
      const bar = progress(options.json);
      const rows = mutants.map((mutant, index) => {
        bar.update(() => `${index + 1} of ${mutants.length}: ${mutant.id}`);
        const row = options.run ? explored(mutant) : { mutant, bounds: boundsFor(mutant), exploration: undefined };
        if (options.run && !options.json) {
          bar.clear();
          console.log(rowText(row));
        }
        return row;
      });
      bar.clear();
      const wrong = rows.filter((row) => !isAsExpected(row)).map(({ mutant }) => mutant.id);
      if (options.json) console.log(JSON.stringify({ format: 'paxcheck-mutants', version: 1, mutants: rows.map(rowJson), unexpected: wrong }));
      else if (!options.run) console.log(rows.map(rowText).join('\n'));
      if (wrong.length > 0) console.error(`paxcheck: not as the catalogue says: ${wrong.join(', ')}`);
      process.exitCode = wrong.length > 0 ? EXIT.unsafe : EXIT.conforms;
    });
