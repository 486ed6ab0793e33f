import { describe, expect, test } from 'vitest';
import { bytesOf, storedTraces } from '../corpus/stored-node.js';
import { jsonReporter } from '../report/check-lines.js';
import type { Outcome, Task } from './check-files.js';
import { checkFile } from './check-files.js';
import type { Shard } from './shard.js';
import { readShard, shardOf } from './shard.js';

const reporter = jsonReporter(() => undefined);

async function outcomesOf(text: string | Uint8Array, shard: Shard | null, strict = false): Promise<Outcome[]> {
  const bytes = Buffer.from(text);
  const task: Task = { format: 'json', strict, quiet: false, verbose: false, colour: false, width: 80, shard };
  const again = async function* () {
    for (let start = 0; start < bytes.length; start += 2 ** 16) yield bytes.subarray(start, start + 2 ** 16);
  };
  const outcomes: Outcome[] = [];
  for await (const outcome of checkFile({ file: 'log.ndjson', input: again(), again }, task, reporter)) outcomes.push(outcome);
  return outcomes;
}

const shardsOf = (of: number): Shard[] => Array.from({ length: of }, (_, index) => ({ number: index + 1, of }));

const judgedIn = (outcomes: readonly Outcome[]): unknown[] => outcomes.flatMap((outcome) => (outcome.kind === 'judged' ? [outcome.piece] : []));
const misreadIn = (outcomes: readonly Outcome[]): Outcome[] => outcomes.filter(({ kind }) => kind === 'misread');
const censusOf = (outcomes: readonly Outcome[]): Outcome => outcomes.find(({ kind }) => kind === 'census')!;

const corpus = storedTraces().filter(({ file }) => file.includes('rule-')).map((stored) => Buffer.from(bytesOf(stored)).toString()).filter((text) => text.includes('"order":"total"')).slice(0, 30);
const [first, second, third] = corpus as [string, string, string];
const PART = '{"format":"paxos-trace","version":"1.0","profile":"synod","nodes":[{"id":"a1","roles":["acceptor"]}],"quorums":{"kind":"majority"},"ballots":{"kind":"integer"},"order":"per-node","durable":"before-send","source":{"implementation":"by hand"},"complete":[]}\n';

describe('shard', () => {
  test('is one of as many as there are', () => {
    expect([readShard('1/1'), readShard('2/4'), readShard('4/4')]).toEqual([{ number: 1, of: 1 }, { number: 2, of: 4 }, { number: 4, of: 4 }]);
    for (const text of ['0/4', '5/4', 'a/b', '1/0', '', '1', '1/', '/4', '-1/4', '1.5/4', '1/4/4', ' 1/4', '01/4', '1/99999999999']) {
      expect(readShard(text)).toBe(null);
      expect(() => shardOf(text)).toThrow(`--shard ${text}: expected i/n`);
    }
  });

  test.each([1, 2, 3, 7])('all shards together judge each trace of a file once, as without shards (%i shards, 30 traces)', async (of) => {
    const whole = await outcomesOf(corpus.join(''), null);
    const parts = await Promise.all(shardsOf(of).map((shard) => outcomesOf(corpus.join(''), shard)));
    expect(judgedIn(whole)).toHaveLength(corpus.length);
    expect(parts.flatMap(judgedIn).sort()).toEqual(judgedIn(whole).sort());
    for (const part of parts) expect(censusOf(part)).toEqual({ kind: 'census', traces: corpus.length, runs: [] });
  });

  test('the same bytes are in the same shard, alone in a file or among others', async () => {
    const shaOf = (piece: unknown): string => (JSON.parse(piece as string) as { sha256: string }).sha256;
    for (const shard of shardsOf(3)) {
      const alone = (await Promise.all(corpus.map((text) => outcomesOf(text, shard)))).flatMap(judgedIn).map(shaOf);
      expect(judgedIn(await outcomesOf(corpus.join(''), shard)).map(shaOf)).toEqual(alone);
    }
  });

  test.each([
    ['an event that is none', `${first}${second}{"at":"nobody","kind":"prepare","ballot":1}\n${third}`],
    ['a line that is no JSON', `${first}${second.slice(0, -1)}nonsense\n${third}`],
    ['a header that lacks everything', `${first}${second}{"format":"paxos-trace","version":"1.0"}\n${third}`],
    ['a header that is no JSON for us', `${first}${second}{"format":"paxos-trace","a":1,"a":2}\n${third}`],
    ['a cut end', `${first}${second}${third}`.slice(0, -30)],
  ])('a file with %s: the error is told once, and what comes before it is judged, as without shards', async (_name, text) => {
    const whole = await outcomesOf(text, null);
    expect(misreadIn(whole)).toHaveLength(1);
    for (const of of [1, 2, 5]) {
      const parts = await Promise.all(shardsOf(of).map((shard) => outcomesOf(text, shard)));
      expect(parts.flatMap(misreadIn)).toEqual(misreadIn(whole));
      expect(parts.flatMap(judgedIn).sort()).toEqual(judgedIn(whole).sort());
    }
  });

  test.each([['nothing', ''], ['no header', '{"at":"a1"}\n'], ['a part of a run without an id', `${PART}nonsense\n`]])('every shard tells of a file with %s: nobody knows whose it is', async (_name, text) => {
    const [whole, ...parts] = await Promise.all([null, ...shardsOf(3)].map(async (shard) => misreadIn(await outcomesOf(text, shard))));
    expect(whole).toHaveLength(1);
    expect(parts).toEqual([whole, whole, whole]);
  });

  test('parts with the same id are in the same shard; without an id every shard has them', async () => {
    const named = (note: string): string => PART.replace('"complete"', `"id":"run","note":"${note}","complete"`);
    const owners = await Promise.all(shardsOf(5).map(async (shard) => (await outcomesOf(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map(named).join(''), shard)).filter(({ kind }) => kind === 'part').length));
    expect(owners.sort()).toEqual([0, 0, 0, 0, 8]);
    const unnamed = await Promise.all(shardsOf(5).map(async (shard) => (await outcomesOf(PART, shard)).filter(({ kind }) => kind === 'part').length));
    expect(unnamed).toEqual([1, 1, 1, 1, 1]);
  });

  test('an input that is too long to be kept is shared out likewise (18 MB)', async () => {
    const long = `{"at":"a1","kind":"x-pad","pad":"${'a'.repeat(1_000_000)}"}\n`.repeat(18);
    const text = `${first.replace(/,"events":\d+/, '')}${long}${second}${third}`;
    const parts = await Promise.all(shardsOf(2).map((shard) => outcomesOf(text, shard)));
    const whole = judgedIn(await outcomesOf(text, null));
    expect(whole).toHaveLength(3);
    expect(parts.flatMap(judgedIn).sort()).toEqual(whole.sort());
    expect(parts.map(censusOf)).toEqual([{ kind: 'census', traces: 3, runs: [] }, { kind: 'census', traces: 3, runs: [] }]);
  });
});
