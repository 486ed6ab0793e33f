/** Exploration that stays responsive: on one thread, or on several that share the states by their hashes; saved now and then, if so wished. */
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Among } from './among.js';
import { statesAmong } from './among.js';
import { CheckpointError } from './checkpoint-error.js';
import type { Checkpoint, SavedPart } from './checkpoint-node.js';
import { findingsOf, makeFolder, readCheckpoint, restore, writeManifest, writePart } from './checkpoint-node.js';
import { Alone } from './crew.js';
import type { Exploration, Plan } from './explore.js';
import { explorationOf, planOf } from './explore.js';
import type { LevelsImage } from './levels.js';
import { Levels } from './levels.js';
import type { Part } from './part.js';
import type { Recipe } from './recipe.js';
import { optionsOf, protocolOf } from './recipe.js';
import type { SearchLimits, SearchResult, Tally } from './search.js';
import { Search } from './search.js';
import type { Meeting } from './shared-crew.js';
import { CrewError, SharedCrew, giveUp, meetingFor } from './shared-crew.js';
import type { TableImage } from './table.js';
import { StateTable } from './table.js';

export interface ThreadOptions extends SearchLimits {
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

/** What a thread is to do. */
export interface WorkerTask {
  readonly recipe: Recipe;
  /** Null for the only thread. */
  readonly meeting: Meeting | null;
  readonly id: number;
  readonly limits: Pick<SearchLimits, 'maxStates' | 'maxBytes'>;
  readonly dir?: string;
  /** The number of the next checkpoint. */
  readonly serial: number;
  readonly resumed?: Checkpoint;
}

/** What a thread has at its end. */
export interface PartReport extends Tally {
  readonly kind: 'end';
  readonly table: TableImage;
  readonly levels: LevelsImage;
}

/** A part could not save its states; the search goes on. */
interface Unsaved {
  readonly kind: 'unsaved';
  readonly reason: string;
}

type Attempt = SavedPart | Unsaved;
export type FromWorker = Attempt | PartReport;

export interface PartSearch {
  readonly search: Search;
  readonly rounds: Generator<undefined, SearchResult>;
  readonly report: () => PartReport;
}

/** The search of one part; `patience`: milliseconds after which it gives control back while it waits for others. */
export function searchPart(plan: Plan, task: WorkerTask, patience: number, tell: (saved: Attempt) => void, more: Pick<ThreadOptions, 'interrupted' | 'progress'> & { wantsToSave?: () => boolean } = {}): PartSearch {
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

/** Explores what the recipe makes. Throws LimitError if the bounds do not fit, CheckpointError if what was saved cannot be used. */
export async function exploreRecipe(recipe: Recipe, options: ThreadOptions): Promise<Exploration> {
  const plan = planOf(protocolOf(recipe), optionsOf(recipe));
  return new Coordinator(recipe, plan, options).run();
}

/** Time for signals and messages, now and then. */
const SLICE_MS = 50;
const PATIENCE_MS = 20;

class Coordinator {
  private readonly workers: Worker[] = [];
  private readonly reports = new Map<number, PartReport>();
  private failure: Error | null = null;
  private lastSave = performance.now();
  private saved: Attempt[] = [];
  private snapshot: Pick<Search, 'levels' | 'findings'> = { levels: [], findings: [] };

  constructor(private readonly recipe: Recipe, private readonly plan: Plan, private readonly options: ThreadOptions) {}

  async run(): Promise<Exploration> {
    const { threads, checkpoint, maxStates, maxBytes } = this.options;
    if (checkpoint !== undefined) makeFolder(checkpoint.dir);
    const resumed = checkpoint?.resume ? this.checkpointToResume(checkpoint.dir) : null;
    const { layout } = this.plan.space;
    const meeting = threads > 1 ? meetingFor(threads, layout.words, this.plan.goal.properties.length) : null;
    const task = {
      recipe: this.recipe,
      meeting,
      limits: { ...(maxStates !== undefined && { maxStates }), ...(maxBytes !== undefined && { maxBytes }) },
      serial: resumed === null ? 0 : resumed.serial + 1,
      ...(checkpoint && { dir: checkpoint.dir }),
      ...(resumed && { resumed }),
    };
    try {
      for (let id = 1; id < threads; id++) this.start({ ...task, id });
      const { search, rounds, report } = searchPart(this.plan, { ...task, id: 0 }, PATIENCE_MS, (saved) => this.onSavedHere(search, saved), this.extras(checkpoint?.every));
      const result = await this.finish(rounds, meeting);
      this.reports.set(0, report());
      await this.until(() => this.reports.size === threads);
      return explorationOf(this.plan, result, [...this.reports.values()], this.among());
    } finally {
      await Promise.all(this.workers.map((worker) => worker.terminate()));
    }
  }

  private checkpointToResume(dir: string): Checkpoint | null {
    const checkpoint = readCheckpoint(dir);
    if (checkpoint !== null && JSON.stringify(checkpoint.recipe) !== JSON.stringify(this.recipe)) {
      throw new CheckpointError('OTHER_SEARCH', `the checkpoint in ${dir} is of another search: ${JSON.stringify(checkpoint.recipe)}`, 'resume with the same bounds and options that it was started with');
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

  private start(task: WorkerTask): void {
    const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: task });
    worker.on('message', (message: FromWorker) => {
      if (message.kind === 'end') this.reports.set(task.id, message);
      else this.onSaved(message);
    });
    worker.on('error', (error) => (this.failure ??= error));
    worker.on('exit', () => {
      if (!this.reports.has(task.id)) this.failure ??= new CrewError('a thread ended before its time');
    });
    this.workers.push(worker);
  }

  private async finish(rounds: Generator<undefined, SearchResult>, meeting: Meeting | null): Promise<SearchResult> {
    let last = performance.now();
    try {
      for (let step = rounds.next(); ; step = rounds.next()) {
        if (step.done) return step.value;
        if (performance.now() - last < SLICE_MS) continue;
        await setImmediate();
        if (this.failure !== null) throw this.failure;
        last = performance.now();
      }
    } catch (error) {
      if (meeting !== null) giveUp(meeting);
      if (error instanceof CrewError) await this.until(() => false);
      throw error;
    }
  }

  /** Waits for the threads; throws what one of them has thrown. */
  private async until(isReady: () => boolean): Promise<void> {
    while (!isReady()) {
      if (this.failure !== null) throw this.failure;
      await setImmediate();
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
