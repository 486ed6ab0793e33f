import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { check } from '../check/check.js';
import { TraceError } from '../trace/errors.js';
import type { Trace } from '../trace/read.js';
import { readDocument } from './document.js';
import { fromItf } from './from-itf.js';
import type { Given } from './from-states.js';
import { fromTlc } from './from-tlc.js';
import { itfText } from './to-itf.js';
import { mermaidText } from './to-mermaid.js';
import { shivizText } from './to-shiviz.js';
import { tlaText } from './to-tla.js';

/** Anything that was JSON. */
type Json = ReturnType<typeof JSON.parse>;

async function* stream(...parts: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield typeof part === 'string' ? new TextEncoder().encode(part) : part;
}

const convert = async (from: typeof fromItf, document: unknown, given: Given = {}): Promise<Trace> => from(await readDocument(stream(JSON.stringify(document)), 'run.json'), 'run.json', given);
const eventsOf = ({ events }: Trace): object[] => events.map(({ event }) => event);

async function refusal(from: typeof fromItf, document: unknown, given: Given = {}): Promise<TraceError> {
  try {
    await convert(from, document, given);
  } catch (error) {
    if (error instanceof TraceError) return error;
    throw error;
  }
  throw new Error('was not refused');
}

const perAcceptor = (value: unknown): object => ({ a1: value, a2: value, a3: value });

/** Messages of Paxos.tla: two ballots, and a leader of the second that goes by a vote reported. */
const MESSAGES: readonly object[] = [
  { type: '1a', bal: 0 },
  { type: '1b', acc: 'a1', bal: 0, mbal: -1, mval: 'None' },
  { type: '1b', acc: 'a2', bal: 0, mbal: -1, mval: 'None' },
  { type: '2a', bal: 0, val: 'v1' },
  { type: '2b', acc: 'a1', bal: 0, val: 'v1' },
  { type: '1a', bal: 1 },
  { type: '1b', acc: 'a1', bal: 1, mbal: 0, mval: 'v1' },
  { type: '1b', acc: 'a3', bal: 1, mbal: -1, mval: 'None' },
  { type: '2a', bal: 1, val: 'v1' },
];
const EVENTS: readonly object[] = [
  { at: 'leader', kind: 'prepare', ballot: 0 },
  { at: 'a1', kind: 'promise', ballot: 0, votes: [] },
  { at: 'a2', kind: 'promise', ballot: 0, votes: [] },
  { at: 'leader', kind: 'accept', ballot: 0, value: 'v1' },
  { at: 'a1', kind: 'accepted', ballot: 0, value: 'v1' },
  { at: 'leader', kind: 'prepare', ballot: 1 },
  { at: 'a1', kind: 'promise', ballot: 1, votes: [{ ballot: 0, value: 'v1' }] },
  { at: 'a3', kind: 'promise', ballot: 1, votes: [] },
  { at: 'leader', kind: 'accept', ballot: 1, value: 'v1' },
];

/** TLC's states: each has one message more; the order of a set and of fields is TLC's business. */
const tlcStates = (messages: readonly object[]): [number, Json][] =>
  [...messages, {}].map((_, index) => [index + 1, { maxBal: perAcceptor(-1), maxVBal: perAcceptor(-1), maxVal: perAcceptor('None'), msgs: messages.slice(0, index).reverse().map((message) => Object.fromEntries(Object.entries(message).reverse())) }]);
const tlc = (messages: readonly object[]): object => ({ state: tlcStates(messages).reverse(), action: [] });

/** The same as Apalache writes it. */
const toItf = (value: Json): Json => {
  if (typeof value === 'number') return { '#bigint': String(value) };
  return typeof value === 'object' ? Object.fromEntries(Object.entries(value).map(([key, member]) => [key, toItf(member)])) : value;
};
const itf = (messages: readonly object[], prefix = ''): Json => ({
  '#meta': { format: 'ITF' }, vars: ['maxBal', 'msgs'],
  states: [...messages, {}].map((_, index) => ({ '#meta': { index }, [`${prefix}msgs`]: { '#set': messages.slice(0, index).reverse().map(toItf) }, [`${prefix}maxBal`]: { '#map': ['a1', 'a2', 'a3'].map((id) => [id, { '#bigint': '-1' }]) } })),
});

describe('import of runs of Paxos.tla', () => {
  it('of TLC: a new message is an event, ballots and values stay, -1 is no vote', async () => {
    const trace = await convert(fromTlc, tlc(MESSAGES));
    expect(eventsOf(trace)).toEqual(EVENTS);
    expect(trace.header).toMatchObject({ nodes: [...['a1', 'a2', 'a3'].map((id) => ({ id, roles: ['acceptor'] })), { id: 'leader', roles: ['leader'] }], quorums: { kind: 'majority' }, ballots: { kind: 'integer' }, order: 'total', events: 9 });
    expect(check(trace).verdict).toBe('conforms');
  });

  it('of TLC: as states alone, within "counterexample", and with integers for acceptors', async () => {
    for (const document of [tlcStates(MESSAGES).map(([, state]) => state), { counterexample: tlc(MESSAGES) }]) expect(eventsOf(await convert(fromTlc, document))).toEqual(EVENTS);
    const numbered = JSON.parse(JSON.stringify(tlcStates(MESSAGES)).replaceAll(/"acc":"a(\d)"/g, '"acc":$1').replaceAll(/\{"a1":([^,]+),"a2":[^,]+,"a3":[^}]+\}/g, '[$1,$1,$1]'));
    expect(eventsOf(await convert(fromTlc, { state: numbered })).slice(0, 3)).toEqual([EVENTS[0], { ...EVENTS[1], at: '1' }, { ...EVENTS[2], at: '2' }]);
  });

  it('of Apalache and of Quint: the same events', async () => {
    for (const prefix of ['', 'main::paxos::']) expect(eventsOf(await convert(fromItf, itf(MESSAGES, prefix)))).toEqual(EVENTS);
    const variants = MESSAGES.map(({ type, ...fields }: Json) => ({ tag: type, value: fields }));
    expect(eventsOf(await convert(fromItf, itf(variants)))).toEqual(EVENTS);
  });

  it('a run in which the second leader ignores the vote is unsafe', async () => {
    const trace = await convert(fromTlc, tlc([...MESSAGES.slice(0, -1), { type: '2a', bal: 1, val: 'v2' }]));
    expect(check(trace).first).toMatchObject({ rule: 'accept-takes-highest-vote', line: 10 });
  });

  it('several messages in one step come in the order of the phases', async () => {
    expect(eventsOf(await convert(fromTlc, [tlcStates(MESSAGES)[0]![1], tlcStates(MESSAGES)[5]![1]])).map(({ kind }: Json) => kind)).toEqual(['prepare', 'promise', 'promise', 'accept', 'accepted']);
  });

  it('large ballots become strings, other values keep their JSON', async () => {
    const state = { maxBal: perAcceptor(-1), msgs: [{ type: '2a', bal: 2 ** 40, val: ['x', { y: 1 }] }] };
    expect(eventsOf(await convert(fromTlc, [state]))).toEqual([{ at: 'leader', kind: 'accept', ballot: '1099511627776', value: ['x', { y: 1 }] }]);
    const big = { maxBal: { '#map': [['a1', 0]] }, msgs: { '#set': [{ type: '2a', bal: { '#bigint': '340282366920938463463374607431768211456' }, val: { '#bigint': '7' } }] } };
    expect(eventsOf(await convert(fromItf, { states: [big] }))).toEqual([{ at: 'leader', kind: 'accept', ballot: '340282366920938463463374607431768211456', value: 7 }]);
  });

  it('acceptors and quorums: as given, as constants of the first state, or as a hint says', async () => {
    const bare = (extra: object = {}): object => ({ states: [{ msgs: { '#set': [] }, ...extra }] });
    expect(await refusal(fromItf, bare())).toMatchObject({ code: 'MISSING_FIELD', location: { field: 'states[0].maxBal' }, hint: expect.stringContaining('--acceptors') as unknown });
    expect((await convert(fromItf, bare(), { acceptors: ['n1', 'leader'], quorums: { kind: 'flexible', phase1: 2, phase2: 1 } })).header).toMatchObject({ nodes: [{ id: 'n1' }, { id: 'leader' }, { id: "leader'" }], quorums: { phase1: 2, phase2: 1 } });
    const constants = { Acceptor: { '#set': ['a', 'b'] }, Quorum: { '#set': [{ '#set': ['a'] }, { '#set': ['a', 'b'] }] } };
    expect((await convert(fromItf, bare(constants))).header).toMatchObject({ nodes: [{ id: 'a' }, { id: 'b' }, {}], quorums: { kind: 'sets', phase1: [['a'], ['a', 'b']], phase2: [['a'], ['a', 'b']] } });
    const others = await refusal(fromTlc, tlc(MESSAGES), { acceptors: ['a1', 'a2'] });
    expect(others).toMatchObject({ code: 'BAD_VALUE', location: { field: 'state 9.msgs.acc' }, got: '"a3"' });
  });
});

describe('what is no such run', () => {
  const withMessage = (message: unknown): object => ({ states: [{ maxBal: { '#map': [['a1', 0]] }, msgs: { '#set': [message] } }] });

  it.each<[string, typeof fromItf, unknown, object]>([
    ['no states', fromItf, { vars: [] }, { code: 'UNKNOWN_FORMAT', location: { field: 'states' } }],
    ['an empty list of states', fromItf, { states: [] }, { code: 'MISSING_FIELD' }],
    ['a state that is no object', fromItf, { states: [7] }, { code: 'BAD_VALUE', location: { field: 'states[0]' } }],
    ['no msgs', fromItf, { states: [{ maxBal: { '#map': [['a1', 0]] }, sent: [] }] }, { code: 'MISSING_FIELD', location: { field: 'states[0].msgs' }, hint: expect.stringContaining('Paxos.tla') as unknown }],
    ['msgs that is a function', fromItf, { states: [{ maxBal: { '#map': [['a1', 0]] }, msgs: { '#map': [] } }] }, { code: 'BAD_VALUE', location: { field: 'states[0].msgs' } }],
    ['a message that is a string', fromItf, withMessage('1a'), { code: 'BAD_VALUE', got: '"1a"' }],
    ['an unknown type', fromItf, withMessage({ type: '3a' }), { code: 'BAD_VALUE', got: '"3a"', expected: 'one of "1a", "1b", "2a", "2b"' }],
    ['a ballot that is a string', fromItf, withMessage({ type: '1a', bal: 'one' }), { code: 'BAD_VALUE', location: { field: 'states[0].msgs.bal' } }],
    ['a ballot below 0', fromItf, withMessage({ type: '1a', bal: { '#bigint': '-3' } }), { code: 'BAD_VALUE' }],
    ['a promise without mbal', fromItf, withMessage({ type: '1b', acc: 'a1', bal: 1 }), { code: 'MISSING_FIELD', location: { field: 'states[0].msgs.mbal' } }],
    ['a proposal without a value', fromItf, withMessage({ type: '2a', bal: 1 }), { code: 'MISSING_FIELD', location: { field: 'states[0].msgs.val' } }],
    ['14 acceptors', fromItf, { states: [{ msgs: { '#set': [] }, maxBal: { '#map': Array.from({ length: 14 }, (_, index) => [`a${index}`, 0]) } }] }, { code: 'LIMIT' }],
    ['a message that is taken back', fromTlc, [tlcStates(MESSAGES)[1]![1], tlcStates(MESSAGES)[0]![1]], { code: 'BAD_VALUE', expected: expect.stringContaining('a set that only grows') as unknown }],
    ['a number for TLC', fromTlc, 7, { code: 'UNKNOWN_FORMAT' }],
    ['states without numbers', fromTlc, { state: [['one', {}]] }, { code: 'UNKNOWN_FORMAT', location: { field: 'state[0]' } }],
    ['our own header, changed', fromItf, { '#meta': { 'paxos-trace': { format: 'paxos-trace', version: '1.0' } }, states: [{}] }, { code: 'MISSING_FIELD' }],
    ['our own header, and no events', fromItf, { '#meta': { 'paxos-trace': 7 }, states: [{}] }, { code: 'BAD_VALUE' }],
  ])('%s', async (_, from, document, expected) => {
    expect(await refusal(from, document)).toMatchObject(expected);
  });

  it('is refused with a TraceError, whatever it is; else every format can have it', async () => {
    const message = fc.record({ type: fc.oneof(fc.constantFrom('1a', '1b', '2a', '2b'), fc.jsonValue()), acc: fc.oneof(fc.constantFrom('a1', 'a2'), fc.jsonValue()), bal: fc.oneof(fc.nat(3), fc.jsonValue()), mbal: fc.oneof(fc.integer({ min: -1, max: 2 }), fc.jsonValue()), mval: fc.jsonValue(), val: fc.jsonValue() }, { requiredKeys: ['type'] });
    const state = fc.record({ msgs: fc.oneof(fc.array(message), fc.record({ '#set': fc.array(message) }), fc.jsonValue()), maxBal: fc.oneof(fc.constant({ a1: 0, a2: 0 }), fc.jsonValue()), Quorum: fc.jsonValue() }, { requiredKeys: [] });
    const sound = fc.record({ type: fc.constantFrom('1a', '1b', '2a', '2b'), acc: fc.constantFrom('a1', 'a2'), bal: fc.nat(3), mbal: fc.integer({ min: -1, max: 2 }), mval: fc.string(), val: fc.jsonValue() });
    const soundState = fc.record({ msgs: fc.array(sound), maxBal: fc.constant({ a1: 0, a2: 0 }) });
    const document = fc.oneof(fc.tuple(soundState), fc.record({ states: fc.tuple(soundState) }), fc.jsonValue(), fc.record({ states: fc.array(state) }), fc.record({ state: fc.array(fc.tuple(fc.nat(), state)) }), fc.record({ '#meta': fc.record({ 'paxos-trace': fc.jsonValue() }), states: fc.array(fc.jsonValue()) }));
    let converted = 0;
    await fc.assert(
      fc.asyncProperty(document, async (data) => {
        for (const from of [fromItf, fromTlc]) {
          try {
            const trace = await convert(from, data);
            for (const write of [itfText, mermaidText, shivizText, tlaText]) expect([...write(trace)].length).toBeGreaterThanOrEqual(trace.events.length);
            converted++;
          } catch (error) {
            if (!(error instanceof TraceError)) throw error;
          }
        }
      }),
      { numRuns: 500 },
    );
    // A fifth of the documents are sound.
    expect(converted).toBeGreaterThan(20);
  });
});

describe('a document', () => {
  const codeOf = async (...parts: (string | Uint8Array)[]): Promise<string> => readDocument(stream(...parts), 'run.json', 1000).then(() => 'read', (error: unknown) => (error instanceof TraceError ? `${error.code} ${error.location.line ?? '-'}:${error.location.column ?? '-'}` : String(error)));

  it('is refused with the place, if it is broken, too deep, too large or has keys that do harm', async () => {
    expect(await codeOf('{"a":\n1', '}\n')).toBe('read');
    expect(await codeOf('{"a":\n {]')).toBe('INVALID_JSON 2:3');
    expect(await codeOf('')).toBe('INVALID_JSON 1:1');
    expect(await codeOf('['.repeat(65))).toBe('TOO_DEEP 1:65');
    expect(await codeOf('\n{"__proto__":{"x":1}}')).toBe('FORBIDDEN_KEY 2:2');
    expect(await codeOf('[9007199254740993]')).toBe('NUMBER_TOO_LARGE 1:2');
    expect(await codeOf('{"a":1,"a":2}')).toBe('DUPLICATE_KEY 1:8');
    expect(await codeOf('"', 'x'.repeat(2000), '"')).toBe('LIMIT -:-');
    expect(await codeOf(Uint8Array.from([0x22, 0xff, 0x22]))).toBe('INVALID_UTF8 1:-');
  });
});
