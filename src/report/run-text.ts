/** A run of the model in words, one line an action, for a terminal of 80 columns. */
import type { Run } from '../engine/run.js';
import { chosenValues, chosenVotes } from '../../model/learner.js';
import type { Transition, Synod, Cluster } from '../../model/synod.js';
import { saidIn } from '../../model/synod.js';
import type { Names, Reply } from '../../model/words.js';
import { PLAIN_NAMES, showVote } from '../../model/words.js';

function answer(reply: Reply, names: Names): string {
  switch (reply.kind) {
    case 'promise': {
      const report = reply.vote === null ? 'reports no vote' : `reports its vote ${showVote(reply.vote, names)}`;
      return `promises ballot ${names.ballot(reply.ballot)}, ${report}`;
    }
    case 'accepted':
      return `votes for ${showVote(reply, names)}`;
    case 'nack':
      return `refuses ballot ${names.ballot(reply.ballot)}`;
  }
}

/** What one action does, as a sentence without its number. */
export function describeStep({ action, replies }: Transition, names: Names = PLAIN_NAMES): string {
  const { acceptor, ballot, value } = names;
  const answers = replies.map((reply) => answer(reply, names)).join('; ');
  switch (action.kind) {
    case 'prepare':
      return `the leader of ballot ${ballot(action.ballot)} sends prepare(${ballot(action.ballot)})`;
    case 'accept':
      return `the leader of ballot ${ballot(action.ballot)} sends accept(${ballot(action.ballot)}, ${value(action.value)})`;
    case 'promise':
      return `prepare(${ballot(action.ballot)}) -> ${acceptor(action.acceptor)}: ${answers || 'no answer'}`;
    case 'vote':
      return `accept(${ballot(action.ballot)}, ${value(action.value)}) -> ${acceptor(action.acceptor)}: ${answers || 'no answer'}`;
    case 'crash':
      return `${acceptor(action.acceptor)} crashes and restarts`;
    case 'act':
      return `${acceptor(action.acceptor)} goes on by itself${answers && `: ${answers}`}`;
  }
}

/** What a step does, and what it made chosen, or made learners decide. */
export interface StepText {
  readonly text: string;
  readonly news: readonly string[];
}

/** The run step by step. */
export function stepsOf(protocol: Synod, run: Run, names: Names = PLAIN_NAMES): StepText[] {
  let before: Cluster = run.start;
  return run.transitions.map((transition) => {
    const news = newsOf(protocol, before, transition.next, names);
    before = transition.next;
    return { text: describeStep(transition, names), news };
  });
}

/** The run as numbered lines; a line below a step says what came of it. */
export function describeRun(protocol: Synod, run: Run, names: Names = PLAIN_NAMES): string[] {
  const width = String(run.transitions.length).length;
  const indent = ' '.repeat(width + 2);
  return stepsOf(protocol, run, names).flatMap(({ text, news }, index) => [`${String(index + 1).padStart(width)}. ${text}`, ...news.map((line) => `${indent}=> ${line}`)]);
}

function newsOf(protocol: Synod, before: Cluster, after: Cluster, names: Names): string[] {
  const [old, now] = [saidIn(protocol, before), saidIn(protocol, after)];
  const known = new Set(chosenVotes(old).map((vote) => showVote(vote)));
  const chosen = chosenVotes(now).filter((vote) => !known.has(showVote(vote)));
  const believed = protocol.learner(now).filter((value) => !protocol.learner(old).includes(value) && !chosenValues(now).includes(value));
  return [
    ...chosen.map((vote) => `${names.value(vote.value)} is chosen in ballot ${names.ballot(vote.ballot)}`),
    ...believed.map((value) => `a learner decides ${names.value(value)}, which is not chosen`),
  ];
}
