import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { DriveCommand } from '../src/index.js';
import type { DriverErrorCode } from './driver-error.js';
import { LocalConnection, Responder } from './local.js';
import { mutantModule } from './subjects/mutant.js';
import { isAnswer, isCommand, problemWith } from './validate.js';

const text = readFileSync(new URL('../spec/driver-protocol.md', import.meta.url), 'utf8');
const lines = (mark: string): unknown[] => text.split('\n').filter((line) => line.startsWith(`${mark} {`)).map((line) => JSON.parse(line.slice(2)));

describe('driver protocol', () => {
  test('the conversation in the text is valid, line by line, and what the reference answers', async () => {
    const commands = lines('>') as DriveCommand[];
    const answers = lines('<') as { id: number }[];
    expect(commands.map(isCommand)).toEqual(commands.map(() => true));
    expect(answers.map(isAnswer)).toEqual(answers.map(() => true));
    const responder = new Responder(mutantModule('H9'), 'reference');
    for (const command of commands) {
      const answer = await responder.answer(command);
      const written = answers.find(({ id }) => id === command.id);
      if (command.command !== 'deliver' || written === undefined) continue;
      // The adapter in the text says what it had promised, which the reference does not.
      expect(answer).toEqual(JSON.parse(JSON.stringify(written), (key, value: unknown) => (key === 'promised' ? undefined : value)));
    }
  });

  test('the table of errors names every code', () => {
    const codes: Record<DriverErrorCode, true> = {
      ADAPTER_NOT_FOUND: true, ADAPTER_TIMEOUT: true, ADAPTER_EXITED: true, ADAPTER_GARBAGE: true,
      ADAPTER_WRONG_ID: true, ADAPTER_FLOOD: true, ADAPTER_INVALID_ANSWER: true, ADAPTER_ERROR: true,
    };
    expect([...text.matchAll(/^\| `(ADAPTER_\w+)`/gm)].map(([, code]) => code).sort()).toEqual(Object.keys(codes).sort());
  });

  test.each<[string, DriveCommand['command'], object]>([
    ['no field that makes it an answer', 'deliver', { id: 1 }],
    ['the answer to another command', 'init', { id: 1, out: [] }],
    ['a field that the schema does not name', 'deliver', { id: 1, out: [], note: 'hi' }],
    ['a promise without votes', 'deliver', { id: 1, out: [{ kind: 'promise', ballot: 1 }] }],
    ['a vote of null', 'deliver', { id: 1, out: [{ kind: 'promise', ballot: 1, votes: [null] }] }],
    ['a ballot that is no ballot', 'deliver', { id: 1, out: [{ kind: 'accepted', ballot: 1.5, value: 'x' }] }],
    ['an unknown kind of message', 'deliver', { id: 1, out: [{ kind: 'ok', ballot: 1 }] }],
    ['no id', 'deliver', { out: [] }],
    ['two answers in one', 'deliver', { id: 1, out: [], skip: { reason: '' } }],
    ['a skip without a reason', 'deliver', { id: 1, skip: {} }],
    ['a capability that does not exist', 'hello', { id: 1, version: 1, implementation: { name: 'n' }, roles: ['acceptor'], caps: { fly: true } }],
  ])('refuses %s', (_, command, answer) => {
    expect(problemWith(command, answer)).not.toBeNull();
  });

  test.each<[DriveCommand['command'], object]>([
    ['deliver', { id: 1, out: [] }],
    ['deliver', { id: 1, out: [{ kind: 'nack', ballot: [1, 'p1'], of: 'prepare', promised: [] }], events: [{ at: 'a1', kind: 'crash' }] }],
    ['deliver', { id: 1, unsupported: true }],
    ['persist', { id: 1, ok: true }],
    ['init', { id: 1, ok: true, state: { promised: 2, votes: [] } }],
    ['hello', { id: 1, version: 1, implementation: { name: 'n' }, roles: ['acceptor', 'leader'] }],
  ])('allows to %s: %o', (command, answer) => {
    expect(problemWith(command, answer)).toBeNull();
  });

  test('a module in this process cannot be killed, and says so', async () => {
    const connection = new LocalConnection(mutantModule('H9'), 'reference');
    expect((await connection.start()).caps).toMatchObject({ crash: true, restart: false });
    await expect(connection.kill()).rejects.toThrow('cannot be killed');
  });
});
