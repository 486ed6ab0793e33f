/** What threads are told to do, and what they tell. */
import type { Checkpoint, SavedPart } from './checkpoint-node.js';
import type { LevelsImage } from './levels.js';
import type { SearchLimits, Tally } from './search.js';
import type { Meeting } from './shared-crew.js';
import type { Arena } from './shared-sweep.js';
import type { SweepPart } from './sweep.js';
import type { TableImage } from './table.js';

/** What a thread is to do, once it has made the space. */
export type WorkerTask = SearchTask | SweepTask;

export interface SweepTask {
  readonly kind: 'sweep';
  readonly arena: Arena;
  readonly id: number;
}

export interface SearchTask {
  readonly kind: 'search';
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
export interface Unsaved {
  readonly kind: 'unsaved';
  readonly reason: string;
}

export interface SweepReport {
  readonly kind: 'swept';
  readonly part: SweepPart;
}

export type Attempt = SavedPart | Unsaved;
export type FromWorker = Attempt | PartReport | SweepReport;
