// A correct acceptor behind paxos-drive: Node's standard library only. Try: paxcheck drive -- node acceptor.mjs
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

let file, state; // state: { promised, vote }

function deliver({ kind, ballot, value }) {
  const refused = kind === 'prepare' ? ballot <= state.promised : ballot < state.promised;
  if (refused) return { kind: 'nack', ballot, of: kind, promised: state.promised };
  const votes = state.vote ? [state.vote] : [];
  state = { promised: ballot, vote: kind === 'accept' ? { ballot, value } : state.vote };
  writeFileSync(`${file}.new`, JSON.stringify(state)); // before the answer; where power can fail, fsync as well
  renameSync(`${file}.new`, file);
  return kind === 'prepare' ? { kind: 'promise', ballot, votes } : { kind: 'accepted', ballot, value };
}

const answers = {
  hello: () => ({ version: 1, implementation: { name: 'acceptor.mjs' }, roles: ['acceptor'], caps: { restart: true } }),
  init({ dir }) {
    file = `${dir}/acceptor.json`; // there already: this is a restart
    state = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { promised: 0, vote: null };
    return { ok: true };
  },
  deliver: ({ message }) => ({ out: [deliver(message)] }),
};

for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line);
  if (command.command === 'stop') break;
  console.log(JSON.stringify({ id: command.id, ...(answers[command.command]?.(command) ?? { unsupported: true }) }));
}
