/** Judges everything observed, shortest sequences first: which rules were put to the test, which were broken, and how soonest. */
import { ruleNamed } from '../src/index.js';
import type { Alphabet, Word } from './alphabet.js';
import { tempted } from './exercise.js';
import type { Broken, Context } from './judge.js';
import { NEW_ACCEPTOR, SENSELESS, blameRestart, judge } from './judge.js';
import type { Edge, Node, Observations } from './observations.js';

/** A sequence whose last answer breaks a rule. */
export interface Breach {
  readonly word: Word;
  readonly broken: Broken;
}

export interface Review {
  /** For each rule broken the shortest sequence that shows it. */
  readonly breaches: ReadonlyMap<string, Breach>;
  /** For each rule broken the number of sequences whose last answer breaks it. */
  readonly counts: ReadonlyMap<string, number>;
  /** For each rule the number of sequences whose last input tempts to break it. */
  readonly exercised: ReadonlyMap<string, number>;
  readonly promises: number;
  readonly votes: number;
  /** Why inputs were not given to the implementation, with the number of sequences that end with one. */
  readonly skipped: ReadonlyMap<string, number>;
}

interface Place {
  readonly node: Node;
  readonly word: Word;
  readonly context: Context;
  readonly restarted: boolean;
}

class Reviewer {
  readonly breaches = new Map<string, Breach>();
  readonly counts = new Map<string, number>();
  readonly exercised = new Map<string, number>();
  readonly skipped = new Map<string, number>();
  promises = 0;
  votes = 0;
  private readonly alphabet: Alphabet;

  constructor(private readonly observations: Observations) {
    this.alphabet = observations.alphabet;
  }

  /** Judges the last answer of a sequence, and returns the place behind it. */
  visit(place: Place, index: number, { answer, node }: Edge): Place {
    const { alphabet } = this;
    const input = alphabet.input(index);
    const word = [...place.word, index];
    const { context, broken } = judge(place.context, input, answer, alphabet.values);
    if (answer.skipped === undefined) this.countTemptations(place, index);
    else add(this.skipped, answer.skipped);
    this.promises += answer.replies.filter((reply) => reply.kind === 'promise').length;
    this.votes += answer.replies.filter((reply) => reply.kind === 'accepted').length;
    const blamed = broken.map((rule) => (place.restarted && !this.breaksAnyway(word, rule.rule) ? (blameRestart(place.context, answer, rule.rule) ?? rule) : rule));
    for (const rule of new Map(blamed.map((one) => [one.rule, one])).values()) {
      add(this.counts, rule.rule);
      if (isBetter(this.breaches.get(rule.rule), word, rule, alphabet)) this.breaches.set(rule.rule, { word, broken: rule });
    }
    return { node, word, context, restarted: place.restarted || input.kind === 'restart' };
  }

  private countTemptations(place: Place, index: number): void {
    const rules = tempted(this.alphabet, place.context, this.alphabet.input(index));
    for (const rule of rules) add(this.exercised, rule);
    const remembered = ['promise-kept', 'promise-reports-highest-vote', 'promise-monotone'].some((rule) => rules.has(rule));
    const something = place.context.history.promises.length + place.context.history.votes.length > 0;
    if (place.restarted && remembered && something) add(this.exercised, 'restart-remembers');
  }

  /** True if the same sequence breaks the rule without its restarts, too. */
  private breaksAnyway(word: Word, rule: string): boolean {
    const { alphabet, observations } = this;
    const plain = word.filter((index) => !alphabet.isRestart(index));
    const answers = observations.known(plain);
    if (answers === null) return true;
    let context = NEW_ACCEPTOR;
    let broken: readonly Broken[] = [];
    plain.forEach((index, at) => ({ context, broken } = judge(context, alphabet.input(index), answers[at]!, alphabet.values)));
    return broken.some((one) => one.rule === rule);
  }
}

/** A shorter sequence is better; of equal ones that which shows a rule of safety, or else more values. */
function isBetter(known: Breach | undefined, word: Word, broken: Broken, alphabet: Alphabet): boolean {
  if (known === undefined) return true;
  if (word.length > known.word.length) return false;
  const weight = (one: Word, { shownBy }: Broken): number => (isSafety(shownBy) ? 100 : 0) + valuesIn(alphabet, one);
  return weight(word, broken) > weight(known.word, known.broken);
}

const valuesIn = (alphabet: Alphabet, word: Word): number =>
  new Set(word.flatMap((index) => {
    const input = alphabet.input(index);
    return input.kind === 'accept' ? [input.value] : [];
  })).size;

const add = (counts: Map<string, number>, key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1);

/** True for the id of a rule that agreement may depend on. */
export const isSafety = (rule: string | undefined): boolean => rule !== undefined && rule !== SENSELESS && ruleNamed(rule).severity === 'safety';

/** True if a rule is broken that agreement may depend on. */
export const breaksSafety = ({ breaches }: Review): boolean => [...breaches.keys()].some(isSafety);

/** Judges every sequence in the tree once. */
export function review(observations: Observations): Review {
  const reviewer = new Reviewer(observations);
  let places: Place[] = [{ node: observations.root, word: [], context: NEW_ACCEPTOR, restarted: false }];
  while (places.length > 0) {
    places = places.flatMap((place) =>
      [...place.node.edges].sort(([one], [other]) => one - other).map(([index, edge]) => reviewer.visit(place, index, edge)),
    );
  }
  const { breaches, counts, exercised, promises, votes, skipped } = reviewer;
  return { breaches, counts, exercised, promises, votes, skipped };
}
