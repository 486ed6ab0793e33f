/**
 * Everything that was ever observed of a subject, as a tree: a node is a sequence of inputs, an edge an input with its
 * answer. A sequence known is not run again; one that is run again must give the same answers.
 */
import type { Alphabet, Word } from './alphabet.js';
import type { Renaming } from './exchange.js';
import { canonical, rename, startRenaming, translate } from './exchange.js';
import type { Runner } from './runner.js';
import type { Answer } from './subject.js';

export interface Edge {
  readonly answer: Answer;
  readonly node: Node;
  /** The answer in the names of those who asked under other ones. */
  readonly translated: Map<string, Answer>;
}

export interface Node {
  readonly edges: Map<number, Edge>;
}

/** A place in the tree, seen through the names of whoever asks. */
export interface Cursor {
  readonly node: Node;
  readonly renaming: Renaming;
}

/** The same sequence, two different last answers. */
export interface Disagreement {
  readonly word: Word;
  readonly first: readonly Answer[];
  readonly second: readonly Answer[];
}

const keys = new WeakMap<Answer, string>();

/** Equal keys: the same to a leader, and to a learner of the machine. */
export function keyOf(answer: Answer): string {
  let key = keys.get(answer);
  if (key === undefined) keys.set(answer, (key = JSON.stringify(answer.skipped === undefined ? answer.replies : 'skipped')));
  return key;
}

const newNode = (): Node => ({ edges: new Map() });

export class Observations {
  readonly root = newNode();
  readonly start: Cursor;
  /** The first one found. The tree keeps what was seen first. */
  disagreement: Disagreement | null = null;
  /** Nodes, the root not counted: sequences of which the last answer is known. */
  size = 0;

  constructor(readonly alphabet: Alphabet, readonly runner: Runner, readonly exchange: boolean) {
    this.start = { node: this.root, renaming: startRenaming(alphabet, exchange) };
  }

  /** The answers to the word; runs it if they are not known. */
  async ask(word: Word): Promise<readonly Answer[]> {
    return this.known(word) ?? this.run(word);
  }

  /** The answers to the word if all of them are known. */
  known(word: Word): readonly Answer[] | null {
    const answers: Answer[] = [];
    let cursor = this.start;
    for (const index of word) {
      const step = this.step(cursor, index);
      if (step === null) return null;
      answers.push(step.answer);
      cursor = step.cursor;
    }
    return answers;
  }

  /** One input further in the tree; null where nobody has been. */
  step({ node, renaming }: Cursor, index: number): { readonly answer: Answer; readonly cursor: Cursor } | null {
    const renamed = rename(this.alphabet, renaming, index);
    const edge = node.edges.get(renamed.index);
    if (edge === undefined) return null;
    return { answer: this.translated(edge, renamed.renaming), cursor: { node: edge.node, renaming: renamed.renaming } };
  }

  private translated(edge: Edge, renaming: Renaming): Answer {
    if (renaming.every((value, place) => value === place)) return edge.answer;
    const names = renaming.join();
    let answer = edge.translated.get(names);
    if (answer === undefined) edge.translated.set(names, (answer = translate(edge.answer, renaming, this.alphabet.values)));
    return answer;
  }

  /** Where the word leads, if anybody has been there. */
  at(word: Word): Cursor | null {
    let cursor = this.start;
    for (const index of word) {
      const step = this.step(cursor, index);
      if (step === null) return null;
      cursor = step.cursor;
    }
    return cursor;
  }

  /** Runs the word under its own names, whatever is known of it; adds nothing. */
  async runAsIs(word: Word): Promise<readonly Answer[]> {
    return (await this.runner.run(word, true)).answers;
  }

  private async run(word: Word): Promise<readonly Answer[]> {
    const run = canonical(this.alphabet, word, this.exchange);
    const { from, answers } = await this.runner.run(run);
    this.add(run, from, answers);
    return this.known(word)!;
  }

  private add(word: Word, from: number, answers: readonly Answer[]): void {
    let node = this.root;
    word.forEach((index, at) => {
      const answer = answers[at - from];
      let edge = node.edges.get(index);
      if (edge === undefined) {
        if (answer === undefined) throw new Error('an answer is missing');
        edge = { answer, node: newNode(), translated: new Map() };
        node.edges.set(index, edge);
        this.size++;
      } else if (answer !== undefined && keyOf(edge.answer) !== keyOf(answer)) {
        this.disagree(word.slice(0, at + 1), answers.slice(0, at + 1));
      }
      node = edge.node;
    });
  }

  private disagree(word: Word, second: readonly Answer[]): void {
    if (this.disagreement !== null) return;
    const first: Answer[] = [];
    let node = this.root;
    for (const index of word) {
      const edge = node.edges.get(index)!;
      first.push(edge.answer);
      node = edge.node;
    }
    this.disagreement = { word, first, second };
  }
}
