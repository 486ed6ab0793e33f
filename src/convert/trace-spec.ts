/**
 * A TLA+ module that follows the records of to-tla.ts through Paxos as spec/synod.md has it. Each record is one step or none:
 * TLC finds a deadlock at the first that is none.
 */
import type { AcceptorSet } from '../../model/quorum.js';
import { membersOf, sizeOf } from '../../model/quorum.js';
import { compile } from '../check/compile.js';
import type { Compiled } from '../check/compile.js';
import { kindsOf } from '../check/judge.js';
import type { Trace } from '../trace/read.js';
import { numberOf, tlaNames } from './to-tla.js';

export const TRACE_CONFIG = 'INIT Init\nNEXT Next\nINVARIANT Agreement\n';

const setText = (members: readonly string[]): string => `{${members.join(', ')}}`;
const strings = (texts: readonly string[]): string => setText(texts.map((text) => `"${text}"`));

/** Quorums by their size where every set of that size is one, as there may be many. */
function quorumText(quorums: readonly AcceptorSet[], { quorums: { symmetric } }: Compiled, acceptors: readonly string[]): string {
  const [first] = quorums;
  if (symmetric && first !== undefined) return `{Q \\in SUBSET Acceptor : Cardinality(Q) = ${sizeOf(first)}}`;
  return setText(quorums.map((quorum) => `\n  ${strings(membersOf(quorum).map((index) => acceptors[index]!))}`));
}

/** The kinds of event of which none is missing. */
function loggedKinds({ header, events }: Trace): string[] {
  const lost = new Set(events.filter(({ event }) => event.kind === 'lost').flatMap(({ event }) => kindsOf(header, event.at)));
  return ['propose', 'prepare', 'promise', 'accept', 'accepted', 'restart'].filter((kind) => header.complete.includes(kind) && !lost.has(kind));
}

/** What does nothing, by its number in the records. */
const freeValues = ({ values, proposed }: Compiled): number[] => Array.from({ length: values }, (_, value) => value).filter((value) => proposed?.(value).length === 1).map(numberOf);

/** The module. `name` is its name, `file` that of the records, where the environment does not say TRACE=...; both must be fit for TLA+. */
export function traceSpec(trace: Trace, name: string, file: string): string {
  const compiled = compile(trace);
  const names = tlaNames(trace);
  const acceptors = compiled.acceptors.map((id) => names.get(id)!);
  const declarations = [
    `TraceFile == IF "TRACE" \\in DOMAIN IOEnv THEN IOEnv.TRACE ELSE "${file}"`,
    'Log == ndJsonDeserialize(TraceFile)',
    '',
    `Acceptor == ${strings(acceptors)}`,
    `Quorum1 == ${quorumText(compiled.quorums.phase1, compiled, acceptors)}`,
    `Quorum2 == ${quorumText(compiled.quorums.phase2, compiled, acceptors)}`,
    '',
    '(* Of these kinds every event is in the log: what is not there did not happen. *)',
    `Logged == ${strings(loggedKinds(trace))}`,
    '',
    '(* Values for which nobody has to ask. *)',
    `Free == ${setText(freeValues(compiled).map(String))}`,
  ];
  return `---- MODULE ${name} ----\n${PREFACE}${declarations.join('\n')}\n${BODY}`;
}

const PREFACE = `(* Written by paxcheck convert. The log is a run of Paxos if TLC finds no error. A deadlock, a failed       *)
(* assumption or a violation of Agreement says that it is none; at a deadlock, line is the record that is    *)
(* no step. Json and IOUtils are in the community modules of TLA+:                                           *)
(*   java -cp tla2tools.jar:CommunityModules-deps.jar tlc2.TLC THIS.tla                                      *)
(* Ballots are ranks from 1 and values numbers from 1; 0 is none, -1 not logged. Not judged: refusals, the   *)
(* owner that a ballot names, what else a rule could tell from kinds of event that are not in Logged.        *)
EXTENDS Integers, Sequences, FiniteSets, Json, IOUtils

`;

const BODY = String.raw`
ASSUME QuorumsIntersect == \A Q \in Quorum1, R \in Quorum2 : Q \cap R # {}

VARIABLES
  line,      \* the record at hand
  prepares,  \* ballots opened
  owners,    \* who opened or used a ballot: nobody any more, after a restart
  promises, accepts, votes,  \* what was said
  proposals, \* values that clients put forward
  decided,   \* values that somebody believes to be chosen
  down       \* nodes that crashed and did not restart

vars == <<line, prepares, owners, promises, accepts, votes, proposals, decided, down>>

Init ==
  /\ line = 1
  /\ prepares = {} /\ owners = {}
  /\ promises = {} /\ accepts = {} /\ votes = {}
  /\ proposals = {} /\ decided = {} /\ down = {}

Members(seq) == {seq[i] : i \in DOMAIN seq}
PromisesOf(a) == {p \in promises : p.from = a}
VotesOf(a) == {w \in votes : w.from = a}
IsLogged(kind) == kind \in Logged

(* A ballot has one leader. *)
Own(e) ==
  /\ \A o \in owners : o.bal = e.bal => o.node = e.at
  /\ owners' = owners \union {[bal |-> e.bal, node |-> e.at]}

(* Phase 1a: the leader opens its ballot. *)
Prepare(e) ==
  /\ e.kind = "prepare"
  /\ Own(e)
  /\ prepares' = prepares \union {e.bal}
  /\ UNCHANGED <<promises, accepts, votes, proposals, decided, down>>

(* A vote that is told of: it was cast and logged, or it comes to light where votes need not be logged. *)
Told(e, unlogged) ==
  LET w == [from |-> e.at, bal |-> e.mbal, val |-> e.mval]
  IN  IF e.mbal <= 0 \/ w \in votes THEN UNCHANGED votes
      ELSE /\ unlogged
           /\ IsLogged("accept") => [bal |-> w.bal, val |-> w.val] \in accepts
           /\ \A p \in PromisesOf(e.at) : p.bal <= w.bal \/ p.mbal >= w.bal
           /\ \A other \in VotesOf(e.at) : other.bal = w.bal => other.val = w.val
           /\ votes' = votes \union {w}

(* Phase 1b: a promise not below those before it, with the highest vote cast below its ballot. *)
Promise(e) ==
  /\ e.kind = "promise"
  /\ IsLogged("prepare") => e.bal \in prepares
  /\ \A p \in PromisesOf(e.at) : p.bal <= e.bal
  /\ \A w \in VotesOf(e.at) : w.bal < e.bal => w.bal <= e.mbal
  /\ Told(e, ~IsLogged("accepted"))
  /\ promises' = promises \union {[from |-> e.at, bal |-> e.bal, mbal |-> e.mbal, mval |-> e.mval]}
  /\ UNCHANGED <<prepares, owners, accepts, proposals, decided, down>>

(* Promises of a quorum, and perhaps of others, among which the highest vote reported, if any, is for v. *)
ShowsSafe(b, v, heard) ==
  \E c \in 0..(b - 1) :
    LET quiet == {p.from : p \in {p \in heard : p.mbal <= c}}
    IN  /\ \E Q \in Quorum1 : Q \subseteq quiet
        /\ c = 0 \/ \E p \in heard : p.mbal = c /\ p.mval = v

(* Phase 2a. Below the lowest ballot nothing was chosen: it may do without phase 1. *)
Accept(e) ==
  /\ e.kind = "accept"
  /\ Own(e)
  /\ \A m \in accepts : m.bal = e.bal => m.val = e.val
  /\ e.bal > 1 /\ IsLogged("prepare") => e.bal \in prepares
  /\ e.bal > 1 /\ IsLogged("promise") =>
       ShowsSafe(e.bal, e.val, {p \in promises : p.bal = e.bal /\ (e.named => p.from \in Members(e.quorum))})
  /\ accepts' = accepts \union {[bal |-> e.bal, val |-> e.val]}
  /\ UNCHANGED <<prepares, promises, votes, proposals, decided, down>>

(* Phase 2b: a vote for what was proposed, below no promise and no other vote; or one that was cast before. *)
Accepted(e) ==
  LET w == [from |-> e.at, bal |-> e.bal, val |-> e.val]
  IN  /\ e.kind = "accepted"
      /\ \/ w \in votes
         \/ /\ IsLogged("accept") => [bal |-> e.bal, val |-> e.val] \in accepts
            /\ \A p \in PromisesOf(e.at) : p.bal <= e.bal
            /\ \A other \in VotesOf(e.at) : other.bal < e.bal
      /\ votes' = votes \union {w}
      /\ UNCHANGED <<prepares, owners, promises, accepts, proposals, decided, down>>

(* Votes of a quorum for v in one ballot: that ballot and those acceptors, if they are named. *)
HasQuorum(e) ==
  \E b \in {w.bal : w \in votes}, Q \in Quorum2 :
    /\ e.bal \in {-1, b}
    /\ e.named => Q \subseteq Members(e.quorum)
    /\ \A a \in (IF e.named THEN Members(e.quorum) ELSE Q) : [from |-> a, bal |-> b, val |-> e.val] \in votes

Decide(e) ==
  /\ e.kind \in {"chosen", "decided", "returned"}
  /\ e.val # -1
  /\ IF IsLogged("accepted") THEN HasQuorum(e) ELSE e.named => \E Q \in Quorum2 : Q \subseteq Members(e.quorum)
  /\ e.bal # -1 /\ IsLogged("accept") => [bal |-> e.bal, val |-> e.val] \in accepts
  /\ IF IsLogged("propose") THEN e.val \in proposals \union Free ELSE IsLogged("accept") => \E m \in accepts : m.val = e.val
  /\ decided' = decided \union {e.val}
  /\ UNCHANGED <<prepares, owners, promises, accepts, votes, proposals, down>>

(* What a node says that it knows covers what it said; a vote may have been stored and not announced. *)
Remember(e) ==
  /\ e.kind \in {"restart", "state"}
  /\ e.bal # -1 => \A p \in PromisesOf(e.at) : p.bal <= e.bal
  /\ e.mbal # -1 => \A w \in VotesOf(e.at) : w.bal < e.mbal \/ (w.bal = e.mbal /\ w.val = e.mval)
  /\ Told(e, TRUE)
  /\ IF e.kind = "state" THEN UNCHANGED <<owners, down>>
     ELSE /\ owners' = {IF o.node = e.at THEN [o EXCEPT !.node = ""] ELSE o : o \in owners}
          /\ down' = down \ {e.at}
  /\ UNCHANGED <<prepares, promises, accepts, proposals, decided>>

Other(e) ==
  /\ e.kind \in {"propose", "nack", "crash", "unknown", "lost"} \/ (e.kind = "returned" /\ e.val = -1)
  /\ proposals' = IF e.kind = "propose" THEN proposals \union {e.val} ELSE proposals
  /\ down' = IF e.kind = "crash" THEN down \union {e.at} ELSE IF e.kind = "lost" THEN down \ {e.at} ELSE down
  /\ UNCHANGED <<prepares, owners, promises, accepts, votes, decided>>

Step(e) ==
  /\ e.at \in down /\ IsLogged("restart") => e.kind \in {"crash", "restart", "lost"}
  /\ Prepare(e) \/ Promise(e) \/ Accept(e) \/ Accepted(e) \/ Decide(e) \/ Remember(e) \/ Other(e)

Next ==
  \/ line <= Len(Log) /\ line' = line + 1 /\ Step(Log[line])
  \/ line > Len(Log) /\ UNCHANGED vars

Chosen == {w.val : w \in {w \in votes : \E Q \in Quorum2 : \A a \in Q : [w EXCEPT !.from = a] \in votes}}
Agreement == \A v, w \in Chosen \union decided : v = w
====
`;
