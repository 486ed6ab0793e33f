// Generated from spec/schema by `npm run types`: change the schemas, not this file.

export type Wire = (DriveLine | TraceLine)
/**
 * A line between the kit and an adapter: a command of the kit, or the adapter's answer. See driver-protocol.md.
 */
export type DriveLine = (DriveCommand | DriveAnswer)
/**
 * What the kit asks of the adapter.
 */
export type DriveCommand = (HelloCommand | InitCommand | DeliverCommand | CrashCommand | PersistCommand | StateCommand | SnapshotCommand | RestoreCommand | StopCommand)
/**
 * an integer from 1 to 2147483647
 */
export type CommandId = number
/**
 * a major version; this text is version 1
 */
export type DriveVersion = number
/**
 * a string of 1 to 128 characters
 */
export type NodeId = string
export type DriveRole = ("acceptor" | "leader" | "learner" | "node")
/**
 * Which sets of acceptors are quorums of promises (phase 1) and of votes (phase 2).
 */
export type QuorumRule = (MajorityQuorums | FlexibleQuorums | WeightedQuorums | ExplicitQuorums)
/**
 * an integer from 0 to 2147483647
 */
export type Count = number
/**
 * What ballots look like, and their order.
 */
export type BallotRule = (IntegerBallots | PairBallots | ListBallots)
/**
 * a string of 1 to 128 characters
 */
export type BallotName = string
/**
 * What a leader asks of an acceptor.
 */
export type DriveRequest = (DrivePrepare | DriveAccept)
/**
 * a ballot as the header declares it: an integer from 0 to 2147483647, a larger one as a decimal string, [counter, owner], or a string of the list
 */
export type BallotToken = (Count | BallotName | [Index, NodeId])
/**
 * an integer from 0 to 2147483647, or a larger one as a decimal string
 */
export type Index = (Count | string)
/**
 * any JSON
 */
export type TraceValue = unknown
/**
 * any JSON, opaque to the kit
 */
export type DriveSnapshot = unknown
/**
 * What the adapter answers. Which of these, the command says; any command may be answered with unsupported, skip or error.
 */
export type DriveAnswer = (HelloAnswer | OkAnswer | OutAnswer | StateAnswer | SnapshotAnswer | UnsupportedAnswer | SkipAnswer | ErrorAnswer)
/**
 * a ballot, or [] for none
 */
export type PromisedBallot = (BallotToken | [])
/**
 * What an acceptor answers a leader.
 */
export type DriveReply = (DrivePromise | DriveAccepted | DriveNack)
/**
 * What a node did.
 */
export type TraceEvent = (PrepareEvent | PromiseEvent | AcceptEvent | AcceptedEvent | NackEvent | ChosenEvent | DecidedEvent | AppliedEvent | CrashEvent | RestartEvent | ConfigureEvent | TrimEvent | SnapshotEvent | StateEvent | ProposeEvent | ReturnedEvent | UnknownEvent | LostEvent)
/**
 * a string of 1 to 128 characters
 */
export type OperationId = string
/**
 * A line of a paxos-trace file: a header, which starts a trace, or an event. See trace-format.md.
 */
export type TraceLine = (TraceHeader | TraceEvent)
export type Role = ("acceptor" | "leader" | "learner" | "client")

/**
 * Who are you, and which of these versions do you speak?
 */
export interface HelloCommand {
  id: CommandId
  command: "hello"
  /**
   * @minItems 1
   */
  versions: [DriveVersion, ...(DriveVersion)[]]
}
/**
 * Be this node: new if `dir` was never used before, else with what was durable there.
 */
export interface InitCommand {
  id: CommandId
  command: "init"
  node: NodeId
  /**
   * @minItems 1
   */
  nodes: [NodeId, ...(NodeId)[]]
  role: DriveRole
  quorums: QuorumRule
  ballots: BallotRule
  /**
   * an empty folder on first use; the acceptor's disk
   */
  dir: string
  /**
   * for whatever the implementation draws at random
   */
  seed: number
}
/**
 * Any more than half of the acceptors.
 */
export interface MajorityQuorums {
  kind: "majority"
}
/**
 * Any `phase1` acceptors, any `phase2` acceptors.
 */
export interface FlexibleQuorums {
  kind: "flexible"
  phase1: Count
  phase2: Count
}
/**
 * Any acceptors whose weights add up to `phase1`, to `phase2`.
 */
export interface WeightedQuorums {
  kind: "weighted"
  weights: {
    [k: string]: Count
  }
  phase1: Count
  phase2: Count
}
/**
 * These sets of acceptors, and whatever includes one of them.
 */
export interface ExplicitQuorums {
  kind: "sets"
  phase1: NodeId[][]
  phase2: NodeId[][]
}
/**
 * Integers.
 */
export interface IntegerBallots {
  kind: "integer"
}
/**
 * [counter, owner]: ordered by counter, then by the place of the owner in `owners` (default: in the nodes).
 */
export interface PairBallots {
  kind: "pair"
  owners?: NodeId[]
}
/**
 * These strings, from the lowest to the highest.
 */
export interface ListBallots {
  kind: "list"
  order: BallotName[]
}
/**
 * This message has arrived.
 */
export interface DeliverCommand {
  id: CommandId
  command: "deliver"
  message: DriveRequest
}
export interface DrivePrepare {
  kind: "prepare"
  ballot: BallotToken
}
export interface DriveAccept {
  kind: "accept"
  ballot: BallotToken
  value: TraceValue
}
/**
 * Lose everything that is not durable. An init with the same `dir` follows.
 */
export interface CrashCommand {
  id: CommandId
  command: "crash"
}
/**
 * Finish the writes that are under way.
 */
export interface PersistCommand {
  id: CommandId
  command: "persist"
}
/**
 * What do you know?
 */
export interface StateCommand {
  id: CommandId
  command: "state"
}
/**
 * Give a copy of everything, memory and disk.
 */
export interface SnapshotCommand {
  id: CommandId
  command: "snapshot"
}
/**
 * Be again as you were when you gave this snapshot.
 */
export interface RestoreCommand {
  id: CommandId
  command: "restore"
  snapshot: DriveSnapshot
}
/**
 * End. No answer is needed.
 */
export interface StopCommand {
  id: CommandId
  command: "stop"
}
/**
 * To hello.
 */
export interface HelloAnswer {
  id: CommandId
  version: DriveVersion
  implementation: DriveImplementation
  /**
   * @minItems 1
   */
  roles: [DriveRole, ...(DriveRole)[]]
  profiles?: ("synod" | "multi" | "fast" | "register")[]
  caps?: DriveCaps
  ballots?: DriveBallots
}
export interface DriveImplementation {
  name: string
  version?: string
  language?: string
}
/**
 * What the adapter can do beyond hello, init and deliver; default: nothing.
 */
export interface DriveCaps {
  /**
   * init with a used `dir` restores what was durable, also after SIGKILL
   */
  restart?: boolean
  /**
   * the command crash does in the process what SIGKILL would do
   */
  crash?: boolean
  /**
   * persisting is a step of its own
   */
  persist?: boolean
  state?: boolean
  /**
   * the commands snapshot and restore
   */
  snapshot?: boolean
  /**
   * how a refusal shows; for information
   */
  refuse?: ("nack" | "silent")
  /**
   * for other roles
   */
  timers?: boolean
  /**
   * for other roles
   */
  batch?: boolean
  /**
   * for other roles
   */
  cluster?: boolean
}
/**
 * what ballots are to look like: integers (the default), or [counter, owner]
 */
export interface DriveBallots {
  kind: ("integer" | "pair")
}
/**
 * To init, crash, restore and stop; to persist, if it releases nothing. After a restart, `state` may say what came back.
 */
export interface OkAnswer {
  id: CommandId
  ok: true
  state?: DriveKnowledge
}
/**
 * What an acceptor knows; an absent field is not told, an empty array is none.
 */
export interface DriveKnowledge {
  promised?: PromisedBallot
  votes?: DriveVote[]
}
export interface DriveVote {
  ballot: BallotToken
  value: TraceValue
}
/**
 * To deliver and persist: the messages released; none is silence.
 */
export interface OutAnswer {
  id: CommandId
  out: DriveReply[]
  state?: DriveKnowledge
  events?: TraceEvent[]
}
/**
 * With the highest vote cast, or with all of them; none: an empty array.
 */
export interface DrivePromise {
  kind: "promise"
  ballot: BallotToken
  votes: DriveVote[]
}
export interface DriveAccepted {
  kind: "accepted"
  ballot: BallotToken
  value: TraceValue
}
/**
 * A refusal of the prepare or accept of this ballot; `promised`: the reason, if the implementation gives it.
 */
export interface DriveNack {
  kind: "nack"
  ballot: BallotToken
  of: ("prepare" | "accept")
  promised?: PromisedBallot
}
/**
 * A leader opened a ballot.
 */
export interface PrepareEvent {
  at: NodeId
  kind: "prepare"
  ballot: BallotToken
  slot?: Index
  from?: Index
  i?: Index
  incarnation?: Index
  cause?: EventReference
  loc?: string
}
/**
 * The event with index `i` of the node `at`.
 */
export interface EventReference {
  at: NodeId
  i: Index
}
/**
 * An acceptor gave a promise and reported these votes; none: an empty array.
 */
export interface PromiseEvent {
  at: NodeId
  kind: "promise"
  ballot: BallotToken
  votes: ReportedVote[]
  slot?: Index
  from?: Index
  floor?: Index
  i?: Index
  incarnation?: Index
  cause?: EventReference
  loc?: string
}
export interface ReportedVote {
  ballot: BallotToken
  value: TraceValue
  slot?: Index
}
/**
 * A leader proposed a value; `quorum`: the acceptors whose promises it used.
 */
export interface AcceptEvent {
  at: NodeId
  kind: "accept"
  ballot: BallotToken
  value: TraceValue
  slot?: Index
  quorum?: NodeId[]
  i?: Index
  incarnation?: Index
  cause?: EventReference
  loc?: string
}
/**
 * An acceptor cast a vote; `upto`, instead of a value: for all that the ballot proposed in slots up to this one.
 */
export interface AcceptedEvent {
  at: NodeId
  kind: "accepted"
  ballot: BallotToken
  value?: TraceValue
  slot?: Index
  upto?: Index
  i?: Index
  incarnation?: Index
  cause?: EventReference
  loc?: string
}
/**
 * An acceptor refused; `promised`: what it said it had promised.
 */
export interface NackEvent {
  at: NodeId
  kind: "nack"
  ballot: BallotToken
  of: ("prepare" | "accept")
  promised?: PromisedBallot
  slot?: Index
  i?: Index
  incarnation?: Index
  cause?: EventReference
  loc?: string
}
/**
 * A leader saw that a value is chosen.
 */
export interface ChosenEvent {
  at: NodeId
  kind: "chosen"
  value: TraceValue
  ballot?: BallotToken
  slot?: Index
  quorum?: NodeId[]
  i?: Index
  incarnation?: Index
  cause?: EventReference
  loc?: string
}
/**
 * A learner believes that a value is chosen.
 */
export interface DecidedEvent {
  at: NodeId
  kind: "decided"
  value: TraceValue
  ballot?: BallotToken
  slot?: Index
  quorum?: NodeId[]
  i?: Index
  incarnation?: Index
  cause?: EventReference
  loc?: string
}
/**
 * A learner applied a value to its state machine.
 */
export interface AppliedEvent {
  at: NodeId
  kind: "applied"
  slot: Index
  value: TraceValue
  i?: Index
  incarnation?: Index
  cause?: EventReference
  loc?: string
}
/**
 * A node stopped and lost what was not durable.
 */
export interface CrashEvent {
  at: NodeId
  kind: "crash"
  i?: Index
  incarnation?: Index
  cause?: EventReference
  loc?: string
}
/**
 * A node came back; `promised`, `votes`: what came back with it.
 */
export interface RestartEvent {
  at: NodeId
  kind: "restart"
  promised?: PromisedBallot
  votes?: ReportedVote[]
  i?: Index
  incarnation?: Index
  cause?: EventReference
  loc?: string
}
/**
 * A configuration is in force from a slot on.
 */
export interface ConfigureEvent {
  at: NodeId
  kind: "configure"
  epoch: Index
  members: NodeId[]
  quorums: QuorumRule
  from: Index
  i?: Index
  incarnation?: Index
  cause?: EventReference
  loc?: string
}
/**
 * A node dropped its log up to a slot.
 */
export interface TrimEvent {
  at: NodeId
  kind: "trim"
  upto: Index
  i?: Index
  incarnation?: Index
  cause?: EventReference
  loc?: string
}
/**
 * A node took or loaded a snapshot; `value`: the state of the state machine, or its digest.
 */
export interface SnapshotEvent {
  at: NodeId
  kind: "snapshot"
  upto: Index
  value?: TraceValue
  i?: Index
  incarnation?: Index
  cause?: EventReference
  loc?: string
}
/**
 * Any part of the state of a node.
 */
export interface StateEvent {
  at: NodeId
  kind: "state"
  promised?: PromisedBallot
  votes?: ReportedVote[]
  decided?: ReportedDecision[]
  slot?: Index
  i?: Index
  incarnation?: Index
  cause?: EventReference
  loc?: string
}
export interface ReportedDecision {
  value: TraceValue
  slot?: Index
}
/**
 * A client asked for a value; `op`: its name for the operation.
 */
export interface ProposeEvent {
  at: NodeId
  kind: "propose"
  value: TraceValue
  op?: OperationId
  slot?: Index
  i?: Index
  incarnation?: Index
  cause?: EventReference
  loc?: string
}
/**
 * An operation of a client returned.
 */
export interface ReturnedEvent {
  at: NodeId
  kind: "returned"
  value?: TraceValue
  op?: OperationId
  slot?: Index
  i?: Index
  incarnation?: Index
  cause?: EventReference
  loc?: string
}
/**
 * A client does not know the outcome of its operation.
 */
export interface UnknownEvent {
  at: NodeId
  kind: "unknown"
  op?: OperationId
  slot?: Index
  i?: Index
  incarnation?: Index
  cause?: EventReference
  loc?: string
}
/**
 * Lines of the log of this node are missing here; `count`: how many.
 */
export interface LostEvent {
  at: NodeId
  kind: "lost"
  count?: Index
  i?: Index
  incarnation?: Index
  cause?: EventReference
  loc?: string
}
/**
 * To state.
 */
export interface StateAnswer {
  id: CommandId
  state: DriveKnowledge
}
/**
 * To snapshot.
 */
export interface SnapshotAnswer {
  id: CommandId
  snapshot: DriveSnapshot
}
/**
 * The adapter does not know this command or message.
 */
export interface UnsupportedAnswer {
  id: CommandId
  unsupported: true
}
/**
 * The implementation does not expect this here, and nothing was done.
 */
export interface SkipAnswer {
  id: CommandId
  skip: SkipReason
}
export interface SkipReason {
  reason: string
}
/**
 * The adapter failed; the kit gives up.
 */
export interface ErrorAnswer {
  id: CommandId
  error: ErrorMessage
}
export interface ErrorMessage {
  message: string
}
/**
 * What a trace is about, and how much of it was logged.
 */
export interface TraceHeader {
  format: "paxos-trace"
  version: string
  id?: string
  title?: string
  note?: string
  profile: ("synod" | "multi" | "fast" | "register")
  nodes: TraceNode[]
  quorums: QuorumRule
  ballots: BallotRule
  order: ("total" | "per-node")
  complete: string[]
  durable: ("before-send" | "none")
  source: TraceSource
  noop?: TraceValue
  /**
   * an integer from 0 to 2147483647
   */
  events?: number
}
export interface TraceNode {
  id: NodeId
  roles: Role[]
}
/**
 * What produced the trace.
 */
export interface TraceSource {
  implementation: string
  version?: string
}
