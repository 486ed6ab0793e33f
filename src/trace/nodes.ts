/** The nodes of a header, and lists of them. */
import type { Place, TraceLocation } from './errors.js';
import { traceError } from './errors.js';
import { didYouMean } from './nearest.js';
import type { Path } from './show.js';
import { show, showChoice, showPath } from './show.js';
import type { Role, TraceHeader } from './wire.js';

/** Quorums are listed set by set, and of 13 acceptors there are 1,716 majorities. */
export const MAX_ACCEPTORS = 13;

export interface Nodes {
  /** The roles by the node's id, in the order of the header. */
  readonly roles: ReadonlyMap<string, ReadonlySet<Role>>;
  /** The ids of the acceptors, in the order of the header. */
  readonly acceptors: readonly string[];
}

/** Throws TraceSchemaError DUPLICATE_NODE, NO_ACCEPTOR, LIMIT. */
export function nodesOf({ nodes }: Pick<TraceHeader, 'nodes'>, place: Place): Nodes {
  const roles = new Map<string, ReadonlySet<Role>>();
  for (const [index, node] of nodes.entries()) {
    if (roles.has(node.id)) {
      const finding = { expected: 'an id of its own', got: show(node.id), hint: 'write each node once, with all of its roles' };
      throw traceError('DUPLICATE_NODE', { ...place, field: `nodes[${index}].id` }, finding);
    }
    roles.set(node.id, new Set(node.roles));
  }
  const acceptors = [...roles.keys()].filter((id) => roles.get(id)!.has('acceptor'));
  checkNumber(acceptors.length, { ...place, field: 'nodes' });
  return { roles, acceptors };
}

function checkNumber(acceptors: number, location: TraceLocation): void {
  const finding = { expected: `1 to ${MAX_ACCEPTORS} nodes with the role "acceptor"`, got: String(acceptors) };
  if (acceptors === 0) throw traceError('NO_ACCEPTOR', location, { ...finding, hint: 'give the nodes that vote "roles": ["acceptor"]' });
  if (acceptors > MAX_ACCEPTORS) throw traceError('LIMIT', location, { ...finding, hint: 'give this role to the nodes that vote, and to no others' });
}

/** Throws TraceSchemaError UNKNOWN_NODE unless the header names the node. */
export function checkNode(id: string, { roles }: Nodes, location: TraceLocation): void {
  if (roles.has(id)) return;
  const finding = { expected: `a node of the header: ${showChoice([...roles.keys()])}`, got: show(id) };
  const hint = didYouMean(id, roles.keys(), 'add the node to "nodes" in the header');
  throw traceError('UNKNOWN_NODE', location, { ...finding, hint });
}

/** Throws TraceSchemaError UNKNOWN_NODE, or WRONG_ROLE for a node that is no acceptor. */
export function checkAcceptor(id: string, nodes: Nodes, location: TraceLocation): void {
  checkNode(id, nodes, location);
  if (nodes.acceptors.includes(id)) return;
  const finding = { expected: `an acceptor: ${showChoice(nodes.acceptors)}`, got: show(id), hint: 'give the node the role "acceptor" in the header, or leave it out' };
  throw traceError('WRONG_ROLE', location, finding);
}

/** Throws what the check of a member throws, and TraceSchemaError DUPLICATE_MEMBER. */
export function checkMembers(ids: readonly string[], check: typeof checkNode, nodes: Nodes, path: Path, place: Place): void {
  const seen = new Set<string>();
  for (const [index, id] of ids.entries()) {
    const location = { ...place, field: showPath([...path, index]) };
    check(id, nodes, location);
    if (seen.has(id)) throw traceError('DUPLICATE_MEMBER', location, { expected: 'each node once', got: show(id), hint: 'remove one of them: nobody counts twice' });
    seen.add(id);
  }
}
