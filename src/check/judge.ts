/**
 * One event against the rules of the model: which rules does it exercise, and which does it break? The event is then
 * taken for a fact. Kinds of event that the header does not declare complete may be missing from the log, so that
 * their absence proves nothing: rules that would need it are not exercised.
 */
import { downIsSilent } from '../../model/cluster-rules.js';
import type { LostEvent, StateEvent, TraceEvent, TraceHeader } from '../trace/wire.js';
import type { Bench } from './bench.js';
import { exercise, require } from './bench.js';
import { onAccepted, onNack, onPromise, onRestart, remembers } from './judge-acceptor.js';
import { onDecided } from './judge-decision.js';
import { onAccept, onPrepare } from './judge-leader.js';

function onState(bench: Bench, event: StateEvent, line: number): void {
  remembers(bench, event.at, event, line, 'says that it has');
  for (const { value } of event.decided ?? []) onDecided(bench, { at: event.at, kind: 'says that it decided', value }, line);
}

/** What a node can log by its roles: after lost lines none of that is complete any more. */
const KINDS_OF: Readonly<Record<string, readonly string[]>> = {
  acceptor: ['promise', 'accepted', 'nack', 'crash', 'restart'],
  leader: ['prepare', 'accept', 'chosen', 'propose', 'crash', 'restart'],
  learner: ['decided', 'crash', 'restart'],
  client: ['propose', 'returned'],
};

/** The kinds of event that this node can log. */
export const kindsOf = ({ nodes }: TraceHeader, node: string): string[] => (nodes.find(({ id }) => id === node)?.roles ?? []).flatMap((role) => KINDS_OF[role] ?? []);

function onLost({ state, compiled }: Bench, event: LostEvent): void {
  state.lost += Number(event.count ?? 1);
  // It may have come back in one of them.
  state.downSince.delete(event.at);
  for (const kind of kindsOf(compiled.trace.header, event.at)) state.lostKinds.add(kind);
}

/** A node that is down does nothing. */
function aliveness(bench: Bench, event: TraceEvent, line: number): void {
  if (event.kind === 'restart' || event.kind === 'lost' || event.kind === 'crash') return;
  const downSince = bench.state.downSince.get(event.at);
  if (downSince === undefined) return;
  require(bench, 'down-is-silent', downIsSilent, { downSince }, { line, at: event.at, got: `${event.kind} from a node that is down`, expected: 'a restart before it', because: [`crash ${event.at}`] });
  bench.state.downSince.delete(event.at);
}

/** Judges the event and takes it for a fact. */
export function judge(bench: Bench, event: TraceEvent, line: number): void {
  aliveness(bench, event, line);
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
    case 'returned':
      if (event.value !== undefined) onDecided(bench, { ...event, value: event.value }, line);
      break;
    case 'crash':
      bench.state.downSince.set(event.at, line);
      bench.state.note(`crash ${event.at}`, line);
      break;
    case 'restart':
      if (bench.state.downSince.has(event.at)) exercise(bench, 'down-is-silent');
      onRestart(bench, event, line);
      break;
    case 'state':
      onState(bench, event, line);
      break;
    case 'propose':
      bench.state.proposed.push(bench.compiled.valueOf(event.value));
      break;
    case 'lost':
      onLost(bench, event);
      break;
    default:
      break;
  }
}
