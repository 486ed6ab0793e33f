/** One decision of a log of many, as a trace of its own. */
import { LogProjector } from '../check/project-log.js';
import type { Trace } from '../trace/read.js';

/** What the log says of this slot, in the profile of a single decision. */
export function slotOf({ header, events, warnings, ...where }: Trace, slot: number): Trace {
  const projector = new LogProjector(header, [slot]);
  for (const { event, line } of events) projector.feed(event, line);
  const [found] = projector.traces(where);
  const own = found?.trace.events ?? [];
  return { ...where, header: { ...header, profile: 'synod', events: own.length }, events: own, warnings };
}
