/**
 * Checks a log of many decisions as it comes, event by event: in which slots is a rule broken? Each slot is judged as the single
 * decision that it is (project.ts), by the same judges as any other (judge.ts). It keeps little of each slot, and no lines: why
 * a slot is wrong is found by looking at its lines again.
 */
import { isOfSafety, ruleNamed } from '../../model/rule-book.js';
import { LimitError } from '../engine/limit-error.js';
import type { AcceptedEvent, TraceEvent, TraceHeader } from '../trace/wire.js';
import { ApplyOrder } from './apply-order.js';
import type { Bench, Exercised } from './bench.js';
import type { Broad } from './broad.js';
import { reachOf } from './broad.js';
import { isComplete, noneExercised } from './bench.js';
import type { Finding } from './finding.js';
import { judgeNode } from './judge.js';
import type { ToldLater } from './judge-leader.js';
import { keyOfValue, LiveTerms, valueOfKey } from './live-terms.js';
import type { Demand } from './log-ready.js';
import { DEMANDS, isReadyIn } from './log-ready.js';
import type { LogOptions, Suspicion } from './log-options.js';
import { LOG_LIMITS } from './log-options.js';
import { LogValues, Trims } from './log-values.js';
import { eventIn, slotsNamed, unknownVotes, voteIn } from './project.js';
import type { Shape, Step } from './shapes.js';
import { Shapes } from './shapes.js';
import { SlotPages } from './slot-pages.js';
import { CheckState, NodeFacts } from './state.js';
import { StepKeys } from './step-keys.js';
import { Upto } from './upto.js';

/** The state of slots that are not judged any further. */
const WRONG = -1;

export class LogChecker {
  /** What is wrong with nodes, or with the order in which they apply; complete as it is. The first 1,000. */
  readonly findings: Finding[] = [];
  /** The slots in which something may be wrong, the first line and rule of each that matters most. */
  readonly suspicions = new Map<number, Suspicion>();
  events = 0;
  /** Events about slots that had been forgotten: they were not judged. */
  notJudged = 0;
  private readonly terms: LiveTerms;
  private readonly values: LogValues;
  /** There is one decision only, and all events are about it. */
  private readonly isSingle: boolean;
  private readonly eager: boolean;
  private forgotten = -1;
  private readonly keys: StepKeys;
  private readonly shapes: Shapes;
  private readonly pages = new SlotPages();
  private readonly nodes = new NodeFacts();
  private readonly bench: Bench;
  private readonly broad: Broad[] = [];
  /** Slots from here on have been treated the same by all events that are of many: `fresh` is the state of one of which nothing else was said. */
  private horizon = 0;
  private fresh: Shape;
  private readonly applied: ApplyOrder;
  private readonly upto = new Upto();
  private readonly trims: Trims;
  private readonly exercised = noneExercised();
  private slots = 0;

  constructor(header: TraceHeader, { remember = true, eager = false, isInOrder = true }: LogOptions = {}) {
    this.eager = eager;
    this.isSingle = header.profile === 'synod';
    this.values = new LogValues(header);
    const { wasProposed } = this.values;
    this.terms = new LiveTerms(header, wasProposed, isInOrder);
    this.trims = new Trims(this.terms.acceptors);
    const state = new CheckState(this.terms.quorums, this.nodes, null);
    this.shapes = new Shapes(this.terms, state, remember);
    this.fresh = this.shapes.start;
    this.bench = { compiled: this.terms, state, findings: this.findings, exercised: this.exercised };
    this.applied = new ApplyOrder(this.bench, (from, to) => this.isNothing(from, to));
    this.keys = new StepKeys(this.terms, this.nodes, wasProposed);
  }

  get lost(): number {
    return this.nodes.lost;
  }

  get slotCount(): number {
    return this.slots;
  }

  /** Takes the next event. Throws LimitError if it would have to keep too much. */
  feed(event: TraceEvent, line: number): void {
    this.events += 1;
    if (event.kind === 'lost') {
      this.lose(event, line);
      return;
    }
    judgeNode(this.bench, event, line);
    if (this.isSingle) {
      this.touch(0, event, line);
      return;
    }
    const { slot } = event as { slot?: number | string };
    if (slot !== undefined) {
      const number = Number(slot);
      if (number <= this.forgotten) {
        this.notJudged += 1;
        return;
      }
      if (event.kind === 'applied') this.applied.apply(event.at, number, line);
      else if (event.kind === 'accept') this.upto.propose(this.terms.ranks.of(event.ballot), number);
      this.touch(number, event, line);
      return;
    }
    switch (event.kind) {
      case 'accepted': this.voteUpto(event, line); break;
      case 'prepare': this.ofMany({ ...event, leader: this.nodes.nameOf(event.at) } as TraceEvent & ToldLater, line); break;
      case 'promise':
        if (this.slots > 0) this.exercised['promise-covers-slots']! += 1;
        this.ofMany(event, line);
        break;
      case 'restart':
        this.applied.restart(event.at);
        this.ofMany(event, line);
        break;
      case 'crash':
      case 'state': this.ofMany(event, line); break;
      case 'propose': this.values.propose(event.value); break;
      case 'trim': this.trim(event.at, Number(event.upto)); break;
      case 'snapshot': this.applied.load(event.at, Number(event.upto), line); break;
      default: break;
    }
  }

  /** What was complete before is not any more: all that was said before is judged as it was then. */
  private lose(event: TraceEvent, line: number): void {
    this.catchUp();
    judgeNode(this.bench, event, line);
    this.shapes.forget();
  }

  /** True if the messages that the event goes by have come; of a log without an order between nodes. */
  isReady(event: TraceEvent, demand: Demand): boolean {
    const { slot } = event as { slot?: number | string };
    if (slot !== undefined) return this.isReadyAt(Number(slot), event, demand);
    if (event.kind === 'accepted') return demand !== 'all' || this.upto.reaches(this.terms.ranks.of(event.ballot), Number(event.upto));
    if (event.kind !== 'promise' && event.kind !== 'restart' && event.kind !== 'state') return true;
    const named = slotsNamed(event).every((each) => this.isReadyAt(each, { ...eventIn(event, each), slot: each } as TraceEvent, demand));
    const rest = eventIn(event, this.horizon);
    return named && (rest === null || isReadyIn(this.terms, { state: this.fresh.state, values: [], lowest: this.fresh.lowest }, rest, demand));
  }

  private isReadyAt(slot: number, event: TraceEvent, demand: Demand): boolean {
    const shape = this.upToDate(slot);
    if (shape === undefined) return true;
    const step = this.keys.of(event, (value) => this.pages.placeOf(slot, keyOfValue(value)));
    const key = typeof step === 'number' ? step * DEMANDS.length + DEMANDS.indexOf(demand) : `${demand} ${step}`;
    let isKnown = shape.ready.get(key);
    if (isKnown === undefined) {
      isKnown = isReadyIn(this.terms, { state: shape.state, values: this.pages.valuesOf(slot), lowest: shape.lowest }, eventIn(event, slot)!, demand);
      shape.ready.set(key, isKnown);
    }
    return isKnown;
  }

  /** After the last event. How often each rule was exercised, in all slots together. */
  end(): Exercised {
    this.catchUp();
    const inSlots = this.shapes.addUp();
    return Object.fromEntries(Object.keys(inSlots).map((rule) => [rule, inSlots[rule]! + this.exercised[rule]!]));
  }

  /** The event as this slot sees it: the slot may have been told nothing yet of events that are of many. */
  private touch(slot: number, event: TraceEvent, line: number): void {
    const shape = this.upToDate(slot);
    if (shape === undefined) return;
    const key = this.keys.of(event, (value) => this.pages.placeOf(slot, keyOfValue(value)));
    const step = this.shapes.step(shape, key, () => (this.isSingle ? event : eventIn(event, slot)!), () => this.pages.valuesOf(slot));
    this.take(slot, step, line);
  }

  private take(slot: number, step: Step, line: number): void {
    const { suspects } = step;
    if (suspects.length > 0 && this.suspect(slot, line, step)) this.pages.set(slot, WRONG, 0);
    else this.pages.set(slot, step.to.id + 1, this.broad.length);
  }

  /** True if the slot need not be judged any further. */
  private suspect(slot: number, line: number, { suspects, isCertain }: Step): boolean {
    const rule = suspects[0]!;
    const isSerious = isOfSafety(ruleNamed(rule).severity);
    const known = this.suspicions.get(slot);
    if (known === undefined && this.suspicions.size >= LOG_LIMITS.suspicions && !isSerious) return false;
    if (known === undefined || (isSerious && !known.isSerious)) this.suspicions.set(slot, { slot, line, rule, isSerious, isCertain });
    return isSerious;
  }

  /** The state of the slot after all events so far that are of many; undefined if it is not judged any further. */
  private upToDate(slot: number): Shape | undefined {
    const state = this.pages.stateOf(slot);
    if (state === WRONG) return undefined;
    if (state === 0) {
      if (++this.slots > LOG_LIMITS.slots) throw new LimitError('TOO_MANY_SLOTS', `more than ${LOG_LIMITS.slots} slots that were not trimmed`, 'log what is trimmed, or cut the log into traces');
      this.pages.set(slot, (slot >= this.horizon ? this.fresh.id : 0) + 1, slot >= this.horizon ? this.broad.length : 0);
    }
    let seen = this.pages.seenBy(slot);
    let shape = this.shapes.of(this.pages.stateOf(slot) - 1);
    for (; seen < this.broad.length; seen++) {
      const step = this.broadStep(slot, shape, seen, () => this.pages.valuesOf(slot));
      if (step === undefined) continue;
      shape = step.to;
      if (step.suspects.length > 0 && this.suspect(slot, this.broad[seen]!.line, step)) {
        this.pages.set(slot, WRONG, 0);
        return undefined;
      }
      this.pages.set(slot, shape.id + 1, seen + 1);
    }
    if (this.shapes.isFull) this.sweep();
    if (this.shapes.size > LOG_LIMITS.shapes) throw new LimitError('TOO_MANY_SHAPES', `decisions that went in more than ${LOG_LIMITS.shapes} different ways`, 'cut the log into traces');
    return shape;
  }

  private sweep(): void {
    const used = new Set([this.fresh.id]);
    for (const slot of this.pages.slots()) used.add(this.pages.stateOf(slot) - 1);
    this.shapes.sweep((id) => used.has(id));
  }

  /** What an event that is of many slots, and does not name this one, says of it. */
  private broadStep(slot: number, shape: Shape, at: number, values: () => string[]): Step | undefined {
    const { event, from, floor } = this.broad[at]!;
    if (slot < from) return undefined;
    return this.shapes.step(shape, `${at}${slot < floor ? ' trimmed' : ''}`, () => eventIn(event, slot)!, values);
  }

  private ofMany(event: TraceEvent, line: number): void {
    const { from = 0, floor = 0 } = event as { from?: number | string; floor?: number | string };
    // Slots that it names hear all that it says of them; it comes after what others said.
    for (const slot of slotsNamed(event)) {
      if (slot < Number(from) || slot <= this.forgotten) continue;
      this.touch(slot, { ...eventIn(event, slot), slot } as TraceEvent, line);
      if (this.pages.stateOf(slot) !== WRONG) this.pages.set(slot, this.pages.stateOf(slot), this.broad.length + 1);
    }
    if (this.broad.length >= LOG_LIMITS.broad) throw new LimitError('TOO_MANY_BROAD', `more than ${LOG_LIMITS.broad} events that are of many slots`, 'cut the log into traces');
    this.broad.push({ event, line, from: Number(from), floor: Number(floor) });
    const named = Math.max(-1, ...slotsNamed(event));
    const horizon = Math.max(this.horizon, Number(from), Number(floor), named + 1);
    const step = this.broadStep(horizon, this.fresh, this.broad.length - 1, () => []);
    if (step !== undefined) {
      this.fresh = step.to;
      // What is wrong in slots of which nothing was said yet is told of the first of them.
      if (step.suspects.length > 0) this.suspect(horizon, line, step);
    }
    this.horizon = horizon;
    if (this.eager) this.catchUp();
  }

  /** Tells every slot, up to this one, what it was not told yet. */
  private catchUp(upto = Infinity): void {
    const reach = upto === Infinity ? reachOf(this.broad) : [];
    for (const slot of this.pages.slots(upto)) {
      const seen = this.pages.seenBy(slot);
      if (seen < this.broad.length && this.pages.stateOf(slot) !== WRONG && (reach[seen] ?? 0) <= slot) this.upToDate(slot);
    }
  }

  private voteUpto(event: AcceptedEvent, line: number): void {
    // It is not known what for: as if its lines were lost, but for how many.
    if (!isComplete(this.bench, 'accept') && isComplete(this.bench, 'accepted')) this.lose(unknownVotes(event), line);
    for (const slot of this.upto.vote(event.at, this.terms.ranks.of(event.ballot), Number(event.upto))) {
      const shape = this.upToDate(slot);
      if (shape === undefined) continue;
      for (const { ballot, value } of shape.state.accepts) {
        if (ballot === this.terms.ranks.of(event.ballot)) this.touch(slot, { ...voteIn(event, valueOfKey(this.pages.valuesOf(slot)[value]!)), slot } as TraceEvent, line);
      }
    }
  }

  /** True if what is decided in all these slots is to do nothing, or may be: not all that is chosen need be in the log. */
  private isNothing(from: number, to: number): boolean {
    const { noop } = this.values;
    if (noop === undefined) return false;
    const knowsAll = isComplete(this.bench, 'accepted');
    const end = knowsAll ? to : Math.min(to, from + MAX_LOOKED);
    for (let slot = Math.max(from, this.forgotten + 1); slot < end; slot++) {
      const state = this.pages.stateOf(slot);
      if (state === WRONG) continue;
      const settled = state === 0 ? [] : this.shapes.of(state - 1).state.settled;
      if (settled.length === 0 ? knowsAll : !settled.some((value) => this.pages.valuesOf(slot)[value] === noop)) return false;
    }
    return true;
  }

  /** What all acceptors have dropped nobody is going to speak of. */
  private trim(at: string, upto: number): void {
    const all = Math.min(this.trims.trim(at, upto), this.applied.lowest - 1);
    if (!this.terms.isInOrder || all <= this.forgotten) return;
    this.catchUp(all);
    this.slots -= this.pages.forget(all);
    this.upto.forget(all);
    this.forgotten = all;
  }
}

const MAX_LOOKED = 100_000; // slots of which nothing may be known
