/**
 * The states of single decisions in a log, each kept once: in most slots the same happens, only for other values. What an event
 * makes of a state is found by judging it, and remembered. That is quicker than to judge it again, and nothing else:
 * log.test.ts compares both.
 */
import { isOfSafety, ruleNamed } from '../../model/rule-book.js';
import type { Ballot } from '../../model/words.js';
import type { TraceEvent } from '../trace/wire.js';
import type { Exercised } from './bench.js';
import { noneExercised } from './bench.js';
import { judgeDecision } from './judge.js';
import { ListIds } from './list-ids.js';
import type { LiveTerms } from './live-terms.js';
import type { CheckState } from './state.js';

/** The state of a decision, up to the names of its values. */
export interface Shape {
  readonly id: number;
  readonly state: CheckState;
  /** See LiveTerms. */
  readonly lowest: Ballot;
  readonly assumed: Ballot;
  readonly steps: Map<number, Step>;
  readonly others: Map<string, Step>;
  /** Of logs without an order: whether an event may come, by how much is asked for and what it is. */
  readonly ready: Map<StepKey, boolean>;
}

/** What an event makes of a state. */
export interface Step {
  readonly to: Shape;
  readonly exercised: readonly (readonly [rule: string, times: number])[];
  /** The rules that it may break; the first of them that matters for safety comes first. */
  readonly suspects: readonly string[];
  /** False if only a ballot turned out not to be the lowest, whose leader may have heard enough later. */
  readonly isCertain: boolean;
  /** How often it was taken since `exercised` was last added up. */
  times: number;
}

/** What says which event it is, up to the names of its values: a number if it is a frequent one. */
export type StepKey = number | string;

export class Shapes {
  private readonly byId: (Shape | undefined)[] = [];
  private readonly lists = new ListIds();
  /** So many that are not used may be kept. */
  private most = FEW;
  private readonly byIdentity = new Map<string, Shape>();
  private steps: Step[] = [];
  private readonly exercised = noneExercised();

  /** `remember`: false judges every event anew. */
  constructor(private readonly terms: LiveTerms, private readonly initial: CheckState, private readonly remember: boolean) {}

  of(id: number): Shape {
    return this.byId[id]!;
  }

  get size(): number {
    return this.byIdentity.size;
  }

  /** There are many; perhaps most of them are not used any more. */
  get isFull(): boolean {
    return this.size > this.most;
  }

  /** Forgets those that are not used. */
  sweep(isUsed: (id: number) => boolean): void {
    this.forget();
    for (const [identity, { id }] of this.byIdentity) {
      if (id === 0 || isUsed(id)) continue;
      this.byIdentity.delete(identity);
      this.byId[id] = undefined;
    }
    this.most = Math.max(FEW, 2 * this.size);
  }

  /** The state before the first event; its id is 0. */
  get start(): Shape {
    return this.byId[0] ?? this.intern(this.initial, Infinity, 0);
  }

  private intern(state: CheckState, lowest: Ballot, assumed: Ballot): Shape {
    const identity = `${lowest} ${assumed} ${state.identity(this.lists.of)}`;
    const known = this.byIdentity.get(identity);
    if (known !== undefined) return known;
    const shape: Shape = { id: this.byId.length, state, lowest, assumed, steps: new Map(), others: new Map(), ready: new Map() };
    this.byId.push(shape);
    this.byIdentity.set(identity, shape);
    return shape;
  }

  /** What the event makes of a decision in this state whose values have these keys. */
  step(from: Shape, key: StepKey, event: () => TraceEvent, values: () => string[]): Step {
    const known = typeof key === 'number' ? from.steps.get(key) : from.others.get(key);
    if (known !== undefined) {
      known.times += 1;
      return known;
    }
    const step = this.judged(from, event(), values());
    this.steps.push(step);
    if (!this.remember) {
      if (this.steps.length > MAX_KEPT) this.addUp();
    } else if (typeof key === 'number') from.steps.set(key, step);
    else from.others.set(key, step);
    return step;
  }

  /** A leader that has heard enough has heard enough in any ballot; one that has not must be the lowest, as far as is known. */
  private judged(from: Shape, event: TraceEvent, values: string[]): Step {
    const step = this.judgedOnce(from, event, values, true);
    return step.suspects.some((rule) => PHASE_1.has(rule)) ? this.judgedOnce(from, event, values, false) : step;
  }

  private judgedOnce(from: Shape, event: TraceEvent, values: string[], isStrict: boolean): Step {
    const { terms } = this;
    const state = from.state.copy();
    terms.keys = [...values];
    terms.lowest = from.lowest;
    terms.assumed = from.assumed;
    terms.isStrict = isStrict;
    const exercised = noneExercised();
    const suspects = new Set<string>();
    judgeDecision({ compiled: terms, state, findings: [], exercised, suspect: (rule) => suspects.add(rule) }, event, 0);
    const isCertain = suspects.size > 0;
    const wasWrong = terms.lowest < terms.assumed;
    if (wasWrong) suspects.add('accept-has-quorum');
    return {
      to: this.intern(state, terms.lowest, wasWrong ? 0 : terms.assumed),
      exercised: Object.entries(exercised).filter(([, times]) => times > 0),
      suspects: [...suspects].sort((one, other) => Number(isOfSafety(ruleNamed(other).severity)) - Number(isOfSafety(ruleNamed(one).severity))),
      isCertain,
      times: 1,
    };
  }

  /** Forgets what events make of states: what is known of the log as a whole has changed. */
  forget(): void {
    this.addUp();
    for (const shape of this.byIdentity.values()) {
      shape.steps.clear();
      shape.others.clear();
      shape.ready.clear();
    }
    this.steps = [];
  }

  /** How often each rule was exercised so far. */
  addUp(): Exercised {
    for (const step of this.steps) {
      for (const [rule, times] of step.exercised) this.exercised[rule]! += times * step.times;
      step.times = 0;
    }
    if (!this.remember) this.steps = [];
    return { ...this.exercised };
  }
}

const MAX_KEPT = 10_000;
const FEW = 10_000;

/** What is asked of a leader unless its ballot is the lowest. */
const PHASE_1: ReadonlySet<string> = new Set(['ballot-opened', 'accept-has-quorum', 'accept-takes-highest-vote']);
