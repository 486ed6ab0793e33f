import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PROPERTIES } from '../../model/invariants.js';
import { referenceParts } from '../../model/acceptor.js';
import { EMPTY_HISTORY, say } from '../../model/history.js';
import { distinct } from '../../model/learner.js';
import type { Cluster, Transition } from '../../model/synod.js';
import { synod } from '../../model/synod.js';
import type { Reply, Vote } from '../../model/words.js';
import { bytesOf, storedTraces } from '../corpus/stored-node.js';
import { TraceError } from '../trace/errors.js';
import type { Trace } from '../trace/read.js';
import { readTraces } from '../trace/read.js';
import type { TraceEvent } from '../trace/wire.js';
import { writeTrace } from '../trace/write.js';
import { highestOf, votesIn } from './terms.js';
import { check } from './check.js';
import { compile } from './compile.js';

async function read(bytes: Uint8Array): Promise<Trace[]> {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    yield bytes;
  }
  const traces: Trace[] = [];
  for await (const trace of readTraces(chunks(), 'fuzz.ndjson')) traces.push(trace);
  return traces;
}

/** Null: refused with one of the errors that are meant for it. */
async function verdictOfText(bytes: Uint8Array): Promise<{ trace: Trace; verdict: string }[] | null> {
  try {
    return (await read(bytes)).map((trace) => ({ trace, verdict: check(trace).verdict }));
  } catch (error) {
    expect(error).toBeInstanceOf(TraceError);
    return null;
  }
}

/**
 * The judge: takes every line for a fact and asks the invariants of the model, state by state and step by step. It
 * knows nothing of the checker's rules for leaders, inference or bookkeeping. Only for complete logs.
 */
function brokenInvariants(trace: Trace): string[] {
  const compiled = compile(trace);
  const protocol = synod(compiled.acceptors.length, Math.max(1, compiled.ballots), Math.max(1, compiled.values), { quorums: compiled.quorums });
  let decided: number[] = [];
  const withDecisions = { ...protocol, learner: () => decided };
  let cluster: Cluster = { prepares: [], accepts: [], acceptors: compiled.acceptors.map(() => ({ state: referenceParts.initial, history: EMPTY_HISTORY })) };
  const broken = new Set<string>();
  const properties = PROPERTIES.filter(({ name }) => !['CanChoose', 'FreshBallotDecides', 'TypeOK'].includes(name));
  for (const { event } of trace.events) {
    const before = cluster;
    let transition: Transition | undefined;
    const speak = (reply: Reply): void => {
      const acceptor = compiled.acceptors.indexOf((event as { at: string }).at);
      const acceptors = cluster.acceptors.map((each, index) => (index === acceptor ? { ...each, history: say(each.history, reply) } : each));
      cluster = { ...cluster, acceptors };
      transition = { action: { kind: 'promise', acceptor, ballot: reply.ballot }, next: cluster, replies: [reply] };
    };
    switch (event.kind) {
      case 'prepare': cluster = { ...cluster, prepares: distinct([...cluster.prepares, compiled.rankOf(event.ballot)]) }; break;
      case 'accept': {
        const vote: Vote = { ballot: compiled.rankOf(event.ballot), value: compiled.valueOf(event.value) };
        cluster = { ...cluster, accepts: [...cluster.accepts, vote] };
        break;
      }
      case 'promise': speak({ kind: 'promise', ballot: compiled.rankOf(event.ballot), vote: highestOf(votesIn(compiled, event.votes)) }); break;
      case 'accepted': speak({ kind: 'accepted', ballot: compiled.rankOf(event.ballot), value: compiled.valueOf(event.value) }); break;
      // What is on its disk it has voted for, though the crash may have come before it said so.
      case 'restart':
        for (const vote of event.votes ?? []) speak({ kind: 'accepted', ballot: compiled.rankOf(vote.ballot), value: compiled.valueOf(vote.value) });
        transition = undefined;
        break;
      case 'decided':
      case 'chosen': decided = distinct([...decided, compiled.valueOf(event.value)]); break;
      default: break;
    }
    for (const property of properties) {
      if (property.kind === 'state' && !property.holds(withDecisions, cluster)) broken.add(property.name);
      if (property.kind === 'step' && transition !== undefined && !property.holds(before, transition)) broken.add(property.name);
    }
  }
  return [...broken];
}

const COMPLETE = ['prepare', 'promise', 'accept', 'accepted', 'decided'];
/** What the model can follow step by step. */
const isComplete = ({ header }: Trace): boolean => header.profile === 'synod' && header.order === 'total' && COMPLETE.every((kind) => header.complete.includes(kind));
const corpus = (await Promise.all(storedTraces().map((stored) => read(bytesOf(stored))))).flat();
const complete = corpus.filter(isComplete);

/** A change of one event, as a buggy or lying implementation would make it. */
const mutation = fc.record({
  what: fc.constantFrom('drop', 'repeat', 'swap', 'ballot', 'value', 'votes', 'node'),
  at: fc.nat(),
  other: fc.nat(),
});

function mutate(events: readonly TraceEvent[], { what, at, other }: { what: string; at: number; other: number }): TraceEvent[] {
  const result = [...events];
  if (result.length === 0) return result;
  const index = at % result.length;
  const event = result[index]! as TraceEvent & { ballot?: number; value?: unknown; votes?: unknown };
  switch (what) {
    case 'drop': result.splice(index, 1); break;
    case 'repeat': result.splice(other % result.length, 0, event); break;
    case 'swap': [result[index], result[other % result.length]] = [result[other % result.length]!, event]; break;
    case 'ballot': if ('ballot' in event) result[index] = { ...event, ballot: (other % 3) + 1 } as TraceEvent; break;
    case 'value': if ('value' in event) result[index] = { ...event, value: ['x', 'y', 'z'][other % 3] } as TraceEvent; break;
    case 'votes': if (event.kind === 'promise') result[index] = { ...event, votes: other % 2 === 0 ? [] : [{ ballot: (other % 3) + 1, value: ['x', 'y'][other % 2]! }] }; break;
    case 'node': if (['promise', 'accepted', 'nack'].includes(event.kind)) result[index] = { ...event, at: `a${(other % 3) + 1}` }; break;
  }
  return result;
}

describe('mutated corpus traces', () => {
  it('never pass unless the model agrees: "conforms" only where no invariant is broken (600 traces, up to 3 mutations of events)', async () => {
    let [passed, failed] = [0, 0];
    await fc.assert(
      fc.asyncProperty(fc.nat(complete.length - 1), fc.array(mutation, { maxLength: 3 }), async (which, mutations) => {
        const { header, events: original } = complete[which]!;
        const events = mutations.reduce<TraceEvent[]>(mutate, original.map(({ event }) => event));
        const results = await verdictOfText(new TextEncoder().encode(writeTrace({ ...header, events: events.length }, events)));
        for (const { trace, verdict } of results ?? []) {
          if (verdict === 'conforms') {
            passed++;
            expect(brokenInvariants(trace)).toEqual([]);
          } else failed++;
        }
      }),
      { numRuns: 600 },
    );
    expect(Math.min(passed, failed)).toBeGreaterThan(50);
  });

  it('never crash, whatever bytes change: a verdict or a TraceError (2,000 files, up to 4 bytes)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(corpus.length - 1), fc.array(fc.record({ at: fc.nat(), byte: fc.nat(255), kind: fc.constantFrom('set', 'insert', 'delete', 'cut') }), { minLength: 1, maxLength: 4 }), async (which, changes) => {
        const { header, events } = corpus[which]!;
        let bytes = new TextEncoder().encode(writeTrace(header, events.map(({ event }) => event)));
        for (const { at, byte, kind } of changes) {
          const index = at % Math.max(1, bytes.length);
          if (kind === 'set') bytes[index] = byte;
          else if (kind === 'cut') bytes = bytes.slice(0, index);
          else bytes = Uint8Array.from([...bytes.slice(0, index), ...(kind === 'insert' ? [byte] : []), ...bytes.slice(kind === 'insert' ? index : index + 1)]);
        }
        for (const { trace, verdict } of (await verdictOfText(bytes)) ?? []) {
          if (verdict === 'conforms' && isComplete(trace)) expect(brokenInvariants(trace)).toEqual([]);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
