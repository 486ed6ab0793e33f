/**
 * Complete runs of the correct model that together take every action of every acceptor state: for each local state
 * and each message that can reach it, some run delivers that message in that state. Each run goes on to a decision.
 */
import type { Action, Cluster, Synod, Transition } from '../../model/synod.js';
import { initialCluster, saidIn, successors, synod } from '../../model/synod.js';
import { chosenValues } from '../../model/learner.js';
import { traceOfRun } from '../trace/from-run.js';
import type { CorpusEntry } from './entry.js';

const BOUNDS = { acceptors: 3, ballots: 2, values: 2 } as const;

interface Reached {
  readonly cluster: Cluster;
  readonly parent: Reached | undefined;
  readonly by: Transition | undefined;
}

const key = (cluster: Cluster): string => JSON.stringify(cluster);

/** Breadth first from a state, every state with the way it was reached. */
function* reachable(protocol: Synod, start: Cluster): Generator<Reached> {
  const seen = new Set([key(start)]);
  const queue: Reached[] = [{ cluster: start, parent: undefined, by: undefined }];
  for (let at = 0; at < queue.length; at++) {
    const reached = queue[at]!;
    yield reached;
    for (const transition of successors(protocol, reached.cluster)) {
      if (seen.has(key(transition.next))) continue;
      seen.add(key(transition.next));
      queue.push({ cluster: transition.next, parent: reached, by: transition });
    }
  }
}

function wayTo(reached: Reached): Transition[] {
  const way: Transition[] = [];
  for (let step: Reached | undefined = reached; step?.by !== undefined; step = step.parent) way.unshift(step.by);
  return way;
}

/** What a delivery covers: the acceptor's variables and the message; crashes change nothing in the reference. */
function covers(before: Cluster, action: Action): string | undefined {
  if (action.kind !== 'promise' && action.kind !== 'vote') return undefined;
  const { acceptor, ...message } = action;
  return JSON.stringify([before.acceptors[acceptor]!.state, message]);
}

function coveredBy(start: Cluster, run: readonly Transition[]): string[] {
  return run.flatMap((transition, index) => covers(index === 0 ? start : run[index - 1]!.next, transition.action) ?? []);
}

/** The shortest way from here to a chosen value. */
function toDecision(protocol: Synod, start: Cluster): Transition[] {
  for (const reached of reachable(protocol, start)) if (chosenValues(saidIn(protocol, reached.cluster)).length > 0) return wayTo(reached);
  throw new Error('no run from here chooses a value');
}

/** All runs: longer ones first, so that few are needed. */
export function coveringRuns(protocol: Synod): Transition[][] {
  const start = initialCluster(protocol);
  const wanted = new Map<string, { reached: Reached; delivery: Transition }>();
  for (const reached of reachable(protocol, start)) {
    for (const delivery of successors(protocol, reached.cluster)) {
      const covered = covers(reached.cluster, delivery.action);
      if (covered !== undefined && !wanted.has(covered)) wanted.set(covered, { reached, delivery });
    }
  }
  const done = new Set<string>();
  const runs: Transition[][] = [];
  for (const [covered, { reached, delivery }] of [...wanted].reverse()) {
    if (done.has(covered)) continue;
    const run = [...wayTo(reached), delivery, ...toDecision(protocol, delivery.next)];
    for (const also of coveredBy(start, run)) done.add(also);
    runs.push(run);
  }
  return runs;
}

export function coverageEntries(): CorpusEntry[] {
  const protocol = synod(BOUNDS.acceptors, BOUNDS.ballots, BOUNDS.values);
  return coveringRuns(protocol).map((run, index) => {
    const id = `run-${String(index + 1).padStart(2, '0')}`;
    const about = `a correct run to a decision, number ${index + 1} of those that together deliver every message in every acceptor state`;
    return { id, about, lines: traceOfRun(protocol, { start: initialCluster(protocol), transitions: run }, { id }), bounds: BOUNDS, expected: 'conforms' as const };
  });
}
