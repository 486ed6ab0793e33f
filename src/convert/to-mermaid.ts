/** A trace as a sequence diagram of Mermaid. A request is drawn where it was used: an arrow has no length in time. */
import { compile } from '../check/compile.js';
import type { Trace } from '../trace/read.js';
import type { TraceEvent } from '../trace/wire.js';
import { causesOf } from './causes.js';
import { eventText, plainNames } from './words.js';

// Letters and then digits are no word of Mermaid's.
const isPlain = (id: string): boolean => /^[a-z]{1,16}[0-9]{1,16}$/i.test(id);

/** Text that is nothing but text to Mermaid: what might be syntax, or HTML, becomes an entity by its number. */
export const plainText = (text: string): string => text.replace(/[^\p{L}\p{N} "'()[\].,=/_+-]/gu, (character) => `#${character.codePointAt(0)!};`);

const labelOf = (id: string): string => plainText(/^[\w.-]+$/.test(id) ? id : JSON.stringify(id));

/** The kind of request that the event answers. */
function requestOf(event: TraceEvent): 'prepare' | 'accept' | undefined {
  if (event.kind === 'promise') return 'prepare';
  if (event.kind === 'accepted') return 'accept';
  return event.kind === 'nack' ? event.of : undefined;
}

/** The file in pieces, a line each: participants in the order of the header, then the events. */
export function* mermaidText(trace: Trace): Generator<string> {
  const compiled = compile(trace);
  const names = plainNames(trace.header.nodes.map(({ id }) => id), isPlain, 'node');
  const causes = causesOf(compiled);
  const text = (event: TraceEvent): string => plainText(eventText(event, compiled));
  yield 'sequenceDiagram\n';
  for (const [id, name] of names) yield `  participant ${name} as ${labelOf(id)}\n`;
  for (const [place, { event }] of trace.events.entries()) {
    const kind = requestOf(event);
    const request = causes[place]!.map((cause) => trace.events[cause]!.event).find((cause) => cause.kind === kind);
    const at = names.get(event.at)!;
    if (request === undefined) {
      yield `  Note over ${at}: ${text(event)}\n`;
      continue;
    }
    const leader = names.get(request.at)!;
    yield `  ${leader}->>${at}: ${text(request)}\n  ${at}-->>${leader}: ${text(event)}\n`;
  }
}
