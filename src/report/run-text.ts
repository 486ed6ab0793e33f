/** A run of the model in words, one line an action, for a terminal of 80 columns. */
import type { Run } from '../engine/run.js';
import { chosenVotes } from '../../model/learner.js';
import type { Transition, Synod, Cluster } from '../../model/synod.js';
import { saidIn } from '../../model/synod.js';
import type { Reply } from '../../model/words.js';
import { nameOfValue } from '../../model/words.js';

const acceptor = (index: number): string => `a${index + 1}`;

function answer(reply: Reply): string {
  switch (reply.kind) {
    case 'promise':
      return reply.vote === null ? `promises ballot ${reply.ballot}, reports no vote` : `promises ballot ${reply.ballot}, reports its vote ${nameOfValue(reply.vote.value)} in ballot ${reply.vote.ballot}`;
    case 'accepted':
      return `votes for ${nameOfValue(reply.value)} in ballot ${reply.ballot}`;
    case 'nack':
      return `refuses ballot ${reply.ballot}`;
  }
}

/** What one action does, as a sentence without its number. */
export function describeStep({ action, replies }: Transition): string {
  switch (action.kind) {
    case 'prepare':
      return `the leader of ballot ${action.ballot} sends prepare(${action.ballot})`;
    case 'accept':
      return `the leader of ballot ${action.ballot} sends accept(${action.ballot}, ${nameOfValue(action.value)})`;
    case 'promise':
      return `prepare(${action.ballot}) -> ${acceptor(action.acceptor)}: ${replies.map(answer).join('; ') || 'no answer'}`;
    case 'vote':
      return `accept(${action.ballot}, ${nameOfValue(action.value)}) -> ${acceptor(action.acceptor)}: ${replies.map(answer).join('; ') || 'no answer'}`;
    case 'crash':
      return `${acceptor(action.acceptor)} crashes and restarts`;
    case 'act':
      return `${acceptor(action.acceptor)} goes on by itself${replies.length > 0 ? `: ${replies.map(answer).join('; ')}` : ''}`;
  }
}

/** The run as numbered lines; a line below a vote says what it made chosen. */
export function describeRun(protocol: Synod, run: Run): string[] {
  const width = String(run.transitions.length).length;
  let before: Cluster = run.start;
  return run.transitions.flatMap((transition, index) => {
    const line = `${String(index + 1).padStart(width)}. ${describeStep(transition)}`;
    const known = chosenVotes(saidIn(protocol, before)).map((vote) => JSON.stringify(vote));
    before = transition.next;
    const news = chosenVotes(saidIn(protocol, before)).filter((vote) => !known.includes(JSON.stringify(vote)));
    return [line, ...news.map((vote) => `${' '.repeat(width + 2)}=> ${nameOfValue(vote.value)} is chosen in ballot ${vote.ballot}`)];
  });
}
