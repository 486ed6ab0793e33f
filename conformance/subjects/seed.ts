/**
 * The acceptor of a widely copied blog post, word for word, behind the driver's messages: numbers start at 0, a
 * refusal carries no number, and a vote does not raise the promise. A module, and an adapter when it is run.
 */
import type { AcceptorModule, LocalAcceptor } from '../local.js';
import { isProgram } from '../is-program.js';
import { serve } from '../serve.js';

class Acceptor {
  promisedNumber = 0;
  acceptedValue: unknown = null;
  acceptedNumber = 0;

  handlePrepare(proposalNumber: number) {
    if (proposalNumber > this.promisedNumber) {
      this.promisedNumber = proposalNumber;
      return { promise: true, acceptedValue: this.acceptedValue, acceptedNumber: this.acceptedNumber };
    }
    return { promise: false };
  }

  handleAccept(proposalNumber: number, value: unknown) {
    if (proposalNumber >= this.promisedNumber) {
      this.acceptedValue = value;
      this.acceptedNumber = proposalNumber;
      return { accepted: true };
    }
    return { accepted: false };
  }
}

export const implementation = { name: "the blog post's acceptor", language: 'JavaScript' };

export function createAcceptor(): LocalAcceptor {
  const acceptor = new Acceptor();
  return {
    deliver(message) {
      const ballot = message.ballot as number;
      if (message.kind === 'prepare') {
        const { promise, acceptedValue, acceptedNumber } = acceptor.handlePrepare(ballot);
        if (!promise) return { kind: 'nack', ballot, of: 'prepare' };
        return { kind: 'promise', ballot, votes: acceptedNumber ? [{ ballot: acceptedNumber, value: acceptedValue }] : [] };
      }
      const { accepted } = acceptor.handleAccept(ballot, message.value);
      return accepted ? { kind: 'accepted', ballot, value: message.value } : { kind: 'nack', ballot, of: 'accept' };
    },
  };
}

if (isProgram(import.meta.url)) await serve({ createAcceptor, implementation } satisfies AcceptorModule, 'seed');
