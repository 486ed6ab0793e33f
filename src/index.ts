/** The library's face: the model, the explorer and, as they come, the checker. */
export * from '../model/acceptor.js';
export * from '../model/cluster-rules.js';
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
export * from '../model/rules.js';
export * from '../model/synod.js';
export * from '../model/verdict.js';
export * from '../model/words.js';
export type { Exploration, ExploreOptions, PropertyResult } from './engine/explore.js';
export { explore } from './engine/explore.js';
export { LimitError } from './engine/limit-error.js';
export { describeRun, describeStep } from './report/run-text.js';
export type { Run } from './engine/run.js';
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
} from './trace/wire.js';
