/**
 * A trace in the Informal Trace Format of Apalache and Quint: a state for each event, with the variables of the model's
 * cluster. Ballots are ranks, values texts; what they stand for, the header and the events themselves are in `#meta`.
 */
import type { AcceptorState } from '../../model/acceptor.js';
import type { Acceptor } from '../../model/synod.js';
import type { PromiseMessage, Vote } from '../../model/words.js';
import { NO_BALLOT } from '../../model/words.js';
import type { Compiled } from '../check/compile.js';
import { compile } from '../check/compile.js';
import type { TraceError } from '../trace/errors.js';
import { traceError } from '../trace/errors.js';
import type { Trace, TracedEvent } from '../trace/read.js';
import type { ReplayedState } from './replay.js';
import { replay } from './replay.js';
import type { Fields } from './words.js';
import { headerOf, valuesOf, valueTexts } from './words.js';

/** Stands for the value where there is none: there the ballot beside it is 0. */
const NONE = 'none';

const integer = (number: number): object => ({ '#bigint': String(number) });
const set = (members: readonly unknown[]): object => ({ '#set': members });
const map = (entries: Iterable<readonly [unknown, unknown]>): object => ({ '#map': [...entries] });

type TextOf = (value: number) => string;

const voteRecord = ({ ballot, value }: Vote, textOf: TextOf): object => ({ ballot: integer(ballot), value: textOf(value) });
const votesSet = (votes: readonly Vote[], textOf: TextOf): object => set(votes.map((vote) => voteRecord(vote, textOf)));

const promiseRecord = ({ ballot, vote }: PromiseMessage, textOf: TextOf): object => ({
  ballot: integer(ballot),
  maxVBal: integer(vote?.ballot ?? NO_BALLOT),
  maxVal: vote === null ? NONE : textOf(vote.value),
});

function actionRecord(by: TracedEvent | undefined, compiled: Compiled, textOf: TextOf): object {
  if (by === undefined) return { kind: 'init', at: NONE, ballot: integer(NO_BALLOT), value: NONE };
  const { ballot, value } = by.event as Fields;
  return {
    kind: by.event.kind,
    at: by.event.at,
    ballot: integer(ballot === undefined ? NO_BALLOT : compiled.rankOf(ballot)),
    value: 'value' in by.event ? textOf(compiled.valueOf(value)) : NONE,
  };
}

/** Every state has these, in this order. */
function variables({ by, cluster, chosen, decided }: ReplayedState, compiled: Compiled, textOf: TextOf): Record<string, unknown> {
  const ofEach = (about: (acceptor: Acceptor & { readonly state: AcceptorState }) => unknown): object =>
    map(cluster.acceptors.map((acceptor, index) => [compiled.acceptors[index], about({ ...acceptor, state: acceptor.state as AcceptorState })]));
  return {
    action: actionRecord(by, compiled, textOf),
    prepares: set(cluster.prepares.map(integer)),
    accepts: votesSet(cluster.accepts, textOf),
    promises: ofEach(({ history }) => set(history.promises.map((promise) => promiseRecord(promise, textOf)))),
    votes: ofEach(({ history }) => votesSet(history.votes, textOf)),
    maxBal: ofEach(({ state }) => integer(state.promised)),
    maxVBal: ofEach(({ state }) => integer(state.vote?.ballot ?? NO_BALLOT)),
    maxVal: ofEach(({ state }) => (state.vote === null ? NONE : textOf(state.vote.value))),
    chosen: set(chosen.map(textOf)),
    decided: map([...decided].map(([node, value]) => [node, textOf(value)])),
  };
}

/** Each state tells all that was said before: the file grows with the square of the trace. */
const MAX_CHARACTERS = 2 ** 28;

/** The file in pieces, a state a line. Throws TraceSchemaError LIMIT where it would have more than `most` characters. */
export function* itfText(trace: Trace, most = MAX_CHARACTERS): Generator<string> {
  const compiled = compile(trace);
  const values = valuesOf(compiled);
  const texts = valueTexts(values);
  const meta = {
    format: 'ITF', 'format-description': 'https://apalache-mc.org/docs/adr/015adr-trace.html', source: 'paxcheck convert',
    ballots: Array.from({ length: compiled.ballots }, (_, index) => [index + 1, compiled.tokenOf(index + 1)]),
    values: texts.map((text, index) => [text, values[index]]),
    'paxos-trace': headerOf(trace),
  };
  let index = 0;
  let length = 0;
  for (const state of replay(compiled)) {
    const shown = variables(state, compiled, (value) => texts[value]!);
    yield index === 0 ? `{"#meta":${JSON.stringify(meta)},\n"vars":${JSON.stringify(Object.keys(shown))},\n"states":[\n` : ',\n';
    const text = JSON.stringify({ '#meta': { index, ...(state.by !== undefined && { line: state.by.line, event: state.by.event }) }, ...shown });
    length += text.length;
    if (length > most) throw tooLong(trace, index, most);
    yield text;
    index += 1;
  }
  yield '\n]}\n';
}

function tooLong({ file, headerLine }: Trace, states: number, most: number): TraceError {
  const finding = { expected: `states of at most ${most} characters`, got: `more after ${states} of them`, hint: 'shorten the trace: paxcheck shrink keeps what is wrong; the other formats grow as the trace does' };
  return traceError('LIMIT', { file, line: headerLine }, finding);
}
