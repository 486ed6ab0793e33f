/** A learned machine as an acceptor of the model, so that the explorer can make a cluster of it. */
import type { AcceptorMachine, Step } from '../src/index.js';
import type { Alphabet } from './alphabet.js';
import type { Hypothesis } from './hypothesis.js';

/** The state is the number of a learned state. What no correct cluster can send is answered with silence. */
export function machineFrom(alphabet: Alphabet, learned: Hypothesis): AcceptorMachine<number> {
  const take = (state: number, index: number): Step<number> => {
    const move = learned[state]!.moves.get(index);
    return move === undefined ? { state, replies: [] } : { state: move.to, replies: move.answer.replies };
  };
  const restart = alphabet.own('restart');
  const persist = alphabet.own('persist');
  return {
    initial: 0,
    prepare: (state, ballot) => take(state, alphabet.prepare(ballot)),
    accept: (state, ballot, value) => take(state, alphabet.accept(ballot, value)),
    restart: (state) => (restart < 0 ? state : take(state, restart).state),
    ...(persist >= 0 && { act: (state: number) => take(state, persist) }),
  };
}
