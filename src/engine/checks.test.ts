import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PROPERTIES } from '../../model/invariants.js';
import { synodWith } from '../../model/mutant.js';
import { MUTANTS, mutantNamed } from '../../model/mutants.js';
import { flexible, grid, setsOfSize } from '../../model/quorum.js';
import type { Cluster, Synod } from '../../model/synod.js';
import { initialCluster, successors, synod } from '../../model/synod.js';
import { allHold, checkOf, inAtLeast, inSomeQuorum, isAnsweredTogether } from './checks.js';
import { blockOf, firstEntry, placeOf } from './blocks.js';
import type { Place, Space } from './space.js';
import { decode, encode, spaceOf } from './space.js';

function* allStates(protocol: Synod): Generator<Cluster> {
  const seen = new Set([JSON.stringify(initialCluster(protocol))]);
  const queue = [initialCluster(protocol)];
  for (let at = 0; at < queue.length; at++) {
    yield queue[at]!;
    for (const { next } of successors(protocol, queue[at]!)) {
      const key = JSON.stringify(next);
      if (!seen.has(key)) {
        seen.add(key);
        queue.push(next);
      }
    }
  }
}

function entriesOf({ blocks, inputs }: Space, { sent, rows }: Place): Int32Array {
  const block = blockOf(blocks, sent >>> inputs.ballots);
  return rows.map((row, a) => firstEntry(blocks, a, block) + placeOf(blocks, a, block, row));
}

/** How often each property is false in a reachable state; every check is compared with its definition on the way. */
function disagreements(protocol: Synod): { different: string[]; broken: Set<string> } {
  const space = spaceOf(protocol, 'none', []);
  const properties = PROPERTIES.filter((property) => property.kind !== 'step');
  const checks = properties.map((property) => ({ property, check: checkOf(space, property) }));
  const together = allHold(space);
  const different: string[] = [];
  const broken = new Set<string>();
  for (const cluster of allStates(protocol)) {
    const packed = encode(space, cluster)!;
    if (JSON.stringify(decode(space, packed.sent, packed.rows)) !== JSON.stringify(cluster)) different.push(`decoding of ${JSON.stringify(cluster)}`);
    const joint = properties.filter((property) => isAnsweredTogether(space, property));
    const answer = joint.every((property) => property.holds(protocol, cluster));
    // With a learner of its own the protocol keeps Agreement and Validity for itself; the votes may break them all the same.
    if (together(packed.sent, entriesOf(space, packed)) !== answer && joint.length === 6) different.push(`all at once at ${JSON.stringify(cluster)}`);
    for (const { property, check } of checks) {
      const holds = property.holds(protocol, cluster);
      if (!holds) broken.add(property.name);
      if (check(packed.sent, packed.rows) !== holds) different.push(`${property.name} at ${JSON.stringify(cluster)}`);
    }
  }
  return { different, broken };
}

describe('checks on packed states equal their definitions, state by state', () => {
  it.each(MUTANTS.filter(({ id }) => !['A5', 'A13', 'D3', 'D4', 'A21', 'P11'].includes(id)).map(({ id }) => id))('%s (A=2 B=2 V=2)', (id) => {
    expect(disagreements(synodWith(mutantNamed(id)!, 2, 2, 2)).different).toEqual([]);
  });

  it.each(['A5', 'A13', 'D3', 'D4', 'A21', 'P11'])('%s (A=1 B=2 V=2)', (id) => {
    expect(disagreements(synodWith(mutantNamed(id)!, 1, 2, 2)).different).toEqual([]);
  });

  it('where they are false, too: the states of these runs break every property that a state can break', () => {
    const protocols = [
      ...['A2', 'A23', 'A25', 'P9', 'P10', 'L7', 'L1'].map((id) => synodWith(mutantNamed(id)!, id === 'A25' || id === 'L1' ? 3 : 1, 2, 2)),
      synod(2, 2, 2, { quorums: flexible(2, 1, 1) }),
      synod(4, 1, 1, { quorums: grid(2, 2) }),
    ];
    const broken = new Set<string>();
    for (const protocol of protocols) {
      const found = disagreements(protocol);
      expect(found.different).toEqual([]);
      for (const name of found.broken) broken.add(name);
    }
    expect([...broken].sort()).toEqual(['Agreement', 'CanChoose', 'DecidedIsChosen', 'FreshBallotDecides', 'OneValuePerBallot', 'QuorumsIntersect', 'SafeAt', 'VoteHasProposal', 'VotesSafe']);
  });
});

describe('counting in bit planes', () => {
  it('finds the bits that some set of q of n acceptors has in common (n <= 9, random masks)', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }).chain((n) => fc.tuple(fc.integer({ min: 1, max: n }), fc.array(fc.integer(), { minLength: n, maxLength: n }))), ([q, masks]) => {
        const bits = masks.map((mask) => Uint32Array.of(mask));
        const rows = new Int32Array(masks.length);
        expect(inAtLeast(q, bits)(rows)).toBe(inSomeQuorum(setsOfSize(masks.length, q), bits)(rows));
      }),
    );
  });
});
