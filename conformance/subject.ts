/** An acceptor under test in the model's terms: inputs in, answers out. Where it runs does not show. */
import type { DriveAnswer, DriveCaps, HelloAnswer, Reply, Request } from '../src/index.js';
import type { Input } from './alphabet.js';
import type { CommandBody, Connection } from './connection.js';
import { DriverError } from './driver-error.js';
import type { Disks } from './temp-folder.js';
import type { Claim, Known } from './tokens.js';
import { Tokens } from './tokens.js';

/** What came of one input. */
export interface Answer {
  /** What counts. A promise or accepted message of a higher ballot than asked is a refusal, whatever it is called. */
  readonly replies: readonly Reply[];
  /** The ballots and values that were mentioned, be it in a refusal. */
  readonly claims: readonly Claim[];
  /** Why the input was not given to the implementation. */
  readonly skipped?: string;
  /** What the acceptor says that it knows; after a restart: what came back. */
  readonly known?: Known;
}

export interface Subject {
  readonly implementation: HelloAnswer['implementation'];
  readonly roles: readonly string[];
  readonly caps: DriveCaps;
  readonly tokens: Tokens;
  /** A new acceptor with an empty disk. Throws DriverError, as the others do. */
  fresh(): Promise<void>;
  give(input: Input): Promise<Answer>;
  /** Only with `caps.snapshot`. */
  snapshot(): Promise<unknown>;
  restore(snapshot: unknown): Promise<void>;
  close(): Promise<void>;
}

export interface SubjectOptions {
  readonly ballots: number;
  readonly values: number;
  readonly seed: number;
}

/** Says hello and returns the subject. Throws DriverError. */
export async function openSubject(connection: Connection, disks: Disks, options: SubjectOptions): Promise<Subject> {
  const hello = await connection.start();
  return new DrivenSubject(connection, disks, options, hello);
}

const SILENCE: Answer = { replies: [], claims: [] };

class DrivenSubject implements Subject {
  readonly implementation: HelloAnswer['implementation'];
  readonly roles: readonly string[];
  readonly caps: DriveCaps;
  readonly tokens: Tokens;
  private disk = '';

  constructor(private readonly connection: Connection, private readonly disks: Disks, private readonly options: SubjectOptions, hello: HelloAnswer) {
    this.implementation = hello.implementation;
    this.roles = hello.roles;
    this.caps = hello.caps ?? {};
    this.tokens = new Tokens(hello.ballots?.kind ?? 'integer', options.ballots, options.values);
  }

  async fresh(): Promise<void> {
    this.disk = this.disks.next();
    await this.init();
  }

  async give(input: Input): Promise<Answer> {
    if (input.kind === 'restart') return this.restart();
    if (input.kind === 'persist') return this.answer(await this.connection.call({ command: 'persist' }), null);
    return this.answer(await this.connection.call({ command: 'deliver', message: this.tokens.request(input) }), input);
  }

  async snapshot(): Promise<unknown> {
    const answer = await this.connection.call({ command: 'snapshot' });
    if (!('snapshot' in answer)) throw this.refused({ command: 'snapshot' }, 'though it claims snapshot');
    return answer.snapshot;
  }

  async restore(snapshot: unknown): Promise<void> {
    await this.must({ command: 'restore', snapshot });
  }

  close(): Promise<void> {
    return this.connection.close();
  }

  private async restart(): Promise<Answer> {
    if (this.caps.crash === true) await this.must({ command: 'crash' });
    else {
      await this.connection.kill();
      await this.connection.start();
    }
    const ready = await this.init();
    const answer = 'state' in ready || this.caps.state !== true ? ready : await this.connection.call({ command: 'state' });
    return 'state' in answer ? { ...SILENCE, known: this.tokens.known(answer.state) } : SILENCE;
  }

  private init(): Promise<DriveAnswer> {
    const { tokens, disk } = this;
    return this.must({
      command: 'init',
      node: 'a1',
      nodes: ['a1', 'a2', 'a3'],
      role: 'acceptor',
      quorums: { kind: 'majority' },
      ballots: tokens.kind === 'integer' ? { kind: 'integer' } : { kind: 'pair', owners: [...tokens.owners] },
      dir: disk,
      seed: this.options.seed,
    });
  }

  private async must(body: CommandBody): Promise<DriveAnswer> {
    const answer = await this.connection.call(body);
    if (!('ok' in answer)) throw this.refused(body, 'skip' in answer ? answer.skip.reason : 'unsupported');
    return answer;
  }

  private refused({ command }: CommandBody, why: string): DriverError {
    return new DriverError('ADAPTER_ERROR', `the adapter does not do ${command}: ${why}`, { command }, 'claim in hello only what the adapter can do');
  }

  private answer(answer: DriveAnswer, asked: Request | null): Answer {
    if ('skip' in answer) return { ...SILENCE, skipped: answer.skip.reason };
    if ('unsupported' in answer) return { ...SILENCE, skipped: 'unsupported' };
    if (!('out' in answer)) return SILENCE;
    const said = answer.out.map((message) => this.tokens.reply(message));
    // Where answers may come late, a message of a higher ballot may be one, so there a refusal must be called one.
    return { replies: this.caps.persist === true ? said : said.map((reply) => counted(reply, asked)), claims: answer.out.flatMap((message) => this.tokens.claims(message)) };
  }
}

/** Difference 2 of correct implementations: a "no" may be a promise or vote of a higher ballot. */
function counted(reply: Reply, asked: Request | null): Reply {
  if (asked === null) return reply;
  return reply.kind === 'nack' || reply.ballot > asked.ballot ? { kind: 'nack', ballot: asked.ballot, of: asked.kind } : reply;
}
