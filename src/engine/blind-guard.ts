/** What a leader's guard says before anybody knows what was promised: by asking it with promises that must not be looked at. */
import type { Synod } from '../../model/synod.js';
import type { Value } from '../../model/words.js';

/** Whether a value may be proposed: never, whatever was promised; always; or as the promises are. */
export type Answer = 'never' | 'always' | 'depends';

/** Thrown where a conjunct wants to know what was promised. */
class Looked extends Error {}

/** `proposed`: the values proposed in this ballot. */
export function answerOf({ leader, quorums }: Synod, ballot: number, value: Value, proposed: readonly Value[], opened: boolean): Answer {
  const context = {
    ballot, value, proposed, opened, quorums,
    get heard(): never {
      throw new Looked();
    },
  };
  let answer: Answer = 'always';
  for (const conjunct of Object.values(leader.mayAccept)) {
    try {
      if (!conjunct.holds(context)) return 'never';
    } catch (error) {
      if (!(error instanceof Looked)) throw error;
      answer = 'depends';
    }
  }
  return answer;
}

/** The values with a bit in the mask. */
export const valuesOf = (mask: number, values: number): Value[] => Array.from({ length: values }, (_, value) => value).filter((value) => (mask >>> value) & 1);
