import { describe, expect, test } from 'vitest';
import { MUTANTS, mutantNamed } from '../src/index.js';
import type { AcceptorReport, DriveOptions } from './index.js';
import { driveModule } from './index.js';
import type { AcceptorModule, LocalAcceptor } from './local.js';
import { mutantModule } from './subjects/mutant.js';
import * as seed from './subjects/seed.js';

const drive = (id: string, options: DriveOptions = {}): Promise<AcceptorReport> => driveModule(mutantModule(id), id, { length: 3, ...options });

/** Shown otherwise, or not at all by driving one acceptor: see the tests that name them. */
const ELSEWHERE = ['A19', 'A20', 'A21', 'D6'];

const unsafe = MUTANTS.filter(({ role, breaks, machine, id }) => machine && breaks === 'agreement' && ['acceptor', 'durability'].includes(role) && !ELSEWHERE.includes(id));
const rulesOf = ({ symptom, proof, others }: AcceptorReport): string[] => [symptom, proof, ...others].flatMap((shown) => shown?.rule ?? []);

describe('acceptor suite: mutants', () => {
  test.each(unsafe.map(({ id, title }) => [id, title]))('%s is unsafe: %s (sequences of 3, cluster 3x3x2)', async (id) => {
    const report = await drive(id);
    expect(report.verdict).toBe('unsafe');
    expect(report.consequence?.actions).toBe(report.consequence?.run.filter((line) => /^ *\d+\. /.test(line)).length);
    expect(rulesOf(report)).toContain(mutantNamed(id)!.rule);
    expect(report.rules.find((rule) => rule.id === mutantNamed(id)!.rule)?.result).toBe('broken');
  });

  test('A19 and A20 short-cut their own leader only: a cluster of three copies is no cluster of three nodes', async () => {
    // Driven as the acceptor of node 1, which leads ballot 1: A19 votes in it below any promise, A20 forgets to have promised it.
    expect((await drive('A19')).symptom?.inputs).toEqual(['prepare(2)', 'accept(1, x)']);
    // What A20 forgets is the promise of the lowest ballot, which nothing can break; the other nodes forget higher ones.
    expect((await drive('A20')).verdict).toBe('conforms');
  });

  test('A21 is a race: hidden in lock-step, found where the adapter offers the pause as persist', async () => {
    const hidden = await drive('A21');
    expect(hidden.verdict).toBe('conforms');
    expect(hidden.notChecked.join()).toContain('races');
    const shown = await driveModule(mutantModule('A21', { ownStep: 'persist' }), 'A21', { length: 3 });
    expect(shown.verdict).toBe('unsafe');
    expect(shown.symptom).toMatchObject({ rule: 'promise-kept', inputs: ['accept(1, x)', 'prepare(2)', 'persist'] });
    expect(shown.consequence?.actions).toBe(16);
  });

  test('D6 breaks a rule, and no cluster of 3 acceptors loses agreement to it within 3 ballots', async () => {
    const report = await drive('D6', { length: 4 });
    expect(report.verdict).toBe('deviates');
    expect(report.symptom).toMatchObject({ rule: 'restart-remembers', shownBy: 'promise-reports-highest-vote', inputs: ['accept(1, x)', 'accept(2, y)', 'crash and restart', 'prepare(3)'] });
    expect(report.deviations.map(({ property }) => property)).toEqual(['PromiseReportsHighestVote']);
  });

  test.each([['A23', 'FreshBallotDecides'], ['A24', 'FreshBallotDecides'], ['A25', 'OneValuePerBallot']])('%s is not unsafe: it breaks %s', async (id, property) => {
    const report = await drive(id);
    expect(report.verdict).toBe('deviates');
    expect(report.deviations.map((deviation) => deviation.property)).toContain(property);
  });
});

describe('acceptor suite: what correct acceptors may do', () => {
  test.each(MUTANTS.filter(({ id, role, machine }) => role === 'legitimate' && machine && id !== 'H4').map(({ id, title }) => [id, title]))('%s is not unsafe: %s', async (id) => {
    const report = await drive(id, { maxStates: 120_000 });
    expect(['conforms', 'deviates', 'inconclusive']).toContain(report.verdict);
    expect(report.rules.filter(({ severity, result }) => severity === 'safety' && result === 'broken')).toEqual([]);
    expect(report.bounds.safeAtAnyLength).toBe(true);
  });

  test('H4 promises lower ballots truthfully: a deviation, though its cluster is too large to explore', async () => {
    const report = await drive('H4', { maxStates: 20_000 });
    expect(report).toMatchObject({ verdict: 'deviates', symptom: { rule: 'promise-monotone', inputs: ['prepare(2)', 'prepare(1)'] } });
    expect(report.bounds).toMatchObject({ safeAtAnyLength: true, cluster: { complete: false } });
    expect(report.rules.filter(({ result }) => result === 'broken').map(({ id }) => id)).toEqual(['promise-monotone']);
  });
});

/** The reference with its refusals said in other words. */
function refusing(refuse: (ballot: number, promised: number, kind: 'prepare' | 'accept', value: unknown) => ReturnType<LocalAcceptor['deliver']>): AcceptorModule {
  return {
    createAcceptor() {
      let promised = 0;
      const votes: { ballot: number; value: unknown }[] = [];
      return {
        deliver(message) {
          const ballot = message.ballot as number;
          const value = message.kind === 'accept' ? message.value : undefined;
          if (message.kind === 'prepare' ? ballot <= promised : ballot < promised) return refuse(ballot, promised, message.kind, value);
          promised = ballot;
          if (message.kind === 'prepare') return { kind: 'promise', ballot, votes };
          votes.push({ ballot, value });
          return { kind: 'accepted', ballot, value };
        },
      };
    },
  };
}

describe('acceptor suite: other words for no', () => {
  test.each<[string, AcceptorModule]>([
    ['silence', refusing(() => undefined)],
    ['a nack with the ballot promised', refusing((ballot, promised, of) => ({ kind: 'nack', ballot, of, promised }))],
    ['a promise of a higher ballot, to both', refusing((ballot, promised, of) => (ballot === promised ? { kind: 'nack', ballot, of } : { kind: 'promise', ballot: promised, votes: [] }))],
    ['an accepted message of a higher ballot', refusing((ballot, promised, of, value) => (of === 'prepare' ? [] : { kind: 'accepted', ballot: promised, value }))],
  ])('%s; and a promise that carries the whole log of votes', async (_, module) => {
    const report = await driveModule(module, 'module', { length: 3 });
    expect(report).toMatchObject({ verdict: 'conforms', others: [] });
    expect(report.rules.find(({ id }) => id === 'restart-remembers')?.result).toBe('not tested');
  });

  test('a ballot that nobody used makes no sense: deviates [TypeOK]', async () => {
    const report = await driveModule(refusing((ballot, _promised, of) => ({ kind: 'nack', ballot, of, promised: 99 })), 'module', { length: 3 });
    expect(report).toMatchObject({ verdict: 'deviates', symptom: { rule: 'TypeOK' } });
    expect(report.symptom?.inputs.length).toBe(2);
  });
});

const always = (deliver: LocalAcceptor['deliver']): AcceptorModule => ({ createAcceptor: () => ({ deliver }) });

describe('acceptor suite: nothing to judge', () => {
  test.each<[string, AcceptorModule]>([
    ['skips everything', always(() => ({ skip: { reason: 'not now' } }))],
    ['is silent', always(() => undefined)],
    ['refuses everything', always(({ kind, ballot }) => ({ kind: 'nack', ballot, of: kind }))],
  ])('an acceptor that %s was not tested', async (_, module) => {
    expect(await driveModule(module, 'module', { length: 2 })).toMatchObject({ tested: false, verdict: 'inconclusive' });
  });

  test('an acceptor that throws is an adapter that does not work yet', async () => {
    const failing = driveModule(always(() => { throw new Error('no such table'); }), 'module', { length: 2 });
    await expect(failing).rejects.toMatchObject({ name: 'DriverError', code: 'ADAPTER_ERROR', message: expect.stringMatching(/does not work yet.*no such table/s) });
  });

  test('a vote that is never told is no vote: the promise that reports it is wrong, and no cluster chooses', async () => {
    const quiet = mutantModule('H9');
    const module: AcceptorModule = {
      ...quiet,
      createAcceptor: async (init) => {
        const acceptor = await quiet.createAcceptor(init);
        const deliver: LocalAcceptor['deliver'] = async (message) => {
          const released = await acceptor.deliver(message);
          return message.kind === 'accept' ? undefined : released;
        };
        return { deliver };
      },
      capabilities: {},
    };
    const report = await driveModule(module, 'module', { length: 3 });
    expect(report).toMatchObject({ verdict: 'deviates', symptom: { rule: 'promise-reports-highest-vote', conjunct: 'reported-vote-was-cast' } });
  });
});

describe('acceptor suite: nondeterminism', () => {
  const flaky = (from: number): AcceptorModule => {
    let promises = 0;
    const inner = mutantModule('H9');
    return {
      ...inner,
      capabilities: {},
      createAcceptor: async (init) => {
        const acceptor = await inner.createAcceptor(init);
        return { deliver: async (message) => (message.kind === 'prepare' && ++promises > from ? { kind: 'nack', ballot: message.ballot, of: 'prepare' } : acceptor.deliver(message)) };
      },
    };
  };

  test('the same inputs, two answers: both are shown, and the verdict is inconclusive', async () => {
    const report = await driveModule(flaky(40), 'flaky', { length: 3 });
    expect(report.verdict).toBe('inconclusive');
    expect(report.nondeterministic?.first).not.toEqual(report.nondeterministic?.second);
    expect(report.nondeterministic?.inputs.length).toBe(report.nondeterministic?.first.length);
  });

  test('with a rule broken each time, what was seen once among two correct acceptors loses agreement: unsafe', async () => {
    let calls = 0;
    const inner = mutantModule('A2');
    const module: AcceptorModule = {
      ...inner,
      capabilities: {},
      createAcceptor: async (init) => {
        const acceptor = await inner.createAcceptor(init);
        return { deliver: async (message) => (message.kind === 'prepare' && message.ballot === 3 && ++calls % 2 === 0 ? undefined : acceptor.deliver(message)) };
      },
    };
    const report = await driveModule(module, 'flaky', { length: 3 });
    expect(report).toMatchObject({ verdict: 'unsafe', symptom: { inputs: ['prepare(2)', 'accept(1, x)'] } });
    expect(report.nondeterministic).toBeDefined();
    expect(report.consequence?.cluster).toContain('seen once');
  });
});

describe('acceptor suite: the seed', () => {
  test('is unsafe: two deliveries, then a promise as proof, then 17 actions of a cluster', async () => {
    const report = await driveModule(seed, 'seed');
    expect(report.verdict).toBe('unsafe');
    expect(report.symptom).toMatchObject({ rule: 'vote-monotone', inputs: ['accept(2, y)', 'accept(1, x)'], expected: 'a refusal', got: 'accepted(1, x)' });
    expect(report.proof).toMatchObject({ rule: 'promise-reports-highest-vote', inputs: ['accept(2, y)', 'accept(1, x)', 'prepare(3)'], expected: 'promise(3) that reports y in ballot 2, or a refusal', got: 'promise(3) that reports x in ballot 1' });
    expect(report.consequence).toMatchObject({ property: 'Agreement', actions: 17 });
  });

  test('the same case twice gives the same transcript; another seed, another', async () => {
    const transcript = async (options: DriveOptions): Promise<string[]> => {
      const lines: string[] = [];
      await driveModule(seed, 'seed', { length: 2, maxStates: 1, ...options, transcript: (line) => lines.push(line) });
      return lines;
    };
    const once = await transcript({});
    expect(await transcript({})).toEqual(once);
    expect(await transcript({ seed: 2 })).not.toEqual(once);
  });
});

describe('acceptor suite: ways to run', () => {
  test('snapshots, restarts and ballots of two owners change nothing in the verdict', async () => {
    const { createAcceptor, implementation } = mutantModule('A1');
    const without = await driveModule({ createAcceptor, ...(implementation && { implementation }) }, 'A1', { length: 3 });
    const pairs = await driveModule(mutantModule('A1', { ballotKind: 'pair' }), 'A1', { length: 3 });
    for (const report of [without, pairs]) {
      expect(report).toMatchObject({ verdict: 'unsafe', consequence: { actions: 17 }, symptom: { inputs: ['accept(2, y)', 'accept(1, x)'] } });
    }
    expect(without.bounds.restarts).toBe('none');
    expect(pairs.assumptions.join()).toContain('1 = [1,"p1"], 2 = [1,"p2"], 3 = [2,"p1"]');
  });

  test('what an acceptor says that came back is judged at once [restart-remembers]', async () => {
    const { createAcceptor, disks } = mutantModule('D3');
    const module: AcceptorModule = {
      ...(disks && { disks }),
      capabilities: { crash: true, state: true },
      createAcceptor: async (init) => {
        const acceptor = await createAcceptor(init);
        return { deliver: (message) => acceptor.deliver(message), state: () => ({ promised: [], votes: [] }) };
      },
    };
    const report = await driveModule(module, 'module', { length: 2, ballots: 2 });
    expect(report).toMatchObject({ verdict: 'unsafe', symptom: { rule: 'restart-remembers', got: 'what it says came back: {"promised":0,"vote":null}' } });
    expect(report.symptom?.inputs).toHaveLength(2);
  });

  test('values that are not treated alike are found out, and then every sequence is run with each', async () => {
    const reference = mutantModule('H9');
    const module: AcceptorModule = {
      ...reference,
      capabilities: {},
      createAcceptor: async (init) => {
        const acceptor = await reference.createAcceptor(init);
        return { deliver: (message) => (message.kind === 'accept' && message.value === 'y' ? { kind: 'nack', ballot: message.ballot, of: 'accept' } : acceptor.deliver(message)) };
      },
    };
    const report = await driveModule(module, 'module', { length: 3 });
    expect(report.assumptions.join()).toContain('not treated alike');
    expect(report.bounds.sequences).toBe(585);
  });
});
