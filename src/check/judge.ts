/**
 * One event against the rules of the model: which rules does it exercise, and which does it break? The event is then
 * taken for a fact. Kinds of event that the header does not declare complete may be missing from the log, so that
 * their absence proves nothing: rules that would need it are not exercised.
 */
import { downIsSilent } from '../../model/cluster-rules.js';
import type { LostEvent, StateEvent, TraceEvent, TraceHeader } from '../trace/wire.js';
import type { Bench } from './bench.js';
import { exercise, isComplete, require } from './bench.js';
import { onAccepted, onCrash, onNack, onPromise, onRestart, remembers } from './judge-acceptor.js';
import { onApplied, onDecided } from './judge-decision.js';
import { onAccept, onPrepare } from './judge-leader.js';

function onState(bench: Bench, event: StateEvent, line: number): void {
  remembers(bench, event.at, event, line, 'says that it has');
  for (const { value } of event.decided ?? []) onDecided(bench, { at: event.at, kind: 'says that it decided', value }, line);
}

/** What a node can log by its roles: after lost lines none of that is complete any more. */
const KINDS_OF: Readonly<Record<string, readonly string[]>> = {
  acceptor: ['promise', 'accepted', 'nack', 'crash', 'restart'],
  leader: ['prepare', 'accept', 'chosen', 'propose', 'crash', 'restart'],
  learner: ['decided', 'applied', 'crash', 'restart'],
  client: ['propose', 'returned'],
};

/** The kinds of event that this node can log. */
export const kindsOf = ({ nodes }: TraceHeader, node: string): string[] => (nodes.find(({ id }) => id === node)?.roles ?? []).flatMap((role) => KINDS_OF[role] ?? []);

function onLost({ state, compiled }: Bench, event: LostEvent): void {
  const { nodes } = state;
  nodes.lost += Number(event.count ?? 1);
  // It may have come back in one of them.
  nodes.downSince.delete(event.at);
  for (const kind of kindsOf(compiled.header, event.at)) nodes.lostKinds.add(kind);
}

/** A node that is down does nothing. */
function aliveness(bench: Bench, { at, kind }: TraceEvent, line: number): void {
  const { downSince } = bench.state.nodes;
  if (downSince.size === 0 || kind === 'restart' || kind === 'lost' || kind === 'crash') return;
  const since = downSince.get(at);
  if (since === undefined) return;
  // It may have come back unseen.
  if (isComplete(bench, 'restart')) require(bench, 'down-is-silent', downIsSilent, { downSince: since }, true, line, () => ({ at, got: `${kind} from a node that is down`, expected: 'a restart before it', because: [since] }));
  downSince.delete(at);
}

/** Judges the event and takes it for a fact. */
export function judge(bench: Bench, event: TraceEvent, line: number): void {
  judgeNode(bench, event, line);
  judgeDecision(bench, event, line);
}

/** What the event says of its node, whatever is being decided. */
export function judgeNode(bench: Bench, event: TraceEvent, line: number): void {
  const { nodes } = bench.state;
  aliveness(bench, event, line);
  switch (event.kind) {
    case 'crash':
      nodes.downSince.set(event.at, line);
      break;
    case 'restart':
      if (nodes.downSince.delete(event.at)) exercise(bench, 'down-is-silent');
      nodes.restarts.set(event.at, (nodes.restarts.get(event.at) ?? 0) + 1);
      break;
    case 'lost':
      onLost(bench, event);
      break;
    default:
      break;
  }
}

/** What the event says of the decision that this is the bench of. */
export function judgeDecision(bench: Bench, event: TraceEvent, line: number): void {
  switch (event.kind) {
    case 'prepare':
      onPrepare(bench, event, line);
      break;
    case 'promise':
      onPromise(bench, event, line);
      break;
    case 'accept':
      onAccept(bench, event, line);
      break;
    case 'accepted':
      onAccepted(bench, event, line);
      break;
    case 'nack':
      onNack(bench, event, line);
      break;
    case 'chosen':
    case 'decided':
      onDecided(bench, event, line);
      break;
    case 'applied':
      onApplied(bench, event, line);
      break;
    case 'returned':
      if (event.value !== undefined) onDecided(bench, event, line);
      break;
    case 'crash':
      onCrash(bench, event.at);
      break;
    case 'restart':
      onRestart(bench, event, line);
      break;
    case 'state':
      onState(bench, event, line);
      break;
    case 'propose':
      bench.state.proposed.push(bench.compiled.valueOf(event.value));
      break;
    default:
      break;
  }
}
