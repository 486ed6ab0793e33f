import { describe, expect, test } from 'vitest';
import { describeError, TraceError } from './errors.js';
import type { JsonObject } from './parse.js';
import { validateEvent, validateHeader } from './validate.js';

const place = { file: 'log.ndjson', line: 3 };

const header = {
  format: 'paxos-trace',
  version: '1.0',
  profile: 'synod',
  nodes: [
    { id: 'a1', roles: ['acceptor'] },
    { id: 'a2', roles: ['acceptor', 'learner'] },
    { id: 'a3', roles: ['acceptor'] },
    { id: 'p1', roles: ['leader'] },
    { id: 'c1', roles: ['client'] },
  ],
  quorums: { kind: 'majority' },
  ballots: { kind: 'integer' },
  order: 'total',
  complete: ['accepted'],
  durable: 'before-send',
  source: { implementation: 'test' },
};

const PREPARE = { at: 'p1', kind: 'prepare', ballot: 1 };
const PROMISE = { at: 'a1', kind: 'promise', ballot: 2, votes: [{ ballot: 1, value: 'x' }] };
const ACCEPT = { at: 'p1', kind: 'accept', ballot: 2, value: 'x' };

function refusal(attempt: () => unknown): TraceError {
  try {
    attempt();
  } catch (error) {
    if (error instanceof TraceError) return error;
    throw error;
  }
  throw new Error('was not refused');
}

const refusedHeader = (change: JsonObject): TraceError => refusal(() => validateHeader({ ...header, ...change }, place));
const refusedEvent = (event: JsonObject, change: JsonObject = {}): TraceError => refusal(() => validateEvent(event, validateHeader({ ...header, ...change }, place), place));
const accepted = (event: JsonObject, change: JsonObject = {}): unknown => validateEvent(event, validateHeader({ ...header, ...change }, place), place);

const weighted = (change: JsonObject): JsonObject => ({ quorums: { kind: 'weighted', weights: { a1: 2, a2: 1, a3: 0 }, phase1: 2, phase2: 2, ...change } });
const sets = (phase2: unknown): JsonObject => ({ quorums: { kind: 'sets', phase1: [['a1', 'a2']], phase2 } });
const manyAcceptors = (count: number): JsonObject => ({ nodes: Array.from({ length: count }, (_, index) => ({ id: `a${index}`, roles: ['acceptor'] })) });

describe('header', () => {
  test.each<[string, JsonObject]>([
    ['as it is', {}],
    ['all that is optional, and fields of others', { id: 'T1', title: 't', note: 'n', events: 0, 'x-run': null, source: { implementation: 'i', version: '1', 'x-commit': [] } }],
    ['a later minor version', { version: '1.17' }],
    ['flexible quorums', { quorums: { kind: 'flexible', phase1: 3, phase2: 1 } }],
    ['quorums that do not intersect: that is for the rules', { quorums: { kind: 'flexible', phase1: 1, phase2: 1 } }],
    ['weights', weighted({})],
    ['sets', sets([['a1'], ['a2', 'a3']])],
    ['pairs', { ballots: { kind: 'pair' } }],
    ['pairs with owners', { ballots: { kind: 'pair', owners: ['p1'] } }],
    ['a list', { ballots: { kind: 'list', order: ['one', 'two'] } }],
    ['13 acceptors', manyAcceptors(13)],
  ])('valid: %s', (_name, change) => {
    expect(validateHeader({ ...header, ...change }, place).header).toEqual({ ...header, ...change });
  });

  test.each<[string, string, JsonObject]>([
    ['UNKNOWN_FORMAT', 'format', { format: 'paxos-traces' }],
    ['UNKNOWN_VERSION', 'version', { version: '2.0' }],
    ['UNKNOWN_VERSION', 'version', { version: '11.0' }],
    ['UNKNOWN_VERSION', 'version', { version: 1 }],
    ['UNKNOWN_VERSION', 'version', { version: '1' }],
    ['MISSING_FIELD', 'version', { version: undefined }],
    ['MISSING_FIELD', 'nodes[0].roles', { nodes: [{ id: 'a1' }] }],
    ['MISSING_FIELD', 'quorums.kind', { quorums: {} }],
    ['MISSING_FIELD', 'quorums.weights.a3', weighted({ weights: { a1: 1, a2: 1 } })],
    ['UNKNOWN_FIELD', 'quorum', { quorum: { kind: 'majority' } }],
    ['UNKNOWN_FIELD', 'ballots.order', { ballots: { kind: 'integer', order: [] } }],
    ['BAD_VALUE', 'profile', { profile: 'synode' }],
    ['BAD_VALUE', 'quorums.kind', { quorums: { kind: 'majorities' } }],
    ['BAD_VALUE', 'ballots', { ballots: 'integer' }],
    ['BAD_VALUE', 'nodes[1].roles[0]', { nodes: [header.nodes[0], { id: 'b', roles: ['proposer'] }] }],
    ['BAD_VALUE', 'nodes[0].id', { nodes: [{ id: '', roles: [] }] }],
    ['BAD_VALUE', 'events', { events: -1 }],
    ['BAD_VALUE', 'events', { events: 1.5 }],
    ['BAD_VALUE', 'title', { title: null }],
    ['UNSUPPORTED', 'profile', { profile: 'fast' }],
    ['UNSUPPORTED', 'profile', { profile: 'fast' }],
    ['UNSUPPORTED', 'profile', { profile: 'register' }],
    ['NO_ACCEPTOR', 'nodes', { nodes: [{ id: 'p1', roles: ['leader'] }] }],
    ['NO_ACCEPTOR', 'nodes', { nodes: [] }],
    ['LIMIT', 'nodes', manyAcceptors(32)],
    ['DUPLICATE_NODE', 'nodes[1].id', { nodes: [header.nodes[0], header.nodes[0]] }],
    ['DUPLICATE_MEMBER', 'ballots.owners[1]', { ballots: { kind: 'pair', owners: ['p1', 'p1'] } }],
    ['DUPLICATE_MEMBER', 'ballots.order[2]', { ballots: { kind: 'list', order: ['1', '2', '1'] } }],
    ['DUPLICATE_MEMBER', 'quorums.phase2[0][1]', sets([['a1', 'a1']])],
    ['UNKNOWN_NODE', 'ballots.owners[0]', { ballots: { kind: 'pair', owners: ['p9'] } }],
    ['UNKNOWN_NODE', 'quorums.phase2[1][0]', sets([['a1'], ['a4']])],
    ['UNKNOWN_NODE', 'quorums.weights.a4', weighted({ weights: { a1: 1, a2: 1, a3: 1, a4: 1 } })],
    ['WRONG_ROLE', 'quorums.phase2[0][0]', sets([['p1']])],
    ['WRONG_ROLE', 'quorums.weights.p1', weighted({ weights: { a1: 1, a2: 1, a3: 1, p1: 1 } })],
    ['QUORUM_SIZE', 'quorums.phase1', { quorums: { kind: 'flexible', phase1: 4, phase2: 1 } }],
    ['QUORUM_SIZE', 'quorums.phase2', { quorums: { kind: 'flexible', phase1: 3, phase2: 0 } }],
    ['QUORUM_SIZE', 'quorums.phase1', weighted({ phase1: 4 })],
    ['QUORUM_SIZE', 'quorums.phase2', sets([])],
    ['QUORUM_SIZE', 'quorums.phase2[1]', sets([['a1'], []])],
  ])('%s at %s: %j', (code, field, change) => {
    const data = JSON.parse(JSON.stringify({ ...header, ...change })) as JsonObject;
    expect(refusal(() => validateHeader(data, place))).toMatchObject({ code, location: { ...place, field } });
  });

  test('an error has the class of its code', () => {
    expect(refusedHeader({ version: '2.0' }).name).toBe('TraceVersionError');
    expect(refusedHeader({ profile: 'fast' }).name).toBe('TraceVersionError');
    expect(refusedHeader({ nodes: [] }).name).toBe('TraceSchemaError');
  });
});

describe('event', () => {
  test.each<[JsonObject, JsonObject]>([
    [PREPARE, {}],
    [{ ...PREPARE, i: 0, incarnation: '4294967296', cause: { at: 'c1', i: 7 }, loc: 'paxos.go:12', 'x-clock': { __any: null } }, {}],
    [PROMISE, {}],
    [{ ...PROMISE, votes: [] }, {}],
    [{ ...ACCEPT, value: null, quorum: ['a1', 'a2'] }, {}],
    [{ at: 'a1', kind: 'accepted', ballot: 0, value: { any: ['JSON', null] } }, {}],
    [{ at: 'a1', kind: 'nack', ballot: 1, of: 'prepare', promised: 2 }, {}],
    [{ at: 'a1', kind: 'restart', promised: [], votes: [] }, {}],
    [{ at: 'p1', kind: 'restart' }, {}],
    [{ at: 'a2', kind: 'decided', value: 'x' }, {}],
    [{ at: 'c1', kind: 'propose', value: 'x', op: '1' }, {}],
    [{ at: 'c1', kind: 'lost' }, {}],
    [{ at: 'a2', kind: 'state', promised: 1, decided: [{ value: 1 }] }, {}],
    [{ ...PREPARE, ballot: '18446744073709551615' }, {}],
    [{ ...PREPARE, ballot: [7, 'p1'] }, { ballots: { kind: 'pair' } }],
    [{ ...PREPARE, ballot: 'b' }, { ballots: { kind: 'list', order: ['a', 'b'] } }],
  ])('valid: %j', (event, change) => {
    expect(accepted(event, change)).toEqual(event);
  });

  test.each<[string, string, JsonObject, JsonObject?]>([
    ['MISSING_FIELD', 'ballot', { at: 'p1', kind: 'prepare' }],
    ['MISSING_FIELD', 'kind', { at: 'p1' }],
    ['MISSING_FIELD', 'at', { kind: 'crash' }],
    ['MISSING_FIELD', 'votes', { at: 'a1', kind: 'promise', ballot: 1 }],
    ['MISSING_FIELD', 'votes[0].value', { ...PROMISE, votes: [{ ballot: 1 }] }],
    ['UNKNOWN_FIELD', 'balot', { ...PREPARE, balot: 1 }],
    ['UNKNOWN_FIELD', 'votes[0].ballots', { ...PROMISE, votes: [{ ballot: 1, value: 1, ballots: 1 }] }],
    ['UNKNOWN_FIELD', 'value', { ...PREPARE, value: 1 }],
    ['BAD_VALUE', 'kind', { at: 'p1', kind: 7 }],
    ['BAD_VALUE', 'kind', { at: 'p1', kind: 'prepared' }],
    ['BAD_VALUE', 'ballot', { ...PREPARE, ballot: -1 }],
    ['BAD_VALUE', 'ballot', { ...PREPARE, ballot: 1.5 }],
    ['BAD_VALUE', 'ballot', { ...PREPARE, ballot: 2147483648 }],
    ['BAD_VALUE', 'ballot', { ...PREPARE, ballot: null }],
    ['BAD_VALUE', 'ballot', { ...PREPARE, ballot: [] }],
    ['BAD_VALUE', 'ballot', { ...PREPARE, ballot: [1, 'p1', 2] }],
    ['BAD_VALUE', 'ballot', { ...PREPARE, ballot: ['01', 'p1'] }],
    ['BAD_VALUE', 'votes', { ...PROMISE, votes: null }],
    ['BAD_VALUE', 'votes[1]', { ...PROMISE, votes: [{ ballot: 1, value: 1 }, null] }],
    ['BAD_VALUE', 'i', { ...PREPARE, i: '01' }],
    ['BAD_VALUE', 'of', { at: 'a1', kind: 'nack', ballot: 1, of: 'promise' }],
    ['BAD_VALUE', 'cause', { ...PREPARE, cause: 'a1' }],
    ['NOT_IN_PROFILE', 'kind', { at: 'a2', kind: 'applied', slot: 1, value: 1 }],
    ['NOT_IN_PROFILE', 'slot', { ...PREPARE, slot: 1 }],
    ['NOT_IN_PROFILE', 'floor', { ...PROMISE, floor: 1 }],
    ['NOT_IN_PROFILE', 'votes[1].slot', { ...PROMISE, votes: [{ ballot: 1, value: 1 }, { ballot: 1, value: 1, slot: 2 }] }],
    ['NOT_IN_PROFILE', 'decided[0].slot', { at: 'a2', kind: 'state', decided: [{ value: 1, slot: 2 }] }],
    ['UNKNOWN_NODE', 'at', { ...PREPARE, at: 'p2' }],
    ['UNKNOWN_NODE', 'cause.at', { ...PREPARE, cause: { at: 'a', i: 1 } }],
    ['UNKNOWN_NODE', 'quorum[1]', { ...ACCEPT, quorum: ['a1', 'a9'] }],
    ['DUPLICATE_MEMBER', 'quorum[1]', { ...ACCEPT, quorum: ['a1', 'a1'] }],
    ['WRONG_ROLE', 'quorum[0]', { ...ACCEPT, quorum: ['p1'] }],
    ['WRONG_ROLE', 'at', { ...PREPARE, at: 'a1' }],
    ['WRONG_ROLE', 'at', { ...PROMISE, at: 'p1' }],
    ['WRONG_ROLE', 'at', { ...ACCEPT, at: 'c1' }],
    ['WRONG_ROLE', 'at', { at: 'p1', kind: 'accepted', ballot: 1, value: 1 }],
    ['WRONG_ROLE', 'at', { at: 'p1', kind: 'nack', ballot: 1, of: 'accept' }],
    ['WRONG_ROLE', 'at', { at: 'a1', kind: 'chosen', value: 1 }],
    ['WRONG_ROLE', 'at', { at: 'a1', kind: 'decided', value: 1 }],
    ['WRONG_ROLE', 'at', { at: 'a1', kind: 'propose', value: 1 }],
    ['WRONG_ROLE', 'at', { at: 'p1', kind: 'restart', votes: [] }],
    ['BALLOT_NOT_ALLOWED', 'ballot', { ...PREPARE, ballot: 'x7' }],
    ['BALLOT_NOT_ALLOWED', 'ballot', { ...PREPARE, ballot: '007' }],
    ['BALLOT_NOT_ALLOWED', 'ballot', { ...PREPARE, ballot: [1, 'p1'] }],
    ['BALLOT_NOT_ALLOWED', 'votes[0].ballot', { ...PROMISE, votes: [{ ballot: 'x', value: 1 }] }],
    ['BALLOT_NOT_ALLOWED', 'promised', { at: 'a1', kind: 'nack', ballot: 1, of: 'accept', promised: 'x' }],
    ['BALLOT_NOT_ALLOWED', 'ballot', PREPARE, { ballots: { kind: 'pair' } }],
    ['BALLOT_NOT_ALLOWED', 'ballot', { ...PREPARE, ballot: [1, 'a1'] }, { ballots: { kind: 'pair', owners: ['p1'] } }],
    ['BALLOT_NOT_ALLOWED', 'ballot', { ...PREPARE, ballot: 'c' }, { ballots: { kind: 'list', order: ['a', 'b'] } }],
  ])('%s at %s: %j', (code, field, event, change) => {
    expect(refusedEvent(event, change)).toMatchObject({ name: 'TraceSchemaError', code, location: { ...place, field } });
  });
});

test('without an order between nodes every event says which of its node it is', () => {
  const perNode = { order: 'per-node' };
  expect(accepted({ ...PREPARE, i: 0 }, perNode)).toEqual({ ...PREPARE, i: 0 });
  expect(refusedEvent(PREPARE, perNode)).toMatchObject({ name: 'TraceSchemaError', code: 'MISSING_FIELD', location: { ...place, field: 'i' } });
});

describe('messages', () => {
  test('say where, what was expected, what was found and what to do', () => {
    expect(describeError(refusedEvent({ ...PREPARE, ballot: 'x7' }))).toBe(
      'log.ndjson:3: TraceSchemaError BALLOT_NOT_ALLOWED: field "ballot": expected an integer from 0 to 2147483647, or a larger one as a decimal string, got "x7"\n' +
        '  hint: write the integer as a number or, over 31 bits, as a string of digits without leading zeros; the header may declare other ballots',
    );
  });

  test.each<[string, () => TraceError]>([
    ['did you mean "ballot"?', () => refusedEvent({ at: 'p1', kind: 'prepare', ballot: 1, balott: 1 })],
    ['did you mean "a1"?', () => refusedEvent({ ...PROMISE, at: 'A1' })],
    ['did you mean "prepare"?', () => refusedEvent({ at: 'p1', kind: 'prepar' })],
    ['did you mean "synod"?', () => refusedHeader({ profile: 'sinod' })],
    ['null is not used', () => refusedEvent({ ...PROMISE, votes: null })],
    ['as strings: "4294967297"', () => refusedEvent({ ...PREPARE, ballot: 4294967297 })],
    ['"votes": []', () => refusedEvent({ at: 'a1', kind: 'promise', ballot: 1 })],
    ['start with "x-"', () => refusedEvent({ ...PREPARE, somethingElse: 1 })],
  ])('hint: %s', (hint, attempt) => {
    expect(attempt().hint).toContain(hint);
  });

  test('what comes from the log is shortened, and cannot write to the terminal', () => {
    const hostile = `\u001b[31m\n\u202e${'x'.repeat(10_000)}`;
    for (const error of [refusedEvent({ ...PREPARE, ballot: [hostile] }), refusedEvent({ ...PREPARE, [hostile]: 1 }), refusedEvent({ ...PREPARE, at: hostile.slice(0, 99) }), refusedHeader({ format: hostile })]) {
      const text = describeError(error);
      expect(text.length).toBeLessThan(700);
      expect(text.split('\n')).toHaveLength(2);
      // eslint-disable-next-line no-control-regex -- these are what must not be there
      expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    }
  });
});
