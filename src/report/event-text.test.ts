import { describe, expect, it } from 'vitest';
import { EVENT_KINDS } from '../trace/shape.js';
import type { TraceEvent } from '../trace/wire.js';
import { describeEvent, describeLogged } from './event-text.js';

describe('an event in a few words', () => {
  it.each<[string, TraceEvent]>([
    ['p1 prepare 2', { at: 'p1', kind: 'prepare', ballot: 2 }],
    ['p1 prepare [2,"p1"]', { at: 'p1', kind: 'prepare', ballot: [2, 'p1'] }],
    ['a1 promise 2, no vote', { at: 'a1', kind: 'promise', ballot: 2, votes: [] }],
    ['a1 promise 2, vote 1 "x"', { at: 'a1', kind: 'promise', ballot: 2, votes: [{ ballot: 1, value: 'x' }] }],
    ['a1 promise b, votes a {"k":1} in slot 7, a null in slot 8', { at: 'a1', kind: 'promise', ballot: 'b', votes: [{ ballot: 'a', value: { k: 1 }, slot: 7 }, { ballot: 'a', value: null, slot: 8 }] }],
    ['p1 accept 2 "x", promises of a1, a2', { at: 'p1', kind: 'accept', ballot: 2, value: 'x', quorum: ['a1', 'a2'] }],
    ['a1 accepted 2 "x" in slot 3', { at: 'a1', kind: 'accepted', ballot: 2, value: 'x', slot: 3 }],
    ['a1 accepted 2 up to slot 7', { at: 'a1', kind: 'accepted', ballot: 2, upto: 7 }],
    ['a1 promise 2 from slot 4, vote 1 "x" in slot 5', { at: 'a1', kind: 'promise', ballot: 2, from: 4, votes: [{ slot: 5, ballot: 1, value: 'x' }] }],
    ['l1 applied "x" in slot 3', { at: 'l1', kind: 'applied', slot: 3, value: 'x' }],
    ['a1 trim up to slot 9', { at: 'a1', kind: 'trim', upto: 9 }],
    ['a1 nack of accept 2, promised 3', { at: 'a1', kind: 'nack', ballot: 2, of: 'accept', promised: 3 }],
    ['l1 decided "x" in 2, votes of a1, a2', { at: 'l1', kind: 'decided', value: 'x', ballot: 2, quorum: ['a1', 'a2'] }],
    ['a1 restart, nothing promised, no vote', { at: 'a1', kind: 'restart', promised: [], votes: [] }],
    ['a1 restart', { at: 'a1', kind: 'restart' }],
    ['l1 state, decided "x"', { at: 'l1', kind: 'state', decided: [{ value: 'x' }] }],
    ['a1 lost 3 lines', { at: 'a1', kind: 'lost', count: 3 }],
    ['c1 propose "x"', { at: 'c1', kind: 'propose', value: 'x' }],
  ])('%s', (text, event) => {
    expect(describeEvent(event)).toBe(text);
  });

  it('has its node and kind, whatever the kind', () => {
    const fields = { ballot: 1, value: 'x', votes: [], of: 'prepare', slot: 1, upto: 1, epoch: 1, members: [], from: 1 };
    for (const kind of EVENT_KINDS) expect(describeEvent({ at: 'n1', kind, ...fields } as unknown as TraceEvent)).toMatch(new RegExp(`^n1 ${kind}`));
  });

  it('has the place in the source, if it was logged', () => {
    expect(describeLogged({ at: 'p1', kind: 'prepare', ballot: 2, loc: 'leader.go:7' })).toBe('p1 prepare 2 (leader.go:7)');
    expect(describeLogged({ at: 'p1', kind: 'prepare', ballot: 2 })).toBe('p1 prepare 2');
  });

  it('is short, whatever the values and however many votes', () => {
    const votes = Array.from({ length: 1000 }, (_, slot) => ({ ballot: 1, value: 'v'.repeat(1000), slot }));
    const text = describeLogged({ at: 'a1', kind: 'promise', ballot: 2, votes, loc: 'l'.repeat(1000) });
    expect(text.length).toBeLessThan(500);
    expect(text).toContain('995 more');
  });
});
