/** An acceptor in this process: a module that exports `createAcceptor`, behind the same commands as an adapter. */
import type { DriveAnswer, DriveCaps, DriveCommand, DriveKnowledge, DriveReply, DriveRequest, HelloAnswer, InitCommand } from '../src/index.js';
import type { CommandBody, Connection, Recorder } from './connection.js';
import { checkedAnswer } from './connection.js';
import { DriverError } from './driver-error.js';

/** Messages released; nothing at all is silence; `skip`: the implementation does not expect this here. */
export type Released = readonly DriveReply[] | DriveReply | { readonly skip: { readonly reason: string } } | undefined;

export interface LocalAcceptor {
  deliver(message: DriveRequest): Released | Promise<Released>;
  /** Where persisting is a step of its own (`capabilities.persist`). */
  persist?(): Released | Promise<Released>;
  /** With `capabilities.state`. */
  state?(): DriveKnowledge;
  /** With `capabilities.snapshot`: everything, memory and disk, as JSON. */
  snapshot?(): unknown;
  restore?(snapshot: unknown): void;
}

/** What a module exports to be tested. `createAcceptor` restores what it wrote to `init.dir` before, if it claims `crash`. */
export interface AcceptorModule {
  readonly createAcceptor: (init: InitCommand) => LocalAcceptor | Promise<LocalAcceptor>;
  readonly implementation?: HelloAnswer['implementation'];
  readonly capabilities?: DriveCaps;
  readonly ballots?: NonNullable<HelloAnswer['ballots']>;
  /** `names`: `init.dir` is a name and no folder. Default: a folder, if `capabilities.crash`. */
  readonly disks?: 'names' | 'folders';
}

/** Answers commands on behalf of a module; the other end of the protocol. */
export class Responder {
  private acceptor: LocalAcceptor | undefined;

  constructor(private readonly module: AcceptorModule, private readonly name: string) {}

  async answer(command: DriveCommand): Promise<DriveAnswer> {
    const { id } = command;
    try {
      return { id, ...(await this.body(command)) } as DriveAnswer;
    } catch (error) {
      return { id, error: { message: error instanceof Error ? (error.stack ?? error.message) : String(error) } };
    }
  }

  private async body(command: DriveCommand): Promise<object> {
    switch (command.command) {
      case 'hello':
        return this.hello();
      case 'init':
        this.acceptor = await this.module.createAcceptor(command);
        return { ok: true };
      case 'crash':
        this.acceptor = undefined;
        return { ok: true };
      case 'stop':
        return { ok: true };
      default:
        return this.ask(command, this.acceptor);
    }
  }

  private async ask(command: Exclude<DriveCommand, { command: 'hello' | 'init' | 'crash' | 'stop' }>, acceptor: LocalAcceptor | undefined): Promise<object> {
    if (acceptor === undefined) throw new Error(`${command.command} before init`);
    switch (command.command) {
      case 'deliver':
        return released(await acceptor.deliver(command.message));
      case 'persist':
        return acceptor.persist === undefined ? { unsupported: true } : released(await acceptor.persist());
      case 'state':
        return acceptor.state === undefined ? { unsupported: true } : { state: acceptor.state() };
      case 'snapshot':
        return acceptor.snapshot === undefined ? { unsupported: true } : { snapshot: acceptor.snapshot() };
      case 'restore':
        if (acceptor.restore === undefined) return { unsupported: true };
        acceptor.restore(command.snapshot);
        return { ok: true };
    }
  }

  private hello(): object {
    const { implementation, capabilities, ballots } = this.module;
    return { version: 1, implementation: implementation ?? { name: this.name }, roles: ['acceptor'], ...(capabilities && { caps: capabilities }), ...(ballots && { ballots }) };
  }
}

function released(what: Released): object {
  if (what === undefined) return { out: [] };
  if ('skip' in what) return what;
  return { out: 'kind' in what ? [what] : what };
}

/** Speaks to the module as to an adapter, without a process: no time-outs, and a crash only where the module offers one. */
export class LocalConnection implements Connection {
  private readonly responder: Responder;
  private id = 0;

  constructor(private readonly module: AcceptorModule, private readonly name: string, private readonly record?: Recorder) {
    this.responder = new Responder(module, name);
  }

  async start(): Promise<HelloAnswer> {
    const hello = (await this.call({ command: 'hello', versions: [1] })) as HelloAnswer;
    return { ...hello, caps: { ...hello.caps, restart: false } };
  }

  async call(body: CommandBody): Promise<DriveAnswer> {
    const command = { id: ++this.id, ...body };
    this.record?.({ command });
    const fail = (code: DriverError['code'], message: string): DriverError => new DriverError(code, `${this.name} ${message}`, { command: JSON.stringify(command) });
    const answer = checkedAnswer(command, await this.responder.answer(command), fail);
    this.record?.({ answer });
    return answer;
  }

  async kill(): Promise<void> {
    throw new Error(`${this.name} runs in this process: it cannot be killed; claim crash, not restart`);
  }

  async close(): Promise<void> {
    await Promise.resolve();
  }
}
