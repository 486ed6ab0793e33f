/** Checks that a header's quorums are sets of its acceptors. Whether they intersect is a question about the protocol, and not asked here. */
import type { Place, TraceError } from './errors.js';
import { traceError } from './errors.js';
import type { Nodes } from './nodes.js';
import { checkAcceptor, checkMembers } from './nodes.js';
import type { Path } from './show.js';
import { showPath } from './show.js';
import type { ExplicitQuorums, FlexibleQuorums, QuorumRule, WeightedQuorums } from './wire.js';

const PHASES = ['phase1', 'phase2'] as const;

/** Throws TraceSchemaError QUORUM_SIZE, UNKNOWN_NODE, WRONG_ROLE, DUPLICATE_MEMBER, MISSING_FIELD. */
export function checkQuorums(quorums: QuorumRule, nodes: Nodes, place: Place): void {
  switch (quorums.kind) {
    case 'majority':
      return;
    case 'flexible':
      checkSizes(quorums, nodes.acceptors.length, 'the number of acceptors', place);
      return;
    case 'weighted':
      checkWeights(quorums, nodes, place);
      return;
    case 'sets':
      checkSets(quorums, nodes, place);
  }
}

function checkSizes(quorums: FlexibleQuorums | WeightedQuorums, most: number, what: string, place: Place): void {
  for (const phase of PHASES) {
    if (quorums[phase] >= 1 && quorums[phase] <= most) continue;
    const finding = { expected: `1 to ${most} (${what})`, got: String(quorums[phase]), hint: 'a quorum has at least one member, and all acceptors together are a quorum' };
    throw traceError('QUORUM_SIZE', { ...place, field: `quorums.${phase}` }, finding);
  }
}

function checkWeights(quorums: WeightedQuorums, nodes: Nodes, place: Place): void {
  const { weights } = quorums;
  for (const id of Object.keys(weights)) checkAcceptor(id, nodes, { ...place, field: showPath(['quorums', 'weights', id]) });
  const without = nodes.acceptors.find((acceptor) => !Object.hasOwn(weights, acceptor));
  if (without !== undefined) {
    const finding = { expected: 'the weight of this acceptor', got: 'no such field', hint: 'write 0 for an acceptor that does not count' };
    throw traceError('MISSING_FIELD', { ...place, field: showPath(['quorums', 'weights', without]) }, finding);
  }
  checkSizes(quorums, Object.values(weights).reduce((sum, weight) => sum + weight, 0), 'the sum of the weights', place);
}

function checkSets(quorums: ExplicitQuorums, nodes: Nodes, place: Place): void {
  for (const phase of PHASES) {
    const sets = quorums[phase];
    if (sets.length === 0) throw empty(['quorums', phase], 'at least one quorum', place);
    for (const [index, set] of sets.entries()) {
      if (set.length === 0) throw empty(['quorums', phase, index], 'at least one acceptor', place);
      checkMembers(set, checkAcceptor, nodes, ['quorums', phase, index], place);
    }
  }
}

const empty = (path: Path, expected: string, place: Place): TraceError =>
  traceError('QUORUM_SIZE', { ...place, field: showPath(path) }, { expected, got: '[]', hint: 'name the smallest sets that suffice' });
