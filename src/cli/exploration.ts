/** What "explore" was asked for, as the engine wants it; limits, progress and Ctrl-C. */
import { availableParallelism, totalmem } from 'node:os';
import { PROPERTIES, propertyNamed } from '../../model/invariants.js';
import type { Mutant } from '../../model/mutant.js';
import { MUTANTS, mutantNamed } from '../../model/mutants.js';
import type { Property } from '../../model/property.js';
import type { Recipe } from '../engine/recipe.js';
import { protocolOf } from '../engine/recipe.js';
import type { Progress } from '../engine/search.js';
import type { Symmetry } from '../engine/symmetry.js';
import { exploreRecipe } from '../engine/threads-node.js';
import { walk } from '../engine/walk.js';
import type { ExploreReport } from '../report/explore-report.js';
import type { WalkReport } from '../report/walk-report.js';
import { count, plural } from '../numbers.js';
import { MAX_THREADS, quorumsFor } from './options.js';
import { progress } from './progress.js';
import { UsageError } from './usage-error.js';

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

/** The options that make the cluster. */
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

export const recipeFor = ({ mutant, acceptors, ballots, values, quorums, invariant, symmetry, exhaust, reduce }: Asked): Recipe => ({
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

function progressText({ states, length, queue, done, bytes: memory }: Progress, milliseconds: number): string {
  const rate = Math.round((states / Math.max(1, milliseconds)) * 1000);
  const far = done === undefined ? `runs of ${plural(length ?? 0, 'action')}, ${count(queue ?? 0)} to expand` : `${Math.floor(done * 100)}% of all there can be${leftText(done, milliseconds)}`;
  return `${count(states)} states, ${count(rate)}/s, ${far}, ${Math.round(memory / 2 ** 20)} MB`;
}

/** An estimate, as soon as there is something to go by. */
const leftText = (done: number, milliseconds: number): string => (done < 0.02 ? '' : `, about ${count(Math.ceil((milliseconds / done - milliseconds) / 1000))} s left`);

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


interface Limits {
  threads?: number | undefined;
  memory?: number | undefined;
  maxStates?: number | undefined;
  maxSeconds?: number | undefined;
  checkpoint?: string | undefined;
  checkpointSeconds?: number | undefined;
  resume?: true | undefined;
  json?: true | undefined;
}

const secondsSince = (started: number): number => Math.round(performance.now() - started) / 1000;

/** Explores; the terminal shows how far it is. */
export async function exploreAsAsked(recipe: Recipe, mutant: Mutant | undefined, options: Limits): Promise<ExploreReport> {
  const threads = options.threads ?? (isSmall(recipe) ? 1 : Math.min(availableParallelism(), MAX_THREADS));
  const started = performance.now();
  const bar = progress(options.json);
  const interruption = onInterrupt();
  const isLate = (): boolean => options.maxSeconds !== undefined && performance.now() - started > options.maxSeconds * 1000;
  try {
    const exploration = await exploreRecipe(recipe, {
      threads,
      ...(options.maxStates !== undefined && { maxStates: options.maxStates }),
      maxBytes: options.memory ?? defaultMemory(),
      // Who sets a limit wants to know how far all runs were explored when it is reached.
      sweep: options.maxSeconds === undefined,
      interrupted: () => (interruption.asked() ? 'interrupt' : isLate() ? 'time' : null),
      warn: (message) => console.error(`paxcheck: ${message}`),
      progress: (now) => bar.update(() => progressText(now, performance.now() - started)),
      ...(options.checkpoint !== undefined && { checkpoint: { dir: options.checkpoint, every: (options.checkpointSeconds ?? 30) * 1000, resume: options.resume === true } }),
    });
    return { protocol: protocolOf(recipe), mutant, exploration, threads, seconds: secondsSince(started) };
  } finally {
    interruption.end();
    bar.clear();
  }
}

interface RandomOptions {
  random: number;
  depth?: number | undefined;
  seed?: number | undefined;
  exhaust?: true | undefined;
  invariant: readonly string[];
  quorums: string;
  maxSeconds?: number | undefined;
  json?: true | undefined;
}

/** Takes random runs in place of a search. Ctrl-C ends the program: there is nothing to lose. */
export function walkAtRandom(recipe: Recipe, mutant: Mutant | undefined, { random, depth = 100, seed = 1, exhaust, invariant, quorums, maxSeconds, json }: RandomOptions): WalkReport {
  const protocol = protocolOf(recipe);
  const options = { runs: random, depth, seed, exhaust: exhaust === true };
  const started = performance.now();
  const bar = progress(json);
  const result = walk(protocol, {
    ...options,
    properties: propertiesFor(invariant),
    interrupted: () => (maxSeconds !== undefined && performance.now() - started > maxSeconds * 1000 ? 'time' : null),
    progress: ({ walks, steps, distinct }) => bar.update(() => `${count(walks)} runs, ${count(steps)} steps, ${count(distinct)} states`),
  });
  bar.clear();
  return { protocol, mutant, options, result, seconds: secondsSince(started), ...(quorums !== 'majority' && { quorums }) };
}
