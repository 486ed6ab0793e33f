/** Logs of a cluster of five acceptors that decides slot after slot: in real order, node by node, and with one wrong line near the end. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { TraceHeader } from '../trace/wire.js';

const ACCEPTORS = ['a1', 'a2', 'a3', 'a4', 'a5'];
const LEADERS = ['p1', 'p2'];
const LEARNERS = ['l1', 'l2'];
const WINDOW = 8;
/** Slots until the other leader takes over. */
const REIGN = 20_000;

const header = (order: TraceHeader['order']): TraceHeader => ({
  format: 'paxos-trace', version: '1.0', profile: 'multi',
  nodes: [...ACCEPTORS.map((id) => ({ id, roles: ['acceptor' as const] })), ...LEADERS.map((id) => ({ id, roles: ['leader' as const] })), ...LEARNERS.map((id) => ({ id, roles: ['learner' as const] }))],
  quorums: { kind: 'majority' }, ballots: { kind: 'pair', owners: LEADERS }, order,
  complete: ['prepare', 'promise', 'accept', 'accepted', 'decided', 'applied', 'crash', 'restart', 'snapshot'], durable: 'before-send', source: { implementation: 'paxcheck bench' },
});

class LineFile {
  private readonly descriptor: number;
  private lines: string[];
  private size = 0;

  constructor(path: string, order: TraceHeader['order']) {
    this.descriptor = openSync(path, 'w');
    this.lines = [JSON.stringify(header(order))];
  }

  add(line: string): void {
    this.lines.push(line);
    this.size += line.length;
    if (this.size > 2 ** 20) this.flush();
  }

  close(): void {
    this.flush();
    closeSync(this.descriptor);
  }

  private flush(): void {
    writeSync(this.descriptor, `${this.lines.join('\n')}\n`);
    this.lines = [];
    this.size = 0;
  }
}

export interface LogFiles {
  readonly whole: string;
  readonly wrong: string;
  /** The line that is wrong in it. */
  readonly wrongLine: number;
  readonly byNode: readonly string[];
  readonly events: number;
}

/** Writes so many events, or a few more, into files of this folder. */
export function writeLogs(folder: string, events: number): LogFiles {
  const paths = { whole: join(folder, 'log.ndjson'), wrong: join(folder, 'wrong.ndjson') };
  const [whole, wrong] = [new LineFile(paths.whole, 'total'), new LineFile(paths.wrong, 'total')];
  const nodes = new Map([...ACCEPTORS, ...LEADERS, ...LEARNERS].map((id) => [id, { path: join(folder, `${id}.ndjson`), file: new LineFile(join(folder, `${id}.ndjson`), 'per-node'), next: 0 }]));
  let count = 0;
  let wrongLine = 0;
  const add = (at: string, rest: string, value?: string): void => {
    const line = `{"at":"${at}",${rest}${value === undefined ? '' : `,"value":"${value}"`}`;
    count++;
    whole.add(`${line}}`);
    const isWrong = wrongLine === 0 && count > events * 0.99 && rest.startsWith('"kind":"accepted"');
    if (isWrong) wrongLine = count + 1;
    wrong.add(isWrong ? `{"at":"${at}",${rest},"value":"not proposed"}` : `${line}}`);
    const node = nodes.get(at)!;
    node.file.add(`${line},"i":${node.next++}}`);
  };
  for (let slot = 0, round = 0; count < events; slot += WINDOW) {
    if (slot % REIGN === 0) takeOver(add, ++round, slot);
    decide(add, round, slot);
  }
  for (const file of [whole, wrong, ...[...nodes.values()].map((node) => node.file)]) file.close();
  return { ...paths, wrongLine, byNode: [...nodes.values()].map(({ path }) => path), events: count };
}

type Add = (at: string, rest: string, value?: string) => void;

const leaderOf = (round: number): string => LEADERS[round % LEADERS.length]!;

function takeOver(add: Add, round: number, slot: number): void {
  const ballot = `[${round},"${leaderOf(round)}"]`;
  add(leaderOf(round), `"kind":"prepare","ballot":${ballot},"from":${slot}`);
  for (const at of ACCEPTORS.slice(1)) add(at, `"kind":"promise","ballot":${ballot},"from":${slot},"votes":[]`);
}

/** A window of slots, side by side; now and then a vote is missing. */
function decide(add: Add, round: number, first: number): void {
  const ballot = `[${round},"${leaderOf(round)}"]`;
  const slots = Array.from({ length: WINDOW }, (_, index) => first + index);
  for (const slot of slots) add(leaderOf(round), `"kind":"accept","ballot":${ballot},"slot":${slot}`, `command ${slot}`);
  for (const slot of slots) ACCEPTORS.forEach((at, index) => (slot + index) % 7 !== 0 && add(at, `"kind":"accepted","ballot":${ballot},"slot":${slot}`, `command ${slot}`));
  for (const kind of ['decided', 'applied']) for (const slot of slots) for (const at of LEARNERS) add(at, `"kind":"${kind}","slot":${slot}`, `command ${slot}`);
}
