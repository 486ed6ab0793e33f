------------------------------- MODULE Synod -------------------------------
(* Single-decree Paxos in the manner of Lamport's Paxos.tla: the messages ever sent, and what each acceptor  *)
(* remembers. Sets of messages only grow: loss is "never delivered".                                         *)
EXTENDS Integers, FiniteSets, TLC

CONSTANTS Acceptor, Value, None, MaxBallot

Ballot == 1..MaxBallot
Quorum == {Q \in SUBSET Acceptor : 2 * Cardinality(Q) > Cardinality(Acceptor)}
Symmetry == Permutations(Acceptor) \union Permutations(Value)

VARIABLES
  promised,  \* the highest ballot that the acceptor took part in, 0 before the first
  vote,      \* its last vote, ballot 0 before the first
  prepares, promises, accepts, votes

Init ==
  /\ promised = [a \in Acceptor |-> 0]
  /\ vote = [a \in Acceptor |-> [ballot |-> 0, value |-> None]]
  /\ prepares = {} /\ promises = {} /\ accepts = {} /\ votes = {}

Prepare(b) ==
  /\ b \notin prepares
  /\ prepares' = prepares \union {b}
  /\ UNCHANGED <<promised, vote, promises, accepts, votes>>

Promise(a, b) ==
  /\ b \in prepares
  /\ b > promised[a]
  /\ promised' = [promised EXCEPT ![a] = b]
  /\ promises' = promises \union {[from |-> a, ballot |-> b, vote |-> vote[a]]}
  /\ UNCHANGED <<vote, prepares, accepts, votes>>

(* A quorum promised, and the highest vote that it reports, if any, is for v. *)
ShowsSafe(b, v) ==
  LET heard == {m \in promises : m.ballot = b}
  IN  \E Q \in Quorum :
        LET reports == {m \in heard : m.from \in Q}
        IN  /\ Cardinality(reports) = Cardinality(Q)
            /\ \/ \A m \in reports : m.vote.ballot = 0
               \/ \E m \in reports : m.vote.value = v /\ \A other \in reports : other.vote.ballot <= m.vote.ballot

Accept(b, v) ==
  /\ b \in prepares
  /\ \A m \in accepts : m.ballot # b
  /\ ShowsSafe(b, v)
  /\ accepts' = accepts \union {[ballot |-> b, value |-> v]}
  /\ UNCHANGED <<promised, vote, prepares, promises, votes>>

Vote(a, m) ==
  /\ m.ballot >= promised[a]
  /\ m.ballot > vote[a].ballot
  /\ promised' = [promised EXCEPT ![a] = m.ballot]
  /\ vote' = [vote EXCEPT ![a] = m]
  /\ votes' = votes \union {[from |-> a, vote |-> m]}
  /\ UNCHANGED <<prepares, promises, accepts>>

Next ==
  \/ \E b \in Ballot : Prepare(b) \/ \E v \in Value : Accept(b, v)
  \/ \E a \in Acceptor : \/ \E b \in prepares : Promise(a, b)
                         \/ \E m \in accepts : Vote(a, m)

Spec == Init /\ [][Next]_<<promised, vote, prepares, promises, accepts, votes>>

Chosen == {m \in accepts : \E Q \in Quorum : \A a \in Q : [from |-> a, vote |-> m] \in votes}
Agreement == \A one, other \in Chosen : one.value = other.value
=============================================================================
