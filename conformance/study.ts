/** Finds out what an acceptor does: runs all short sequences, learns its machine, and looks beyond the length with walks and with the machine. */
import { Alphabet } from './alphabet.js';
import type { Word } from './alphabet.js';
import type { Hypothesis } from './hypothesis.js';
import { explains, learn } from './learn.js';
import type { MachineCheck } from './machine-check.js';
import { checkMachine } from './machine-check.js';
import { Observations, keyOf } from './observations.js';
import { probes } from './probes.js';
import type { Review } from './review.js';
import { breaksSafety, review } from './review.js';
import { Runner } from './runner.js';
import { restartSequences, sequences } from './sequences.js';
import type { Answer, Subject } from './subject.js';
import type { Walked } from './walks.js';
import { surprise, walk, walksOf } from './walks.js';

export interface StudyOptions {
  readonly ballots: number;
  readonly values: number;
  /** All sequences of up to this many inputs are run. */
  readonly length: number;
  /** The same for sequences with a restart, where a restart means a new process. */
  readonly restartLength: number;
  readonly walks: { readonly count: number; readonly length: number };
  readonly seed: number;
  /** Told what begins. */
  readonly progress?: (phase: string) => void;
}

/** How restarts are made: a command, a SIGKILL and a new process, or not at all. */
export type RestartKind = 'crash' | 'kill' | 'none';

export interface Study {
  readonly alphabet: Alphabet;
  readonly observations: Observations;
  readonly review: Review;
  readonly restarts: RestartKind;
  /** Sequences of the full length, and those with a restart where they are shorter. */
  readonly sequences: number;
  readonly machine: Hypothesis | null;
  /** Why there is no machine. */
  readonly failure?: string;
  /** What the machine can be made to say, if no sequence broke a rule of safety. */
  readonly check: MachineCheck | null;
  readonly walks: number;
}

/** Studies the subject. Throws DriverError. */
export async function study(subject: Subject, options: StudyOptions): Promise<Study> {
  const exchanged = await new Student(subject, options, true).study();
  return exchanged === 'values differ' ? ((await new Student(subject, options, false).study()) as Study) : exchanged;
}

/** An acceptor that is not learned after so many attempts, or from so many observations, is not learned at all: inconclusive. */
const MAX_ROUNDS = 60;
const MAX_OBSERVED = 400_000;

type Learned = Pick<Study, 'machine' | 'check' | 'walks' | 'failure'>;

const FAILURES = { 'too many states': 'it has too many states within these bounds', 'no machine explains it': 'no machine explains what was observed' } as const;

const NOTHING = { machine: null, check: null, walks: 0 } as const;

class Student {
  private readonly restarts: RestartKind;
  private readonly alphabet: Alphabet;
  private readonly observations: Observations;
  private sequences = 0;
  /** Sequences that a machine learned before did not explain. */
  private readonly surprises: Word[] = [];
  private walked: readonly Walked[] | undefined;
  private reviewed: { readonly size: number; readonly review: Review } | undefined;

  constructor(subject: Subject, private readonly options: StudyOptions, private readonly exchange: boolean) {
    const { caps } = subject;
    const { ballots, values } = options;
    this.restarts = caps.crash === true ? 'crash' : caps.restart === true ? 'kill' : 'none';
    this.alphabet = new Alphabet({ ballots, values, restart: this.restarts !== 'none', persist: caps.persist === true });
    this.observations = new Observations(this.alphabet, new Runner(subject, this.alphabet), exchange);
  }

  async study(): Promise<Study | 'values differ'> {
    await this.runSequences();
    const { promises, votes } = this.review();
    const learned = promises + votes === 0 ? { ...NOTHING, failure: 'it promised nothing and voted for nothing' } : await this.learn();
    if (learned === 'values differ') return learned;
    const { alphabet, observations, restarts, sequences: run } = this;
    const unsteady = observations.disagreement === null ? {} : { machine: null, failure: 'it is not deterministic' };
    return { alphabet, observations, restarts, sequences: run, ...learned, ...unsteady, review: this.review() };
  }

  private async runSequences(): Promise<void> {
    const { alphabet, exchange } = this;
    const { length, restartLength, progress } = this.options;
    progress?.(`running all sequences of ${length} inputs`);
    await this.askAll(sequences(alphabet, { length, exchange, withoutRestarts: this.restarts === 'kill' }));
    if (this.restarts !== 'kill') return;
    progress?.(`running sequences of ${restartLength} inputs with a restart, each in a new process`);
    for (let n = 3; n <= restartLength; n++) await this.askAll(restartSequences(alphabet, { length: n, exchange }));
  }

  private async askAll(words: Iterable<Word>): Promise<void> {
    for (const word of words) {
      await this.observations.ask(word);
      this.sequences++;
    }
  }

  /** Learns, until neither a walk nor a breach that the machine promises comes as a surprise. */
  private async learn(): Promise<Learned | 'values differ'> {
    const { observations, alphabet, options } = this;
    for (let round = 1; ; round++) {
      if (round > MAX_ROUNDS || observations.size > MAX_OBSERVED) return { ...NOTHING, failure: `${round - 1} machines did not explain what it does, after ${observations.size} questions` };
      if (observations.disagreement !== null) return NOTHING;
      options.progress?.('learning its machine');
      const learned = await learn(observations, { mustExplain: this.surprises });
      if ('failure' in learned) {
        const exchangeable = this.exchange && learned.failure === 'no machine explains it';
        return exchangeable ? 'values differ' : { ...NOTHING, failure: FAILURES[learned.failure] };
      }
      const { machine } = learned;
      options.progress?.(`asking after every two inputs for the state that its machine of ${machine.length} says`);
      if (!(await this.passesProbes(machine))) continue;
      const walked = await this.walk();
      const odd = surprise(machine, walked);
      if (odd !== null) {
        if (await this.valuesDiffer(odd)) return 'values differ';
        this.surprises.push(odd);
        continue;
      }
      const check = breaksSafety(this.review()) ? null : checkMachine(alphabet, machine);
      const { size } = observations;
      for (const word of check?.breaches.values() ?? []) await observations.ask(word);
      if (observations.size === size) return { machine, check, walks: walked.length };
    }
  }

  /** Walks are run once, when there is a machine to compare them with. */
  private async walk(): Promise<readonly Walked[]> {
    if (this.walked === undefined) {
      const { walks, seed, progress } = this.options;
      progress?.(`running ${walks.count} walks of ${walks.length} inputs`);
      this.walked = await walk(this.observations, walksOf(this.alphabet, { ...walks, seed, withoutRestarts: this.restarts === 'kill' }));
    }
    return this.walked;
  }

  /** False as soon as the machine is wrong. */
  private async passesProbes(machine: Hypothesis): Promise<boolean> {
    const { observations } = this;
    for (const word of probes(observations, machine, this.restarts === 'kill')) {
      await observations.ask(word);
      if (explains(observations, machine, word)) continue;
      this.surprises.push(word);
      return false;
    }
    return true;
  }

  /** True if the word is answered differently from the same word with its values exchanged. What is not even answered twice alike is noted as such. */
  private async valuesDiffer(word: Word): Promise<boolean> {
    const { observations } = this;
    const asked = await observations.ask(word);
    const [first, second] = [await observations.runAsIs(word), await observations.runAsIs(word)];
    const steady = sameAnswers(first, second);
    if (steady && sameAnswers(asked, first)) return false;
    if (steady && this.exchange) return true;
    observations.disagreement ??= { word, first, second: steady ? asked : second };
    return false;
  }

  private review(): Review {
    const { size } = this.observations;
    if (this.reviewed?.size !== size) this.reviewed = { size, review: review(this.observations) };
    return this.reviewed.review;
  }
}

const sameAnswers = (one: readonly Answer[], other: readonly Answer[]): boolean => one.map(keyOf).join() === other.map(keyOf).join();
