/** Puts the actions of a run into an order that is easier to follow. Actions that do not depend on each other may be exchanged. */
import type { Action, Synod } from '../../model/synod.js';
import { blockers } from '../../model/synod.js';
import type { Run } from './run.js';
import { replay } from './run.js';

/** True if the later action needs the earlier one to come first. */
function needs(later: Action, earlier: Action): boolean {
  if ('acceptor' in later && 'acceptor' in earlier && later.acceptor === earlier.acceptor) return true;
  if (later.kind === 'promise') return earlier.kind === 'prepare' && earlier.ballot === later.ballot;
  if (later.kind === 'vote') return earlier.kind === 'accept' && earlier.ballot === later.ballot && earlier.value === later.value;
  // Some mutants count promises of lower ballots, too.
  if (later.kind === 'accept') return (earlier.kind === 'promise' || earlier.kind === 'prepare') && earlier.ballot <= later.ballot;
  return false;
}

const ballotOf = (action: Action | undefined): number | undefined => (action !== undefined && 'ballot' in action ? action.ballot : undefined);

/** Keeps to one ballot as long as it can, then takes up the oldest action left. The last action stays the last. */
function order(actions: readonly Action[]): Action[] {
  const left = [...actions.keys()];
  const ordered: Action[] = [];
  const ready = (index: number): boolean => left.every((other) => other >= index || !needs(actions[index]!, actions[other]!));
  while (left.length > 0) {
    const possible = left.filter((index) => (index !== actions.length - 1 || left.length === 1) && ready(index));
    const useful = possible.filter((index) => actions[index]!.kind !== 'prepare');
    const same = possible.find((index) => ballotOf(actions[index]) === ballotOf(ordered.at(-1)));
    const next = same ?? useful[0] ?? possible[0]!;
    ordered.push(actions[next]!);
    left.splice(left.indexOf(next), 1);
  }
  return ordered;
}

/** The same run in a better order, or the run itself if the new order would not end in the same state. */
export function tidy(protocol: Synod, run: Run): Run {
  const actions = order(run.transitions.map((transition) => transition.action));
  let cluster = run.start;
  for (const action of actions) {
    if (blockers(protocol, cluster, action).length > 0) return run;
    cluster = replay({ protocol }, cluster, [action]).transitions[0]!.next;
  }
  const same = JSON.stringify(cluster) === JSON.stringify(run.transitions.at(-1)?.next ?? run.start);
  return same ? replay({ protocol }, run.start, actions) : run;
}
