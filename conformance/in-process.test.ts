/** An example: a test of one's own implementation that checks what it does while it does it. */
import { describe, expect, it } from 'vitest';
import { createChecker, describeCheck } from '../src/index.js';
import type { Checker } from '../src/index.js';

/** An acceptor as somebody would write it; `forgets`: it votes without a look at what it promised. */
class MyAcceptor {
  private promised = 0;
  private vote: { ballot: number; value: string } | null = null;

  constructor(private readonly id: string, private readonly checker: Checker, private readonly forgets = false) {}

  prepare(ballot: number): boolean {
    if (ballot <= this.promised) return false;
    this.promised = ballot;
    this.tell({ kind: 'promise', ballot, votes: this.vote === null ? [] : [this.vote] });
    return true;
  }

  accept(ballot: number, value: string): boolean {
    if (ballot < this.promised && !this.forgets) return false;
    this.vote = { ballot, value };
    this.tell({ kind: 'accepted', ballot, value });
    return true;
  }

  /** What is wrong fails the test here, with this call on the stack. */
  private tell(event: { kind: 'promise'; ballot: number; votes: { ballot: number; value: string }[] } | { kind: 'accepted'; ballot: number; value: string }): void {
    const [wrong] = this.checker.add({ at: this.id, ...event });
    if (wrong !== undefined) throw new Error(`${wrong.rule}: expected ${wrong.expected}, got ${wrong.got}`);
  }
}

const start = (): Checker => createChecker({ nodes: ['a1', 'a2', 'a3'].map((id) => ({ id, roles: ['acceptor'] })), complete: ['promise', 'accepted'] });

describe('an implementation that tells a checker what it does', () => {
  it('passes as long as it keeps the rules', () => {
    const checker = start();
    const acceptors = ['a1', 'a2', 'a3'].map((id) => new MyAcceptor(id, checker));
    for (const acceptor of acceptors) expect([acceptor.prepare(1), acceptor.accept(1, 'x'), acceptor.prepare(2), acceptor.accept(1, 'x')]).toEqual([true, true, true, false]);
    expect(checker.result().verdict).toBe('conforms');
  });

  it('fails at the step that breaks one, and the checker says what that can cost', () => {
    const checker = start();
    const acceptor = new MyAcceptor('a1', checker, true);
    acceptor.prepare(2);
    expect(() => acceptor.accept(1, 'x')).toThrow('promise-kept: expected no new vote below ballot 2, got a vote for "x" in ballot 1');
    expect(describeCheck(checker.result()).join('\n')).toContain('promise-kept at a1');
  });
});
