/** A machine that explains what was observed: states are sequences that nothing tells apart, built from the observations, asking for more where they do not suffice. */
import type { Carried, Word } from './alphabet.js';
import { NOTHING_CARRIED } from './alphabet.js';
import { witness } from './apart.js';
import type { Node, Observations } from './observations.js';
import { keyOf } from './observations.js';
import type { Answer } from './subject.js';

export interface Move {
  readonly to: number;
  readonly answer: Answer;
}

export interface MachineState {
  /** The sequence by which the state was first reached. */
  readonly access: Word;
  /** By index of the input; those that no correct cluster can give here are missing. */
  readonly moves: Map<number, Move>;
}

/** States by number; state 0 is that of a new acceptor. */
export type Hypothesis = readonly MachineState[];

export interface BuildOptions {
  readonly maxStates: number;
  readonly care: Care;
}

/**
 * How sequences are taken for the same state. `quick`: nothing observed tells them apart. `careful`: nor does anything
 * observed on purpose, one input later. `separate`: and the ballots carry the same values, which makes more states, but
 * lets every question be asked after each of them.
 */
export type Care = 'quick' | 'careful' | 'separate';

class Builder {
  readonly states: MachineState[] = [{ access: [], moves: new Map() }];

  constructor(private readonly observations: Observations, private readonly options: BuildOptions) {}

  /** Follows every pair of a state and what the ballots carry, so that every move a correct cluster can cause is defined. */
  async build(): Promise<Hypothesis | null> {
    const { alphabet } = this.observations;
    const queue: { state: number; carried: Carried; word: Word }[] = [{ state: 0, carried: NOTHING_CARRIED, word: [] }];
    const seen = new Set(['0/0']);
    for (const { state, carried, word } of queue) {
      for (const index of alphabet.inputs.keys()) {
        const after = alphabet.carry(carried, index);
        if (after === null) continue;
        const longer = [...word, index];
        const move = this.states[state]!.moves.get(index) ?? (await this.define(state, index, longer, after));
        if (this.states.length > this.options.maxStates) return null;
        const key = `${move.to}/${after}`;
        if (!seen.has(key)) {
          seen.add(key);
          queue.push({ state: move.to, carried: after, word: longer });
        }
      }
    }
    return this.states;
  }

  private async define(state: number, index: number, word: Word, carried: Carried): Promise<Move> {
    const answers = await this.observations.ask(word);
    const move = { to: await this.identify(word, carried), answer: answers.at(-1)! };
    this.states[state]!.moves.set(index, move);
    return move;
  }

  /** The state that the word leads to; a new one if it is apart from all others. */
  private async identify(word: Word, carried: Carried): Promise<number> {
    const { alphabet } = this.observations;
    const separate = this.options.care === 'separate';
    const all = [...this.states.keys()].filter((state) => !separate || alphabet.carriedBy(this.states[state]!.access) === carried);
    let [candidate] = await this.candidates(word, all);
    for (let doubtful = this.options.care === 'careful'; doubtful && candidate !== undefined; ) {
      const before = candidate;
      await this.compare(word, this.states[before]!.access);
      [candidate] = await this.candidates(word, all);
      doubtful = candidate !== before;
    }
    return candidate ?? this.states.push({ access: word, moves: new Map() }) - 1;
  }

  /** The states that the word may lead to, after asking what tells them apart. */
  private async candidates(word: Word, among: readonly number[]): Promise<number[]> {
    const possible = (numbers: readonly number[]): number[] => numbers.filter((state) => witness(this.observations, word, this.states[state]!.access) === null);
    let left = possible(among);
    for (let question = this.question(left, word); question !== null; question = this.question(left, word)) {
      await this.observations.ask([...word, ...question]);
      left = possible(left);
    }
    return left;
  }

  /** Asks after one more input what identifies the state that it should lead to. */
  private async compare(word: Word, access: Word): Promise<void> {
    const { observations } = this;
    const may = (asked: Word): boolean => observations.alphabet.carriedBy(asked) !== null;
    for (const index of observations.alphabet.inputs.keys()) {
      const [one, other] = [[...word, index], [...access, index]];
      if (!may(one) || !may(other)) continue;
      await observations.ask(one);
      await observations.ask(other);
      const [state] = await this.candidates(other, [...this.states.keys()]);
      for (const question of state === undefined ? [] : this.identifiers(state)) {
        if (!may([...one, ...question]) || !may([...other, ...question])) continue;
        await observations.ask([...one, ...question]);
        await observations.ask([...other, ...question]);
      }
    }
  }

  /** What tells the state from every other one. */
  private identifiers(state: number): Word[] {
    const words = this.states.flatMap((other, number) => {
      const found = number === state ? null : witness(this.observations, this.states[state]!.access, other.access);
      return found === null ? [] : [found];
    });
    return [...new Map(words.map((word) => [word.join(), word])).values()];
  }

  /** A continuation that tells two of the candidates apart and may follow the word; null if there is none. */
  private question(candidates: readonly number[], word: Word): Word | null {
    for (const one of candidates) {
      for (const other of candidates) {
        if (other <= one) continue;
        const found = witness(this.observations, this.states[one]!.access, this.states[other]!.access);
        if (found !== null && this.observations.alphabet.carriedBy([...word, ...found]) !== null) return found;
      }
    }
    return null;
  }
}

/** Builds a machine from the observations; null if it would have too many states. */
export const buildHypothesis = (observations: Observations, options: BuildOptions): Promise<Hypothesis | null> => new Builder(observations, options).build();

/** Where the word leads from a new acceptor; null if the machine lacks a move for it. */
export const follow = (machine: Hypothesis, word: Word): Path | null => followFrom(machine, 0, word);

/** The states on the way, the first one included, and the answers. */
export interface Path {
  readonly states: readonly number[];
  readonly answers: readonly Answer[];
}

export function followFrom(machine: Hypothesis, state: number, word: Word): Path | null {
  const states = [state];
  const answers: Answer[] = [];
  for (const index of word) {
    const move = machine[states.at(-1)!]!.moves.get(index);
    if (move === undefined) return null;
    states.push(move.to);
    answers.push(move.answer);
  }
  return { states, answers };
}

/** The shortest observed sequence that the machine answers differently; null if it explains everything. */
export function counterexample(observations: Observations, machine: Hypothesis): Word | null {
  let places: { readonly node: Node; readonly state: number; readonly word: Word }[] = [{ node: observations.root, state: 0, word: [] }];
  while (places.length > 0) {
    const next: typeof places = [];
    for (const { node, state, word } of places) {
      for (const [index, edge] of node.edges) {
        const move = machine[state]!.moves.get(index);
        if (move === undefined || keyOf(move.answer) !== keyOf(edge.answer)) return [...word, index];
        next.push({ node: edge.node, state: move.to, word: [...word, index] });
      }
    }
    places = next;
  }
  return null;
}
