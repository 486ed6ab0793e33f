/** The model's rules of an acceptor, applied to the history that its answers build up. No rule is defined here. */
import type { Ballot, Blocked, Guard, History, PromiseMessage, Reply, StateInvariant, Vote } from '../src/index.js';
import {
  EMPTY_HISTORY,
  blockedBy,
  oneVotePerBallot,
  promiseHasPrepare,
  promiseKept,
  promiseMonotone,
  promiseReportsHighestVote,
  propertyNamed,
  restartRemembers,
  say,
  synod,
  voteHasProposal,
  voteMonotone,
} from '../src/index.js';
import type { Input } from './alphabet.js';
import type { Answer } from './subject.js';

/** What the kit knows of an acceptor at some point: what it sent, and what it was told. */
export interface Context {
  readonly history: History;
  readonly prepares: readonly Ballot[];
  readonly accepts: readonly Vote[];
}

export const NEW_ACCEPTOR: Context = { history: EMPTY_HISTORY, prepares: [], accepts: [] };

/** A rule that an answer breaks, with the conjunct that is false. */
export interface Broken extends Blocked {
  readonly rule: string;
  /** For restart-remembers: the rule that the acceptor keeps without the restart, and breaks after it. */
  readonly shownBy?: string;
}

/** Not in the rule book: the answer makes no sense under any rule. */
export const SENSELESS = 'TypeOK';

const typeOk = propertyNamed('TypeOK') as StateInvariant;

/** The guards that speak about a promise or a vote, by the id of the rule. */
function guardsOf(context: Context, reply: Reply): readonly (readonly [rule: string, blocked: () => Blocked[]])[] {
  const { history, prepares, accepts } = context;
  const entry = <C>(rule: string, guard: Guard<C>, about: C) => [rule, () => blockedBy(guard, about)] as const;
  if (reply.kind === 'promise') {
    const promise: PromiseMessage = reply;
    return [
      entry('promise-reports-highest-vote', promiseReportsHighestVote, { history, promise }),
      entry('promise-monotone', promiseMonotone, { history, promise }),
      entry('promise-has-prepare', promiseHasPrepare, { ballot: promise.ballot, prepares }),
    ];
  }
  if (reply.kind === 'nack') return [];
  const vote = { ballot: reply.ballot, value: reply.value };
  return [
    entry('promise-kept', promiseKept, { history, vote }),
    entry('vote-has-proposal', voteHasProposal, { accepts, vote }),
    entry('one-vote-per-ballot', oneVotePerBallot, { history, vote }),
    entry('vote-monotone', voteMonotone, { history, vote }),
  ];
}

/** The rules that this reply would break, given all that was said before. */
export const brokenBy = (context: Context, reply: Reply): Broken[] =>
  guardsOf(context, reply).flatMap(([rule, blocked]) => blocked().map((conjunct) => ({ rule, ...conjunct })));

/** What was sent once this input has been given. */
export function sent(context: Context, input: Input): Context {
  if (input.kind === 'prepare' && !context.prepares.includes(input.ballot)) return { ...context, prepares: [...context.prepares, input.ballot].sort((a, b) => a - b) };
  if (input.kind !== 'accept' || context.accepts.some(({ ballot, value }) => ballot === input.ballot && value === input.value)) return context;
  const accepts = [...context.accepts, { ballot: input.ballot, value: input.value }];
  return { ...context, accepts: accepts.sort((one, other) => one.ballot - other.ballot || one.value - other.value) };
}

/** Judges one answer. Returns what is known after it, and the rules that it breaks. */
export function judge(before: Context, input: Input, answer: Answer, values: number): { readonly context: Context; readonly broken: readonly Broken[] } {
  let context = sent(before, input);
  const broken: Broken[] = [...nonsense(context, answer, values), ...forgotten(context, input, answer)];
  for (const reply of answer.replies) {
    broken.push(...brokenBy(context, reply));
    context = { ...context, history: say(context.history, reply) };
  }
  return { context, broken };
}

/** Ballots that nobody has used so far, values that nobody can propose. */
function nonsense({ prepares, accepts }: Context, { claims }: Answer, values: number): Broken[] {
  if (claims.length === 0) return [];
  const used = Math.max(0, ...prepares, ...accepts.map((proposal) => proposal.ballot));
  const protocol = synod(1, used, values);
  const cluster = { prepares, accepts, acceptors: [{ state: null, history: claims.reduce(say, EMPTY_HISTORY) }] };
  if (typeOk.holds(protocol, cluster)) return [];
  return [{ rule: SENSELESS, conjunct: SENSELESS, formula: typeOk.formula, numbers: `${typeOk.because(protocol, cluster)}; ballots used so far: ${used === 0 ? 'none' : `1 to ${used}`}` }];
}

/** What a restarted acceptor itself says that it knows. */
function forgotten({ history }: Context, input: Input, { known }: Answer): Broken[] {
  if (input.kind !== 'restart' || known === undefined) return [];
  return blockedBy(restartRemembers, { history, promised: known.promised, vote: known.vote }).map((conjunct) => ({ rule: 'restart-remembers', ...conjunct }));
}

/** What the answer shows of an acceptor that would not break this rule but for a restart: what came back was not enough. */
export function blameRestart(context: Context, answer: Answer, rule: string): Broken | null {
  for (const reply of answer.replies) {
    if (reply.kind === 'nack') continue;
    const report = rule === 'promise-reports-highest-vote' && reply.kind === 'promise';
    const shown = report ? { promised: undefined, vote: reply.vote } : { promised: reply.ballot, vote: undefined };
    const [conjunct] = blockedBy(restartRemembers, { history: context.history, ...shown });
    if (conjunct !== undefined) return { rule: 'restart-remembers', shownBy: rule, ...conjunct };
  }
  return null;
}
