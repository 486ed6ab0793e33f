// The acceptor of the npm package `paxos` 15.0.5 (bigeasy/paxos) behind paxos-drive, without its network. It runs
// two-phase commit until a prepare arrives, which makes its recorder an acceptor; it votes in exactly the ballot that
// it promised, and in no other. It keeps nothing on disk. Needs `npm install paxos@15.0.5`.
import { AssertionError } from 'node:assert';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const require = createRequire(import.meta.url);
const Paxos = require('paxos');
const { version } = require('paxos/package.json');

let paxos;

// Its ballots are "<hexadecimal counter>/<index>"; every collapse takes the next counter, and "0/0" is none at all.
const promiseOf = (ballot) => `${ballot.toString(16)}/0`;
const ballotOf = (promise) => parseInt(promise, 16);

function request({ kind, ballot, value }) {
  const promise = promiseOf(ballot);
  const message = kind === 'prepare' ? { method: 'prepare', promise } : { method: 'accept', body: { promise, body: value, previous: '0/0' }, previous: null };
  return JSON.parse(JSON.stringify(paxos._recorder.request(0, message)));
}

function deliver(message) {
  const { kind, ballot, value } = message;
  const answer = request(message);
  if (answer.method === 'reject') return { kind: 'nack', ballot, of: kind, promised: ballotOf(answer.promise) };
  if (answer.method === 'accepted') return { kind: 'accepted', ballot: ballotOf(answer.promise), value };
  const { promise, body } = answer.register.body;
  return { kind: 'promise', ballot: ballotOf(answer.promise), votes: promise === '0/0' ? [] : [{ ballot: ballotOf(promise), value: body }] };
}

const answers = {
  hello: () => ({ version: 1, implementation: { name: 'paxos', version, language: 'JavaScript' }, roles: ['acceptor'], caps: { refuse: 'nack' } }),
  init({ node }) {
    paxos = new Paxos(0, node, {});
    return { ok: true };
  },
  deliver({ message }) {
    try {
      return { out: [deliver(message)] };
    } catch (error) {
      if (error instanceof AssertionError) return { skip: { reason: `it asserts: ${error.message}` } };
      throw error;
    }
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line);
  if (command.command === 'stop') break;
  console.log(JSON.stringify({ id: command.id, ...(answers[command.command]?.(command) ?? { unsupported: true }) }));
}
