/**
 * Exploration that stays responsive, on one thread or on several. A search shares the states by their hashes, and may be
 * saved now and then; a sweep shares the sheets.
 */
import type { Among } from './among.js';
import { statesAmong } from './among.js';
import { CheckpointError } from './checkpoint-error.js';
import type { Checkpoint } from './checkpoint-node.js';
import { findingsOf, makeFolder, readCheckpoint, restore, writeManifest, writePart } from './checkpoint-node.js';
import { Alone } from './crew.js';
import type { Exploration, ExploreOptions, Plan } from './explore.js';
import { exploring, explorationOf, maySweep, orOutOfMemory, planOf, sheetsFor, untilInterrupted } from './explore.js';
import { Levels } from './levels.js';
import type { Part } from './part.js';
import type { Recipe } from './recipe.js';
import { optionsOf, protocolOf } from './recipe.js';
import type { Explored, SearchLimits, SearchResult } from './search.js';
import { Search, toItsEnd } from './search.js';
import type { Meeting } from './shared-crew.js';
import { SharedCrew, giveUp, meetingFor } from './shared-crew.js';
import type { Arena } from './shared-sweep.js';
import { abandon, arenaFor, join } from './shared-sweep.js';
import type { Sheets } from './sheets.js';
import type { SweepPart } from './sweep.js';
import { Sweep } from './sweep.js';
import type { Attempt, FromWorker, PartReport, SearchTask, SweepTask } from './tasks-node.js';
import { Workers, inSlices } from './workers-node.js';
import { StateTable } from './table.js';

export interface ThreadOptions extends SearchLimits, Pick<ExploreOptions, 'sweep'> {
  readonly threads: number;
  readonly checkpoint?: CheckpointOptions;
  /** Told what went wrong without ending the search. */
  readonly warn?: (message: string) => void;
}

export interface CheckpointOptions {
  readonly dir: string;
  /** At the end of a level, if so much time has passed since the last. Milliseconds. */
  readonly every: number;
  readonly resume: boolean;
}

/** Milliseconds to wait for others before control is given back, and before a thread that has nothing else to do looks again. */
const PATIENCE_MS = 20;
const SLEEP_MS = 1000;

export interface PartSearch {
  readonly search: Search;
  readonly rounds: Generator<undefined, SearchResult>;
  readonly report: () => PartReport;
}

/** The search of one part; `patience`: milliseconds after which it gives control back while it waits for others. */
export function searchPart(plan: Plan, task: SearchTask, patience: number, tell: (saved: Attempt) => void, more: Pick<ThreadOptions, 'interrupted' | 'progress'> & { wantsToSave?: () => boolean } = {}): PartSearch {
  const crew = task.meeting === null ? null : new SharedCrew(task.meeting, task.id, patience);
  let { serial } = task;
  const search: Search = new Search({
    space: plan.space,
    goal: plan.goal,
    limits: { ...task.limits, ...(more.interrupted && { interrupted: more.interrupted }), ...(more.progress && { progress: more.progress }) },
    crew: crew ?? new Alone(),
    share: crew === null ? {} : { post: crew.post, allocate: (bytes) => new SharedArrayBuffer(bytes) },
    save: ({ part }) => {
      if (task.dir !== undefined) tell(attempt(task.dir, serial++, task.id, part));
    },
    ...(more.wantsToSave && { wantsToSave: more.wantsToSave }),
  });
  const { resumed, dir } = task;
  if (resumed !== undefined && dir !== undefined) restore(dir, resumed, search.part);
  const rounds = search.run(resumed && { levels: resumed.levels, findings: findingsOf(resumed) });
  const report = (): PartReport => {
    const { counts, degrees, table, levels } = search.part;
    return { kind: 'end', counts, degrees, table: table.image, levels: levels.image };
  };
  return { search, rounds, report };
}

function attempt(dir: string, serial: number, id: number, part: Part): Attempt {
  try {
    return writePart(dir, serial, id, part);
  } catch (error) {
    return { kind: 'unsaved', reason: (error as Error).message };
  }
}

/** What a thread does in a sweep. */
export function sweepPart(plan: Plan, { arena, id }: SweepTask): SweepPart {
  const sheets = sheetsFor(plan, { maxBytes: Infinity })!;
  return toItsEnd(new Sweep(plan.space, plan.goal, sheets).run(join(arena, sheets, id, SLEEP_MS)));
}

/** Explores what the recipe makes. Throws LimitError if the bounds do not fit, CheckpointError if what was saved cannot be used. */
export async function exploreRecipe(recipe: Recipe, options: ThreadOptions): Promise<Exploration> {
  const workers = new Workers(recipe, options.threads - 1);
  try {
    const plan = planOf(protocolOf(recipe), optionsOf(recipe));
    return explorationOf(plan, await exploreWith(workers, recipe, plan, options));
  } finally {
    await workers.end();
  }
}

async function exploreWith(workers: Workers, recipe: Recipe, plan: Plan, options: ThreadOptions): Promise<Explored> {
  const { threads, checkpoint } = options;
  if (checkpoint !== undefined) return new Coordinator(workers, recipe, plan, options).run();
  if (threads === 1) return inSlices(exploring(plan, options), workers);
  const sheets = maySweep(options) ? sheetsFor(plan, options) : null;
  const arena = sheets && orOutOfMemory(() => arenaFor(threads, sheets));
  if (sheets === null || arena === null) return new Coordinator(workers, recipe, plan, options).run();
  try {
    const parts: SweepPart[] = [];
    for (let id = 1; id < threads; id++) workers.give(id, { kind: 'sweep', arena, id }, (message) => message.kind === 'swept' && parts.push(message.part) > 0);
    return await inSlices(exploring(plan, options, () => sweepingTogether(plan, sheets, arena, parts, options)), workers);
  } catch (error) {
    abandon(arena);
    throw await workers.causeOf(error);
  }
}

function* sweepingTogether(plan: Plan, sheets: Sheets, arena: Arena, parts: readonly SweepPart[], limits: SearchLimits): Generator<undefined, Explored | null> {
  const sweep = new Sweep(plan.space, plan.goal, sheets);
  const own = yield* untilInterrupted(sweep.run(join(arena, sheets, 0, PATIENCE_MS)), limits);
  if (own === null) {
    abandon(arena);
    return null;
  }
  while (parts.length < arena.parts - 1) yield;
  return sweep.sum([own, ...parts]);
}

/** A search that several threads share, or that is saved now and then. */
class Coordinator {
  private readonly reports = new Map<number, PartReport>();
  private lastSave = performance.now();
  private saved: Attempt[] = [];
  private snapshot: Pick<Search, 'levels' | 'findings'> = { levels: [], findings: [] };

  constructor(private readonly workers: Workers, private readonly recipe: Recipe, private readonly plan: Plan, private readonly options: ThreadOptions) {}

  async run(): Promise<Explored> {
    const { threads, checkpoint, maxStates, maxBytes } = this.options;
    if (checkpoint !== undefined) makeFolder(checkpoint.dir);
    const resumed = checkpoint?.resume ? this.checkpointToResume(checkpoint.dir) : null;
    const { layout } = this.plan.space;
    const meeting = threads > 1 ? meetingFor(threads, layout.words, this.plan.goal.properties.length) : null;
    const task = {
      kind: 'search',
      meeting,
      limits: { ...(maxStates !== undefined && { maxStates }), ...(maxBytes !== undefined && { maxBytes }) },
      serial: resumed === null ? 0 : resumed.serial + 1,
      ...(checkpoint && { dir: checkpoint.dir }),
      ...(resumed && { resumed }),
    } as const;
    for (let id = 1; id < threads; id++) this.workers.give(id, { ...task, id }, (message) => this.hear(id, message));
    const { search, rounds, report } = searchPart(this.plan, { ...task, id: 0 }, PATIENCE_MS, (saved) => this.onSavedHere(search, saved), this.extras(checkpoint?.every));
    const result = await this.finish(rounds, meeting);
    this.reports.set(0, report());
    await this.workers.until(() => this.reports.size === threads);
    return { result, tallies: [...this.reports.values()], among: this.among() };
  }

  private checkpointToResume(dir: string): Checkpoint | null {
    const checkpoint = readCheckpoint(dir);
    if (checkpoint !== null && JSON.stringify(checkpoint.recipe) !== JSON.stringify(this.recipe)) {
      throw new CheckpointError('OTHER_SEARCH', `the checkpoint in ${dir} is of another search: ${differences(checkpoint.recipe, this.recipe)}`, 'resume with the same bounds and options that it was started with, or name another folder');
    }
    return checkpoint;
  }

  private extras(every: number | undefined): Parameters<typeof searchPart>[4] {
    const { interrupted, progress } = this.options;
    return {
      ...(interrupted && { interrupted }),
      ...(progress && { progress }),
      ...(every !== undefined && { wantsToSave: () => this.saved.length === 0 && performance.now() - this.lastSave >= every }),
    };
  }

  private hear(id: number, message: FromWorker): boolean {
    if (message.kind === 'end') this.reports.set(id, message);
    else if (message.kind !== 'swept') this.onSaved(message);
    return message.kind === 'end';
  }

  private async finish(rounds: Generator<undefined, SearchResult>, meeting: Meeting | null): Promise<SearchResult> {
    try {
      return await inSlices(rounds, this.workers);
    } catch (error) {
      if (meeting !== null) giveUp(meeting);
      throw await this.workers.causeOf(error);
    }
  }

  private onSavedHere({ levels, findings }: Search, saved: Attempt): void {
    this.snapshot = { levels: [...levels], findings: [...findings] };
    this.lastSave = performance.now();
    this.onSaved(saved);
  }

  /** When all parts have saved their states, the checkpoint is complete. */
  private onSaved(saved: Attempt): void {
    this.saved.push(saved);
    if (this.saved.length < this.options.threads) return;
    const parts = this.saved.flatMap((part) => (part.kind === 'saved' ? [part] : []));
    const failed = this.saved.find((part) => part.kind === 'unsaved');
    this.saved = [];
    try {
      if (failed !== undefined) throw new Error(failed.reason);
      writeManifest(this.options.checkpoint!.dir, this.recipe, this.snapshot, parts, this.plan.space.layout.words);
    } catch (error) {
      this.options.warn?.(`the search could not be saved: ${(error as Error).message}`);
    }
  }

  private among(): Among {
    const parts = [...this.reports.values()].map(({ table, levels }) => ({ table: StateTable.of(table), levels: Levels.of(levels, this.plan.space.graded) }));
    return (keys, level) => parts.flatMap(({ table, levels }) => statesAmong(table, levels, keys, level));
  }
}

/** What one recipe says otherwise than the other. */
function differences(saved: Recipe, asked: Recipe): string {
  const names = [...new Set([...Object.keys(saved), ...Object.keys(asked)])] as (keyof Recipe)[];
  const shown = (value: unknown): string => (value === undefined ? 'none' : JSON.stringify(value));
  return names
    .filter((name) => shown(saved[name]) !== shown(asked[name]))
    .map((name) => `${name} was ${shown(saved[name])}, and is ${shown(asked[name])} now`)
    .join('; ');
}
