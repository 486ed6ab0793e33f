import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AcceptorMachine, Reply, Step } from '../src/index.js';
import { mutantNamed, referenceAcceptor } from '../src/index.js';
import type { Alphabet } from './alphabet.js';
import { NOTHING_CARRIED } from './alphabet.js';
import { LocalConnection } from './local.js';
import { machineFrom } from './machine.js';
import { modelAcceptor } from './model-acceptor.js';
import type { StudyOptions } from './study.js';
import { study } from './study.js';
import { openSubject } from './subject.js';
import { namedDisks } from './temp-folder.js';

const options: StudyOptions = { ballots: 3, values: 2, length: 3, restartLength: 3, walks: { count: 50, length: 24 }, seed: 1 };

async function studyOf(machine: AcceptorMachine, parts: Partial<StudyOptions> = {}) {
  const all = { ...options, ...parts };
  const subject = await openSubject(new LocalConnection(modelAcceptor(machine), 'test'), namedDisks(), all);
  return study(subject, all);
}

function stepOf(machine: AcceptorMachine, alphabet: Alphabet, state: unknown, index: number): Step<unknown> {
  const input = alphabet.input(index);
  if (input.kind === 'prepare') return machine.prepare(state, input.ballot);
  if (input.kind === 'accept') return machine.accept(state, input.ballot, input.value);
  return { state: machine.restart(state), replies: [] };
}

/** The number of states of the smallest machine with the same answers: partition refinement (Moore 1956), slow and obvious. */
function smallest(machine: AcceptorMachine, alphabet: Alphabet): { readonly reachable: number; readonly classes: number } {
  const states = new Map([[JSON.stringify(machine.initial), machine.initial]]);
  for (const state of states.values()) {
    for (const index of alphabet.inputs.keys()) {
      const next = stepOf(machine, alphabet, state, index).state;
      states.set(JSON.stringify(next), next);
    }
  }
  let classOf = new Map([...states.keys()].map((key) => [key, '']));
  for (;;) {
    const signature = (state: unknown): string =>
      JSON.stringify([...alphabet.inputs.keys()].map((index) => {
        const step = stepOf(machine, alphabet, state, index);
        return [step.replies, classOf.get(JSON.stringify(step.state))];
      }));
    const ids = new Map<string, string>();
    const refined = new Map([...states].map(([key, state]) => {
      const own = signature(state);
      if (!ids.has(own)) ids.set(own, String(ids.size));
      return [key, ids.get(own)!];
    }));
    if (new Set(refined.values()).size === new Set(classOf.values()).size) return { reachable: states.size, classes: ids.size };
    classOf = refined;
  }
}

/** A shortest sequence that a correct cluster could give and the two answer differently, found on their product; null if there is none. */
function difference(one: AcceptorMachine, other: AcceptorMachine, alphabet: Alphabet): number[] | null {
  const places = [{ a: one.initial, b: other.initial, carried: NOTHING_CARRIED, word: [] as number[] }];
  const seen = new Set<string>();
  for (const { a, b, carried, word } of places) {
    for (const index of alphabet.inputs.keys()) {
      const after = alphabet.carry(carried, index);
      if (after === null) continue;
      const [left, right] = [stepOf(one, alphabet, a, index), stepOf(other, alphabet, b, index)];
      if (JSON.stringify(left.replies) !== JSON.stringify(right.replies)) return [...word, index];
      const key = JSON.stringify([left.state, right.state, after]);
      if (seen.has(key)) continue;
      seen.add(key);
      places.push({ a: left.state, b: right.state, carried: after, word: [...word, index] });
    }
  }
  return null;
}

describe('the learned machine', () => {
  test('of the reference has 10 states, though its variables take 16 values (B=3 V=2)', async () => {
    // promised = 0: no vote. promised = p: no vote, or one of 2p votes, that is 1 + 2p: together 1 + 3 + 5 + 7 = 16.
    // With promised = 3 no higher ballot can bring the vote to light, so these 7 answer alike: 1 + 3 + 5 + 1 = 10.
    const { machine, alphabet } = await studyOf(referenceAcceptor);
    expect(smallest(referenceAcceptor, alphabet)).toEqual({ reachable: 16, classes: 10 });
    expect(machine?.length).toBe(10);
    expect(difference(referenceAcceptor, machineFrom(alphabet, machine!), alphabet)).toBeNull();
  });

  test.each([[2, 2, 5], [3, 1, 7], [3, 3, 13]])('of the reference at %i ballots and %i values has %i states', async (ballots, values, states) => {
    const { machine, alphabet } = await studyOf(referenceAcceptor, { ballots, values });
    expect(machine?.length).toBe(states);
    expect(smallest(referenceAcceptor, alphabet).classes).toBe(states);
  });

  // The largest of their kinds.
  test.each(['A1', 'A5', 'A13', 'A24', 'D1', 'D6', 'H1', 'H3', 'H4', 'H8'])('of %s answers like it, whatever a correct cluster sends (B=3 V=2, any length)', async (id) => {
    const machine = mutantNamed(id)!.machine!(0, 3);
    const { machine: learned, alphabet } = await studyOf(machine);
    expect(learned).not.toBeNull();
    expect(difference(machine, machineFrom(alphabet, learned!), alphabet)).toBeNull();
  });

  test('of any machine of up to 3 states answers like it, values treated alike or not (B=2 V=2)', async () => {
    const reply = (ballot: number): fc.Arbitrary<Reply[]> =>
      fc.constantFrom<Reply[]>([], [{ kind: 'nack', ballot, of: 'prepare' }], [{ kind: 'promise', ballot, vote: null }], [{ kind: 'promise', ballot, vote: { ballot: 1, value: 1 } }], [{ kind: 'accepted', ballot: 1, value: 0 }]);
    // 7 inputs: prepare(1), prepare(2), accept(1..2, x..y), restart.
    const row = fc.tuple(...Array.from({ length: 7 }, (_, input) => fc.record({ state: fc.nat(2), replies: input === 6 ? fc.constant([]) : reply((input % 2) + 1) })));
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 3, maxLength: 3 }), async (table) => {
        const take = (state: unknown, input: number): Step<unknown> => table[state as number]![input]!;
        const machine: AcceptorMachine = {
          initial: 0,
          prepare: (state, ballot) => take(state, ballot - 1),
          accept: (state, ballot, value) => take(state, 2 + (ballot - 1) * 2 + value),
          restart: (state) => take(state, 6).state,
        };
        const { machine: learned, alphabet, review } = await studyOf(machine, { ballots: 2, walks: { count: 20, length: 12 } });
        if (review.promises + review.votes === 0) return;
        expect(learned).not.toBeNull();
        // Replies of a higher ballot than asked count as refusals: compare what counts.
        const counted: AcceptorMachine = {
          ...machine,
          prepare: (state, ballot) => refusing(machine.prepare(state, ballot), ballot, 'prepare'),
          accept: (state, ballot, value) => refusing(machine.accept(state, ballot, value), ballot, 'accept'),
        };
        expect(difference(counted, machineFrom(alphabet, learned!), alphabet)).toBeNull();
      }),
      { numRuns: 20, seed: 7 },
    );
  });
});

const refusing = (step: Step<unknown>, ballot: number, of: 'prepare' | 'accept'): Step<unknown> => ({
  ...step,
  replies: step.replies.map((reply) => (reply.kind === 'nack' || reply.ballot > ballot ? { kind: 'nack', ballot, of } : reply)),
});
