/** The library's face: the model, the explorer and the checker. */
export * from '../model/acceptor.js';
export * from '../model/cluster-rules.js';
export * from '../model/consensus.js';
export * from '../model/guard.js';
export * from '../model/history.js';
export * from '../model/invariants.js';
export * from '../model/leader.js';
export * from '../model/learner.js';
export * from '../model/mutant.js';
export * from '../model/mutants.js';
export * from '../model/property.js';
export * from '../model/quorum.js';
export * from '../model/rule-book.js';
export * from '../model/refinement.js';
export * from '../model/rules.js';
export * from '../model/synod.js';
export * from '../model/verdict.js';
export * from '../model/voting.js';
export * from '../model/words.js';
export type { CheckOptions, CheckResult } from './check/check.js';
export { check } from './check/check.js';
export type { Checker, CheckerHeader } from './check/checker.js';
export { createChecker } from './check/checker.js';
export type { Finding } from './check/finding.js';
export type { Exploration, ExploreOptions, PropertyResult } from './engine/explore.js';
export { explore } from './engine/explore.js';
export { LimitError } from './engine/limit-error.js';
export { describeCheck } from './report/check-report.js';
export { describeRun, describeStep } from './report/run-text.js';
export type { Run } from './engine/run.js';
export { traceOfRun } from './trace/from-run.js';
export type { Trace } from './trace/read.js';
export { readTraces } from './trace/read.js';
export { writeTrace } from './trace/write.js';
export type {
  BallotToken,
  DeliverCommand,
  DriveAnswer,
  DriveCaps,
  DriveCommand,
  DriveKnowledge,
  DriveReply,
  DriveRequest,
  DriveVote,
  HelloAnswer,
  InitCommand,
  PromisedBallot,
  TraceEvent,
  TraceHeader,
} from './trace/wire.js';
