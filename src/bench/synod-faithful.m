-- The synod model for rumur, with every variable of Paxos.tla. The constants are put before it: A acceptors, B ballots, V values.
-- Rumur keeps room for "undefined" in each variable: undefined stands for "none" here, and a flag is a type of one value.
type
  Acceptor: scalarset(A);
  Value: scalarset(V);
  Ballot: 0..B-1;
  Count: 0..A;
  Flag: 0..0;

var
  prepares: array[Ballot] of Flag;
  accepts: array[Ballot] of Value;
  acceptors: array[Acceptor] of record
    promised: Ballot; votedIn: Ballot; votedFor: Value;
    promises: array[Ballot] of record sent: Flag; ballot: Ballot; value: Value; end;
    votes: array[Ballot] of Value;
  end;

-- A quorum promised, and it reports either no vote, or its highest for v.
function showsSafe(b: Ballot; v: Value): boolean;
var n: Count;
begin
  n := 0;
  for a: Acceptor do
    if !isundefined(acceptors[a].promises[b].sent) & isundefined(acceptors[a].promises[b].ballot) then n := n + 1; end;
  end;
  if 2 * n > A then return true; end;
  for top: Acceptor do
    if !isundefined(acceptors[top].promises[b].ballot) & acceptors[top].promises[b].value = v then
      n := 0;
      for a: Acceptor do
        if !isundefined(acceptors[a].promises[b].sent) & (isundefined(acceptors[a].promises[b].ballot)
            | acceptors[a].promises[b].ballot <= acceptors[top].promises[b].ballot) then n := n + 1; end;
      end;
      if 2 * n > A then return true; end;
    end;
  end;
  return false;
end;

function votesFor(b: Ballot; v: Value): Count;
var n: Count;
begin
  n := 0;
  for a: Acceptor do if !isundefined(acceptors[a].votes[b]) & acceptors[a].votes[b] = v then n := n + 1; end; end;
  return n;
end;

function agreement(): boolean;
var chosen: Value;
begin
  undefine chosen;
  for b: Ballot do for v: Value do
    if 2 * votesFor(b, v) > A then
      if isundefined(chosen) then chosen := v; elsif chosen != v then return false; end;
    end;
  end; end;
  return true;
end;

startstate begin undefine prepares; undefine accepts; undefine acceptors; end;

ruleset b: Ballot do
  rule "prepare" isundefined(prepares[b]) ==> begin prepares[b] := 0; end;
end;

ruleset a: Acceptor; b: Ballot do
  rule "promise" !isundefined(prepares[b]) & (isundefined(acceptors[a].promised) | acceptors[a].promised < b) ==>
  begin
    acceptors[a].promised := b;
    acceptors[a].promises[b].sent := 0;
    if !isundefined(acceptors[a].votedIn) then
      acceptors[a].promises[b].ballot := acceptors[a].votedIn;
      acceptors[a].promises[b].value := acceptors[a].votedFor;
    end;
  end;

  rule "vote" !isundefined(accepts[b]) & isundefined(acceptors[a].votes[b])
      & (isundefined(acceptors[a].promised) | acceptors[a].promised <= b) ==>
  begin
    acceptors[a].promised := b;
    acceptors[a].votedIn := b;
    acceptors[a].votedFor := accepts[b];
    acceptors[a].votes[b] := accepts[b];
  end;
end;

ruleset b: Ballot; v: Value do
  rule "accept" isundefined(accepts[b]) & showsSafe(b, v) ==> begin accepts[b] := v; end;
end;

invariant "Agreement" agreement();
