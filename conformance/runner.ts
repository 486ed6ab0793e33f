/** Runs sequences on a subject, each from a new acceptor; or, where snapshots are offered, from where they part. */
import type { Alphabet, Word } from './alphabet.js';
import type { Answer, Subject } from './subject.js';

export interface RunResult {
  /** Answers are those from this input on; what came before was not given again. */
  readonly from: number;
  readonly answers: readonly Answer[];
}

export class Runner {
  /** The inputs of the last sequence, each with a snapshot of what came after it. */
  private readonly trail: { readonly index: number; readonly snapshot: unknown }[] = [];
  /** Sequences run. */
  runs = 0;
  /** Inputs given. */
  inputs = 0;

  constructor(private readonly subject: Subject, private readonly alphabet: Alphabet) {}

  async run(word: Word, anew = false): Promise<RunResult> {
    this.runs++;
    const snapshots = this.subject.caps.snapshot === true && !anew;
    const from = snapshots ? await this.goBack(word) : 0;
    if (from === 0) await this.begin();
    const answers: Answer[] = [];
    for (let at = from; at < word.length; at++) {
      this.inputs++;
      answers.push(await this.subject.give(this.alphabet.input(word[at]!)));
      if (snapshots && at < word.length - 1) this.trail.push({ index: word[at]!, snapshot: await this.subject.snapshot() });
    }
    return { from, answers };
  }

  private async begin(): Promise<void> {
    this.trail.length = 0;
    await this.subject.fresh();
  }

  /** Restores the latest snapshot on the way of the word, and returns how many inputs it saves. */
  private async goBack(word: Word): Promise<number> {
    let common = 0;
    while (common < this.trail.length && common < word.length - 1 && this.trail[common]!.index === word[common]) common++;
    this.trail.length = common;
    if (common > 0) await this.subject.restore(this.trail[common - 1]!.snapshot);
    return common;
  }
}
