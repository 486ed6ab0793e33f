/** Inputs and answers in words, for reports. */
import type { Action, Names, Reply } from '../src/index.js';
import { PLAIN_NAMES, describeStep, initialCluster, showVote, synod } from '../src/index.js';
import type { Input } from './alphabet.js';
import type { Answer } from './subject.js';

const nobody = initialCluster(synod(1, 1, 1));

/** What the input is in the model: an action of acceptor 0. */
export function actionOf(input: Input): Action {
  switch (input.kind) {
    case 'prepare':
      return { kind: 'promise', acceptor: 0, ballot: input.ballot };
    case 'accept':
      return { kind: 'vote', acceptor: 0, ballot: input.ballot, value: input.value };
    case 'restart':
      return { kind: 'crash', acceptor: 0 };
    case 'persist':
      return { kind: 'act', acceptor: 0 };
  }
}

/** `prepare(2)`, `accept(1, x)`, `crash and restart`, `persist`. */
export function showInput(input: Input, names: Names = PLAIN_NAMES): string {
  if (input.kind === 'restart') return 'crash and restart';
  if (input.kind === 'persist') return 'persist';
  return input.kind === 'prepare' ? `prepare(${names.ballot(input.ballot)})` : `accept(${names.ballot(input.ballot)}, ${names.value(input.value)})`;
}

/** A step of the driven acceptor, in the words of the explorer. */
export function showStep(input: Input, answer: Answer): string {
  if (answer.skipped !== undefined) return `${showInput(input)} -> a1: not given to it (${answer.skipped})`;
  return describeStep({ action: actionOf(input), replies: answer.replies, next: nobody });
}

export function showReply(reply: Reply, names: Names = PLAIN_NAMES): string {
  if (reply.kind === 'nack') return 'a refusal';
  if (reply.kind === 'accepted') return `accepted(${names.ballot(reply.ballot)}, ${names.value(reply.value)})`;
  return `promise(${names.ballot(reply.ballot)}) that reports ${showVote(reply.vote, names)}`;
}

export const showReplies = (replies: readonly Reply[]): string => (replies.length === 0 ? 'no answer' : replies.map((reply) => showReply(reply)).join(' and '));
