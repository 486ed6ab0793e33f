/** An acceptor of the model, mutants included, as a module to be tested: so the kit is tested on what it must find. */
import type { AcceptorMachine, DriveReply, InitCommand } from '../src/index.js';
import type { AcceptorModule, LocalAcceptor, Released } from './local.js';
import { Tokens } from './tokens.js';

/** Where the state of a model's acceptor outlives its process. */
export interface StateStore {
  load(dir: string): unknown;
  save(dir: string, state: unknown): void;
}

/** When an acceptor takes the step that it takes by itself: at once, at the command persist, or never before the next crash. */
export type OwnStep = 'at-once' | 'persist' | 'never';

export interface ModelAcceptorOptions {
  readonly name?: string;
  readonly store?: StateStore;
  readonly ownStep?: OwnStep;
  readonly ballotKind?: 'integer' | 'pair';
}

export function memoryStore(): StateStore {
  const states = new Map<string, unknown>();
  return { load: (dir) => states.get(dir), save: (dir, state) => void states.set(dir, state) };
}

/** Ballots and values are taken back to ranks and indexes; these many are known. */
const MOST_BALLOTS = 9;
const MOST_VALUES = 6;

export function modelAcceptor(machine: AcceptorMachine, options: ModelAcceptorOptions = {}): AcceptorModule {
  const { store = memoryStore(), ownStep = 'at-once', ballotKind = 'integer' } = options;
  return {
    implementation: { name: options.name ?? 'an acceptor of the model', language: 'TypeScript' },
    // Where every step writes a file, going back to a snapshot is no faster than starting anew.
    capabilities: { restart: true, crash: true, snapshot: options.store === undefined, ...(ownStep === 'persist' && { persist: true }) },
    ballots: { kind: ballotKind },
    disks: options.store === undefined ? 'names' : 'folders',
    createAcceptor: (init) => new ModelAcceptor(machine, store, ownStep, init),
  };
}

class ModelAcceptor implements LocalAcceptor {
  private now: unknown;
  private readonly tokens: Tokens;

  constructor(private readonly machine: AcceptorMachine, private readonly store: StateStore, private readonly ownStep: OwnStep, private readonly init: InitCommand) {
    this.tokens = new Tokens(init.ballots.kind === 'pair' ? 'pair' : 'integer', MOST_BALLOTS, MOST_VALUES);
    const before = store.load(init.dir);
    this.keep(before === undefined ? machine.initial : machine.restart(before));
  }

  deliver(message: Parameters<LocalAcceptor['deliver']>[0]): Released {
    const ballot = this.tokens.rankOf(message.ballot);
    const step = message.kind === 'prepare' ? this.machine.prepare(this.now, ballot) : this.machine.accept(this.now, ballot, this.tokens.indexOf(message.value));
    this.keep(step.state);
    const replies = step.replies.map((reply) => this.tokens.wire(reply));
    return this.ownStep === 'at-once' ? [...replies, ...this.persist()] : replies;
  }

  persist(): DriveReply[] {
    const step = this.machine.act?.(this.now) ?? { state: this.now, replies: [] };
    this.keep(step.state);
    return step.replies.map((reply) => this.tokens.wire(reply));
  }

  snapshot(): unknown {
    return this.now;
  }

  restore(snapshot: unknown): void {
    this.keep(snapshot);
  }

  private keep(state: unknown): void {
    this.now = state;
    this.store.save(this.init.dir, state);
  }}
