/** What the acceptor suite found, as stable JSON: format `paxcheck-drive`, version 1 (spec/driver-protocol.md). */
import type { HelloAnswer, Severity, Verdict } from '../src/index.js';
import type { Case } from './case.js';

export interface RuleResult {
  readonly id: string;
  readonly severity: Severity;
  readonly result: 'kept' | 'broken' | 'not tested';
  /** Sequences whose last input tempts to break the rule. */
  readonly exercised: number;
  /** Sequences whose last answer breaks it. */
  readonly broken: number;
}

/** A run of a cluster with this acceptor. */
export interface Consequence {
  readonly property: string;
  readonly because: string;
  /** What the cluster is made of. */
  readonly cluster: string;
  readonly actions: number;
  /** Numbered lines; indented lines say what came of it. */
  readonly run: readonly string[];
}

export interface Nondeterminism {
  readonly inputs: readonly string[];
  readonly first: readonly string[];
  readonly second: readonly string[];
}

export interface AcceptorReport {
  readonly format: 'paxcheck-drive';
  readonly version: 1;
  readonly role: 'acceptor';
  readonly implementation: HelloAnswer['implementation'];
  readonly verdict: Verdict;
  /** False: the acceptor was never brought to promise or vote. */
  readonly tested: boolean;
  /** The verdict in a sentence. */
  readonly summary: string;
  /** The shortest sequence whose last answer breaks a rule. */
  readonly symptom?: Case;
  /** The shortest that breaks a rule of safety, if the symptom does not. */
  readonly proof?: Case;
  /** The shortest sequence for each other rule broken. */
  readonly others: readonly Case[];
  readonly consequence?: Consequence;
  /** Properties of a cluster that fail although agreement holds. */
  readonly deviations: readonly { readonly property: string; readonly because: string }[];
  readonly nondeterministic?: Nondeterminism;
  readonly rules: readonly RuleResult[];
  readonly bounds: {
    readonly ballots: number;
    readonly values: number;
    readonly length: number;
    readonly sequences: number;
    /** Different sequences whose last answer is known, beginnings included. */
    readonly observed: number;
    readonly restarts: 'crash' | 'kill' | 'none';
    /** Sequences with a restart have at most this many inputs; 0 without restarts. */
    readonly restartLength: number;
    readonly walks: { readonly count: number; readonly length: number; readonly seed: number };
    readonly learnedStates: number | null;
    /** True if the learned machine keeps every rule of safety in sequences of any length; null if not looked at or not known. */
    readonly safeAtAnyLength: boolean | null;
    /** The last cluster explored; `merged`: states that differ only in the names of these were counted once. */
    readonly cluster: {
      readonly acceptors: number;
      readonly ballots: number;
      readonly values: number;
      readonly states: number;
      readonly merged: readonly string[];
      readonly runsUpTo: number;
      readonly complete: boolean;
    } | null;
  };
  /** What the verdict takes for granted. */
  readonly assumptions: readonly string[];
  readonly notChecked: readonly string[];
  readonly next: readonly string[];
}
