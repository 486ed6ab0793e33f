/** Who is measured: a program that was made ready for a task, and how its answer is read. */
import type { Bounds } from './yardstick.js';

/** What a program found: distinct states (or actions of the shortest violation), and its depth as TLC counts it. */
export interface Answer {
  readonly count: number;
  readonly depth?: number;
}

/** Ready to run: nothing is compiled any more. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  /** The exit code of a good run. Default: 0. */
  readonly exitCode?: number;
  /** Undefined: the output does not say that the search came to its end without an error. */
  readonly read: (output: string) => Answer | undefined;
}

export interface Contender {
  readonly who: string;
  /** How the model is written and searched; with `who` unique within a task. */
  readonly mode: string;
  /** Writes and compiles what it needs in this empty folder, which nobody else uses. Not timed. Throws ToolError. */
  readonly prepare: (folder: string) => Promise<Program>;
}

/** Hand-packed, or with every variable of Paxos.tla. */
export type Text = 'packed' | 'faithful';

/** Another model checker. */
export interface Peer {
  readonly name: string;
  /** What it lacks here and how to get it; undefined if nothing. */
  readonly missing: () => string | undefined;
  readonly version: () => string;
  readonly contenders: (bounds: Bounds, text: Text) => readonly Contender[];
}
