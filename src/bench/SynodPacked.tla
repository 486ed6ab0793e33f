------------------------------- MODULE SynodPacked -------------------------------
(* Synod without what follows from the rest: what an acceptor remembers, and what its promises report. *)
EXTENDS Integers, FiniteSets, TLC

CONSTANTS Acceptor, Value, None, MaxBallot

Ballot == 1..MaxBallot
Majority == Cardinality(Acceptor) \div 2 + 1
Symmetry == Permutations(Acceptor) \union Permutations(Value)

VARIABLES prepared, accepted, promisedIn, votedIn

Init ==
  /\ prepared = {} /\ accepted = [b \in Ballot |-> None]
  /\ promisedIn = [a \in Acceptor |-> {}] /\ votedIn = [a \in Acceptor |-> {}]

Prepare(b) ==
  /\ b \notin prepared
  /\ prepared' = prepared \union {b}
  /\ UNCHANGED <<accepted, promisedIn, votedIn>>

Promise(a, b) ==
  /\ \A c \in promisedIn[a] : c < b
  /\ \A c \in votedIn[a] : c < b
  /\ promisedIn' = [promisedIn EXCEPT ![a] = @ \union {b}]
  /\ UNCHANGED <<prepared, accepted, votedIn>>

Vote(a, b) ==
  /\ accepted[b] # None
  /\ \A c \in promisedIn[a] : c <= b
  /\ \A c \in votedIn[a] : c < b
  /\ votedIn' = [votedIn EXCEPT ![a] = @ \union {b}]
  /\ UNCHANGED <<prepared, accepted, promisedIn>>

Below(a, b) == {c \in votedIn[a] : c < b}

ShowsSafe(b, v) ==
  LET heard == {a \in Acceptor : b \in promisedIn[a]}
  IN /\ Cardinality(heard) >= Majority
     /\ \/ Cardinality({a \in heard : Below(a, b) = {}}) >= Majority
        \/ \E c \in 1..b-1 :
             /\ accepted[c] = v
             /\ \E a \in heard : c \in votedIn[a] /\ \A d \in Below(a, b) : d <= c
             /\ Cardinality({a \in heard : \A d \in Below(a, b) : d <= c}) >= Majority

Accept(b, v) ==
  /\ accepted[b] = None
  /\ ShowsSafe(b, v)
  /\ accepted' = [accepted EXCEPT ![b] = v]
  /\ UNCHANGED <<prepared, promisedIn, votedIn>>

Next ==
  \/ \E b \in Ballot : Prepare(b) \/ \E v \in Value : Accept(b, v)
  \/ \E a \in Acceptor : (\E b \in prepared : Promise(a, b)) \/ (\E b \in Ballot : Vote(a, b))

Spec == Init /\ [][Next]_<<prepared, accepted, promisedIn, votedIn>>

ChosenIn == {b \in Ballot : accepted[b] # None /\ Cardinality({a \in Acceptor : b \in votedIn[a]}) >= Majority}
Agreement == \A b, c \in ChosenIn : accepted[b] = accepted[c]
=============================================================================
