/** `npm start`: the first minute. A model, a famous bug, four acceptors, and where to go on. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Command } from '@commander-js/extra-typings';
import { DriverError, driveCommandLine } from '../../conformance/index.js';
import type { AcceptorReport } from '../../conformance/index.js';
import { synodWith } from '../../model/mutant.js';
import type { Synod } from '../../model/synod.js';
import { synod } from '../../model/synod.js';
import type { Exploration } from '../engine/explore.js';
import { explore } from '../engine/explore.js';
import { PLAIN_NAMES } from '../../model/words.js';
import type { Run } from '../engine/run.js';
import { boundsText } from '../report/explore-report.js';
import { describeViolation } from '../report/explore-text.js';
import { count } from '../numbers.js';
import { EXIT } from './exit-code.js';
import { mutantFor } from './exploration.js';
import { progress } from './progress.js';
import { paint, paintVerdict } from './style.js';

const title = (text: string): string => `\n${paint('bold', text)}\n`;
const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`;

function exploreReference(): Exploration {
  const protocol = synod(3, 3, 2);
  console.log(title('1. Paxos itself'));
  console.log(`Every run of ${boundsText(protocol)}: any order of messages, loss and duplication included.`);
  const started = performance.now();
  const all = explore(protocol, { symmetry: 'none' });
  const holding = all.properties.filter(({ holds }) => holds).length;
  console.log(`  ${paintVerdict(all.verdict)}: ${count(all.distinct)} states, ${count(all.transitions)} steps, runs of up to ${all.depth - 1} actions; ${holding} of ${all.properties.length} properties hold (${seconds(started)})`);
  console.log('  TLC finds the same number of states for the TLA+ text of Lamport.');
  return all;
}

function exploreSeed(): Exploration {
  const seed = mutantFor('A1');
  const within = (ballots: number): Synod => synodWith(seed, 3, ballots, 2);
  console.log(title('2. Twenty lines from a blog post'));
  console.log('Its acceptor stores a vote and does not raise its promise, so that a later, lower accept overwrites the vote.');
  const two = explore(within(2));
  console.log(`  with 2 ballots  ${paintVerdict(two.verdict)}: safe within those bounds: ${boundsText(within(2))}`);
  const three = explore(within(3));
  const agreement = three.properties.find(({ name }) => name === 'Agreement')!;
  console.log(`  with 3 ballots  ${paintVerdict(three.verdict)}: one of the shortest runs that choose two values:\n`);
  console.log(describeViolation({ protocol: within(3) }, agreement).slice(3).join('\n'));
  console.log(`\n${whatWentWrong(agreement.run!)}`);
  return three;
}

/** Points at the lines of the run in which the vote is lost. */
function whatWentWrong({ transitions }: Run): string {
  const steps = transitions.map(({ action }) => action);
  const votes = steps.flatMap((action, index) => (action.kind === 'vote' ? [{ ...action, line: index + 1 }] : []));
  const lower = votes.find((vote) => votes.some((earlier) => earlier.line < vote.line && earlier.acceptor === vote.acceptor && earlier.ballot > vote.ballot));
  const lost = votes.find((vote) => vote.acceptor === lower?.acceptor && vote.ballot > lower.ballot);
  const told = steps.findIndex((action, index) => action.kind === 'promise' && action.acceptor === lower?.acceptor && index + 1 > lower.line) + 1;
  if (lower === undefined || lost === undefined) return '';
  const { acceptor, value } = PLAIN_NAMES;
  return `See line ${lost.line}: ${acceptor(lost.acceptor)} votes for ${value(lost.value)}. In line ${lower.line} it votes for ${value(lower.value)} in a lower ballot, and forgets ${value(lost.value)};
in line ${told} it tells the next leader of ${value(lower.value)} only.`;
}

interface Subject {
  readonly name: string;
  readonly command: readonly string[];
  readonly expected: AcceptorReport['verdict'];
  /** Why it cannot be driven here, if it cannot. */
  readonly missing?: string;
}

/** Sources in a checkout, compiled files in a package. */
function subjectFile(path: string): readonly string[] {
  const source = fileURLToPath(new URL(`../../conformance/${path}.ts`, import.meta.url));
  const register = new URL('./register.mjs', import.meta.url).href;
  if (existsSync(source)) return [process.execPath, '--import', register, source];
  return [process.execPath, fileURLToPath(new URL(`../../conformance/${path}.js`, import.meta.url))];
}

function hasPackage(name: string): boolean {
  try {
    createRequire(import.meta.url).resolve(`${name}/package.json`);
    return true;
  } catch {
    return false;
  }
}

function subjects(): Subject[] {
  const adapter = fileURLToPath(new URL('../../conformance/adapters/npm-paxos/adapter.mjs', import.meta.url));
  return [
    { name: 'the reference acceptor', command: subjectFile('subjects/reference'), expected: 'conforms' },
    { name: 'the acceptor of npm paxos 15', command: [process.execPath, adapter], expected: 'conforms', ...(!hasPackage('paxos') && { missing: 'npm install paxos@15.0.5' }) },
    { name: "the blog post's acceptor", command: subjectFile('subjects/seed'), expected: 'unsafe' },
  ];
}

async function driveAll(): Promise<boolean> {
  console.log(title('3. Real acceptors, message by message'));
  console.log('Each runs as a process of its own and gets every short sequence of messages; its machine is learned from the');
  console.log('answers, and a cluster of three of it explored.');
  let asExpected = true;
  for (const { name, command, expected, missing } of subjects()) {
    if (missing !== undefined) {
      console.log(`  ${name.padEnd(28)}  skipped: not installed here; ${missing}`);
      continue;
    }
    const started = performance.now();
    const bar = progress();
    bar.update(() => `driving ${name}`);
    const report = await driveCommandLine(command);
    bar.clear();
    console.log(`  ${name.padEnd(28)}  ${paintVerdict(report.verdict)}: ${report.summary} (${seconds(started)})`);
    asExpected &&= report.verdict === expected;
  }
  return asExpected;
}

const NEXT = `
  npm start -- explore --help                            small clusters, known bugs, flexible quorums
  npm start -- mutants --run                             forty ways to get Paxos wrong, each with its shortest run
  npm start -- check traces/rejected/mutant-A1.ndjson    the run above as a log: the first wrong line, and why
  npm start -- drive -- node conformance/adapters/javascript/acceptor.mjs
                                                         an adapter to start yours from
README.md has the rest; spec/synod.md every rule.`;

/** True if everything came out as it must. */
async function tour(): Promise<boolean> {
  console.log(`${paint('bold', 'paxcheck')}: what can your Paxos do?`);
  const reference = exploreReference();
  const seed = exploreSeed();
  const driven = await driveAll();
  console.log(title('What you saw'));
  console.log('  Paxos is safe within those bounds; an acceptor that looks right is not; and real acceptors can be judged from');
  console.log('  outside. Nothing is claimed beyond the bounds that are named.');
  console.log(title('What to try next').trimEnd());
  console.log(NEXT);
  return reference.verdict === 'conforms' && seed.verdict === 'unsafe' && driven;
}

export const tourCommand = () =>
  new Command('tour').description('The first minute: a model, a famous bug, real acceptors.').action(async () => {
    try {
      process.exitCode = (await tour()) ? EXIT.conforms : EXIT.unsafe;
    } catch (error) {
      if (!(error instanceof DriverError)) throw error;
      console.error(`paxcheck: ${error.message}\n  hint: ${error.hint}`);
      process.exitCode = EXIT.adapterFailed;
    }
  });
