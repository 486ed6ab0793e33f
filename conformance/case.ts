/** A sequence to show: run once more, as it is written in examples, and judged at its last answer. */
import type { Alphabet, Word } from './alphabet.js';
import { asInExamples } from './exchange.js';
import { permitted } from './exercise.js';
import type { Broken, Context } from './judge.js';
import { NEW_ACCEPTOR, blameRestart, judge } from './judge.js';
import type { Observations } from './observations.js';
import type { Breach } from './review.js';
import type { Answer } from './subject.js';
import { showInput, showReplies, showReply, showStep } from './wording.js';

export interface Case {
  readonly rule: string;
  /** `accept(2, y)`, in order. */
  readonly inputs: readonly string[];
  /** The same with the answers. */
  readonly steps: readonly string[];
  readonly conjunct: string;
  readonly formula: string;
  /** The formula with the numbers of this sequence: false. */
  readonly numbers: string;
  readonly expected: string;
  readonly got: string;
  /** For restart-remembers: the rule that is kept without the restart. */
  readonly shownBy?: string;
}

/** The sequence as shown, with its answers: what a machine that repeats it needs. */
export interface Seen {
  readonly word: Word;
  readonly answers: readonly Answer[];
}

/** Runs the sequence again. Null if its last answer does not break the rule this time: then `observations` notes a disagreement. */
export async function showCase(observations: Observations, { word, broken }: Breach): Promise<(Seen & { readonly shown: Case }) | null> {
  const { alphabet } = observations;
  const example = observations.exchange ? asInExamples(alphabet, word) : word;
  const answers = await observations.runAsIs(example);
  const { before, found } = lastStep(alphabet, example, answers, broken);
  if (found === undefined) {
    observations.disagreement ??= { word: example, first: (await observations.ask(example)), second: answers };
    return null;
  }
  const [input, last] = [alphabet.input(example.at(-1)!), answers.at(-1)!];
  const shown: Case = {
    rule: broken.rule,
    inputs: example.map((index) => showInput(alphabet.input(index))),
    steps: example.map((index, at) => showStep(alphabet.input(index), answers[at]!)),
    conjunct: found.conjunct,
    formula: found.formula,
    numbers: found.numbers,
    expected: input.kind === 'restart' ? 'everything that it had promised and voted' : [...permitted(alphabet, before, input).map((reply) => showReply(reply)), 'a refusal'].join(', or '),
    got: last.known === undefined ? showReplies(last.replies) : `what it says came back: ${JSON.stringify(last.known)}`,
    ...(found.shownBy !== undefined && { shownBy: found.shownBy }),
  };
  return { word: example, answers, shown };
}

function lastStep(alphabet: Alphabet, word: Word, answers: readonly Answer[], wanted: Broken): { before: Context; found: Broken | undefined } {
  let [before, context]: [Context, Context] = [NEW_ACCEPTOR, NEW_ACCEPTOR];
  let broken: readonly Broken[] = [];
  word.forEach((index, at) => {
    before = context;
    ({ context, broken } = judge(context, alphabet.input(index), answers[at]!, alphabet.values));
  });
  const found = broken.find(({ rule }) => rule === (wanted.shownBy ?? wanted.rule));
  return { before, found: found !== undefined && wanted.shownBy !== undefined ? (blameRestart(before, answers.at(-1)!, wanted.shownBy) ?? found) : found };
}
