------------------------------- MODULE Commit -------------------------------
(* Who may publish what, and what a publisher may believe: slots filled by   *)
(* put-if-absent, answers that get lost, fences, restored states, zombies    *)
(* and expiry. Rows and files are the business of Rows.tla.                  *)
(*                                                                           *)
(* One step is one request to the store or one decision made in memory.      *)
(* Every process may stop for ever between two steps, so a crash needs no    *)
(* step of its own: the attempt is not heard of again, or it is, as a zombie.*)
EXTENDS Naturals, Sequences, FiniteSets, TLC

CONSTANTS
    Users,              \* commit users
    Restarts,           \* attempts beyond the first of each user, in all
    Commits,            \* checkpoints of a timeline, each with a delta
    Others,             \* snapshots by processes without author: compactions
    Expiries,           \* moves of the boundary
    Unknowns            \* requests whose answer is lost, in all

CONSTANTS               \* the protections: TRUE is the protocol
    PublishesBoundary,  \* expiry publishes a boundary before it deletes
    PublisherChecks,    \* a publisher reads the boundary after its put
    ReaderChecks,       \* a reader of the newest snapshot reads it afterwards
    ReadsBack,          \* anything but "created" is settled by reading the slot
    NoClientRetries,    \* the client does not repeat a put behind our back
    ByUuid,             \* "already committed" is told by UUID, not identifier
    Predecessors,       \* a delta goes on top of its predecessor only
    Fences              \* an attempt opens with a FENCE, older epochs are held

VARIABLES
    chain,      \* history: what each snapshot added, in the order of the slots
    slot,       \* what the store holds now: the chain's, nothing, or a ghost
    boundary,   \* newest expired id
    late,       \* puts whose sender has given up, and that may still land
    cleared,    \* published commits whose objects were deleted by their publisher
    run,        \* the attempts
    left        \* budgets

vars == <<chain, slot, boundary, late, cleared, run, left>>

-----------------------------------------------------------------------------
(* A snapshot is written as its log: the entries of all snapshots down to    *)
(* the first. Its commit map is what the log says of each user:              *)
(*   <<"fence", user, attempt, attempt, restored checkpoint>>                *)
(*   <<"delta", user, publishing attempt, making attempt, checkpoint>>       *)
(* An entry and its slot are the commit UUID.                                *)

Of(log, kind, u) == SelectSeq(log, LAMBDA e : e[1] = kind /\ e[2] = u)
Last(s) == s[Len(s)]

\* An expired slot that a stalled publisher fills again holds a ghost.
Chained == [is |-> "chain", log |-> <<>>]
Gone == [is |-> "gone", log |-> <<>>]
Ghost(log) == [is |-> "ghost", log |-> log]

\* The UUID of a delta is who made it at which checkpoint.
DeltaOf(entry) == <<entry[2], entry[4], entry[5]>>
Id(delta) == delta[3]
Deltas(log, u) == LET es == Of(log, "delta", u) IN [i \in DOMAIN es |-> DeltaOf(es[i])]
Epoch(log, u) == Len(Of(log, "fence", u))
FencedAt(log, u) == LET es == Of(log, "fence", u) IN IF es = <<>> THEN 0 ELSE Last(es)[5]

Elements(s) == {s[i] : i \in DOMAIN s}
Newest(deltas) == IF deltas = <<>> THEN <<>> ELSE Last(deltas)
Published == IF PublishesBoundary THEN boundary ELSE 0

-----------------------------------------------------------------------------
(* An attempt restores a completed checkpoint (attempt, id) or nothing: from.*)
(* Every checkpoint has a delta, so its timeline after checkpoint c holds c  *)
(* deltas; the first `done` of them it knows to be committed. `kept` holds   *)
(* `done` as it was at each of its own checkpoints: that is their state.     *)

Attempts == Users \X (1 .. Restarts + 1)

RECURSIVE Timeline(_, _, _)
Timeline(u, n, c) ==
    IF c = 0
    THEN <<>>
    ELSE LET from == run[<<u, n>>].from
         IN  IF c > from[2] THEN Append(Timeline(u, n, c - 1), <<u, n, c>>) ELSE Timeline(u, from[1], from[2])

Pending(a) == LET r == run[a] IN Timeline(a[1], a[2], r.c)[r.done + 1]
Restored(a) == Timeline(a[1], run[a].from[1], run[a].from[2])
IsBorn(a) == run[a].pc # "unborn"

States(u) ==
    {<<0, 0, 0>>} \cup UNION {
        {<<a[2], run[a].from[2] + i, run[a].kept[i]>> : i \in DOMAIN run[a].kept} : a \in {b \in Attempts : b[1] = u}}

Fresh == [pc |-> "unborn", open |-> FALSE, epoch |-> 0, at |-> 0, from |-> <<0, 0>>, c |-> 0, done |-> 0, kept |-> <<>>,
          job |-> "", head |-> 0, ghost |-> <<>>, clean |-> TRUE]

Idle(r) == [r EXCEPT !.pc = "idle", !.job = "", !.head = 0, !.ghost = <<>>, !.clean = TRUE]

\* One that has ended keeps what it has made.
Dead(r) == [Idle(r) EXCEPT !.pc = "dead"]

Init ==
    /\ chain = <<>> /\ slot = <<>> /\ boundary = 0 /\ late = {} /\ cleared = {}
    /\ run = [a \in Attempts |-> Fresh]
    /\ left = [restarts |-> Restarts, others |-> Others, expiries |-> Expiries, unknowns |-> Unknowns]

Spend(what) == left[what] > 0 /\ left' = [left EXCEPT ![what] = @ - 1]

Start(a) ==
    /\ ~IsBorn(a)
    /\ a[2] > 1 => IsBorn(<<a[1], a[2] - 1>>)
    /\ \E s \in States(a[1]) :
        run' = [run EXCEPT ![a] =
            [@ EXCEPT !.pc = "idle", !.open = ~Fences, !.at = IF Fences THEN 0 ELSE Len(chain),
                      !.from = <<s[1], s[2]>>, !.c = s[2], !.done = s[3]]]
    /\ IF a[2] > 1 THEN Spend("restarts") ELSE UNCHANGED left
    /\ UNCHANGED <<chain, slot, boundary, late, cleared>>

\* What the attempt puts on top of what it has seen.
Entry(a) ==
    IF run[a].job = "fence"
    THEN <<"fence", a[1], a[2], a[2], run[a].from[2]>>
    ELSE <<"delta", a[1], a[2], Pending(a)[2], Id(Pending(a))>>

Put(a) == [head |-> run[a].head, ghost |-> run[a].ghost, entry |-> Entry(a)]

\* Somebody else has the slot and will keep it: the attempt has only to hear of it.
IsDoomed(a) ==
    LET i == run[a].head + 1
    IN  /\ run[a].pc \in {"put", "back"}
        /\ i <= Len(chain) /\ i > boundary /\ left.expiries = 0
        /\ chain[i] # Entry(a) /\ Put(a) \notin late

IsFree(a) == run[a].pc = "idle" \/ IsDoomed(a)

Checkpoint(a) ==
    /\ IsFree(a) /\ run[a].open /\ run[a].c < Commits
    /\ run' = [run EXCEPT ![a] =
        [Idle(@) EXCEPT !.c = @ + 1, !.kept = Append(@, IF left.restarts = 0 THEN 0 ELSE run[a].done)]]
    /\ UNCHANGED <<chain, slot, boundary, late, cleared, left>>

-----------------------------------------------------------------------------
(* The newest snapshot: climb from any slot that is known, hinted or listed. *)

Holds(i) == slot[i].is # "gone"
Tops == {i \in DOMAIN slot : Holds(i) /\ (i = Len(slot) \/ ~Holds(i + 1))}

\* FENCE and the commit of restored committables come in either order.
Work(r) == (IF r.open THEN {} ELSE {"fence"}) \cup (IF r.done = r.c THEN {} ELSE {"delta"})

\* At or below the boundary a slot may be a stalled publisher's.
IsBelieved(i) == ~ReaderChecks \/ i > Published \/ Published = 0

Believable == {i \in IF slot = <<>> THEN {0} ELSE Tops : IsBelieved(i)}

GhostAt(i) == IF i = 0 THEN <<>> ELSE slot[i].log
Log(i, ghost) == IF ghost = <<>> THEN SubSeq(chain, 1, i) ELSE ghost

-----------------------------------------------------------------------------
(* Commit identity                                                           *)

Verdict(u, d, log) ==
    LET committed == Deltas(log, u)
        epoch == run[<<u, d[2]>>].epoch
        timeline == Timeline(u, d[2], Id(d) - 1)
        isKnown == IF ByUuid THEN d \in Elements(committed) ELSE committed # <<>> /\ Id(d) <= Id(Last(committed))
    IN  CASE isKnown -> "already"
          [] epoch > Epoch(log, u) -> "refused"
          [] epoch < Epoch(log, u) /\ Id(d) > FencedAt(log, u) -> "fenced"
          [] Predecessors => Newest(timeline) = Newest(committed) -> "go"
          [] OTHER -> "refused"

\* A state that does not know the newest delta of its user is an older savepoint.
FenceVerdict(a, log) ==
    LET newest == Newest(Deltas(log, a[1]))
    IN  IF newest = <<>> \/ newest \in Elements(Restored(a)) THEN "go" ELSE "refused"

Acknowledged(r, log, u) ==
    IF r.job = "fence" THEN [Idle(r) EXCEPT !.open = TRUE, !.epoch = Epoch(log, u) + 1]
    ELSE [Idle(r) EXCEPT !.done = @ + 1]

\* Reading is one step. In the store it is several, slots first and the boundary last; what is believed then was so at
\* the moment of the last slot, because nothing above the boundary is ever deleted. Stalls come before the put.
Decide(a) ==
    /\ IsFree(a)
    /\ \E job \in Work(run[a]), i \in Believable :
        LET ghost == GhostAt(i)
            log == Log(i, ghost)
            r == [Idle(run[a]) EXCEPT !.job = job, !.head = i, !.ghost = ghost]
            verdict == IF job = "fence" THEN FenceVerdict(a, log) ELSE Verdict(a[1], Pending(a), log)
        IN  run' = [run EXCEPT ![a] =
                IF verdict = "already" THEN Acknowledged(r, log, a[1])
                ELSE IF verdict = "go" THEN [r EXCEPT !.pc = "put"]
                ELSE Dead(r)]
    /\ UNCHANGED <<chain, slot, boundary, late, cleared, left>>

-----------------------------------------------------------------------------
(* The put, and what is made of its answer                                   *)

Free(i) == IF i > Len(slot) THEN TRUE ELSE ~Holds(i)

\* A slot beyond the last is the chain's next.
Fill(put) ==
    IF put.head = Len(slot)
    THEN /\ Assert(put.ghost = <<>>, "the chain forks")
         /\ slot' = Append(slot, Chained)
         /\ chain' = Append(chain, put.entry)
    ELSE /\ slot' = [slot EXCEPT ![put.head + 1] =
                Ghost(Append(Log(put.head, put.ghost), put.entry))]
         /\ UNCHANGED chain

Uuid(put) == <<put.head, put.entry>>
IsOurs(a) == LET i == run[a].head + 1
             IN  (IF slot[i].is = "chain" THEN chain[i] ELSE Last(slot[i].log)) = Entry(a)

\* Deleting what was written for a put matters if the put has made it into the chain, or still may.
Clear(put) ==
    cleared' = IF put \in late' \/ (put.head < Len(chain') /\ put.ghost = <<>> /\ chain'[put.head + 1] = put.entry)
               THEN cleared \cup {Uuid(put)} ELSE cleared

\* The publisher is to find out. Without reading back it takes the slot for somebody else's and clears away.
Unsure(a, clean) ==
    IF ReadsBack
    THEN run' = [run EXCEPT ![a].pc = "back", ![a].clean = @ /\ clean] /\ UNCHANGED cleared
    ELSE run' = [run EXCEPT ![a] = Idle(@)] /\ Clear(Put(a))

PutCreated(a) ==
    /\ run[a].pc = "put" /\ Free(run[a].head + 1)
    /\ Fill(Put(a))
    /\ run' = [run EXCEPT ![a].pc = "after"]
    /\ UNCHANGED <<boundary, late, cleared, left>>

PutExisted(a) ==
    /\ run[a].pc = "put" /\ ~Free(run[a].head + 1)
    /\ UNCHANGED <<chain, slot, boundary, late, left>>
    /\ Unsure(a, TRUE)

\* Done, but nobody hears of it; a client that repeats the put by itself then reports "existed" to the winner.
PutUnheard(a) ==
    /\ run[a].pc = "put" /\ Free(run[a].head + 1)
    /\ Spend("unknowns")
    /\ Fill(Put(a))
    /\ UNCHANGED <<boundary, late>>
    /\ Unsure(a, ~NoClientRetries)

\* Given up by its sender, but still on its way.
PutLate(a) ==
    /\ run[a].pc = "put"
    /\ Spend("unknowns")
    /\ late' = late \cup {Put(a)}
    /\ UNCHANGED <<chain, slot, boundary>>
    /\ Unsure(a, FALSE)

Land(put) ==
    /\ Free(put.head + 1)
    /\ Fill(put)
    /\ late' = late \ {put}
    /\ UNCHANGED <<boundary, cleared, run, left>>

\* What was written for a commit goes only if every answer was "existed" and the slot is somebody else's.
ReadBack(a) ==
    /\ run[a].pc = "back"
    /\ UNCHANGED <<chain, slot, boundary, late, left>>
    /\ LET r == run[a]
       IN  IF Free(r.head + 1)
           THEN run' = [run EXCEPT ![a].pc = "put", ![a].clean = FALSE] /\ UNCHANGED cleared
           ELSE IF IsOurs(a)
           THEN run' = [run EXCEPT ![a].pc = "after"] /\ UNCHANGED cleared
           ELSE /\ run' = [run EXCEPT ![a] = Idle(r)]
                /\ IF r.clean THEN Clear(Put(a)) ELSE UNCHANGED cleared

\* At or below the boundary the slot may have been expired and filled again: the newest commit map knows.
After(a) ==
    /\ run[a].pc = "after"
    /\ IF PublisherChecks /\ run[a].head + 1 <= Published
       THEN run' = [run EXCEPT ![a] = Idle(@)]
       ELSE run' = [run EXCEPT ![a] = Acknowledged(@, Log(@.head, @.ghost), a[1])]
    /\ UNCHANGED <<chain, slot, boundary, late, cleared, left>>

-----------------------------------------------------------------------------
(* Everybody else                                                            *)

Compact ==
    /\ Spend("others")
    /\ Fill([head |-> Len(slot), ghost |-> <<>>, entry |-> <<"other">>])
    /\ UNCHANGED <<boundary, late, cleared, run>>

\* All but the newest go.
Expire ==
    /\ Spend("expiries")
    /\ boundary + 1 < Len(chain) /\ boundary' = Len(chain) - 1
    /\ UNCHANGED <<chain, slot, late, cleared, run>>

\* What a stalled publisher has put below the boundary goes too.
Delete ==
    /\ \E i \in 1 .. boundary : Holds(i)
    /\ slot' = SubSeq([i \in DOMAIN slot |-> IF i <= boundary THEN Gone ELSE slot[i]], 1, Len(slot)) \* evaluated at once
    /\ UNCHANGED <<chain, boundary, late, cleared, run, left>>

Next ==
    \/ \E a \in Attempts :
        \/ Start(a) \/ Checkpoint(a) \/ Decide(a)
        \/ PutCreated(a) \/ PutExisted(a) \/ PutUnheard(a) \/ PutLate(a)
        \/ ReadBack(a) \/ After(a)
    \/ \E put \in late : Land(put)
    \/ Compact \/ Expire \/ Delete

Spec == Init /\ [][Next]_vars

Symmetry == Permutations(Users)

-----------------------------------------------------------------------------
(* What is promised                                                          *)

Born == {a \in Attempts : IsBorn(a)}
Acks == UNION {Elements(SubSeq(Timeline(a[1], a[2], run[a].c), 1, run[a].done)) : a \in Born}
Table(u) == Deltas(chain, u)

\* An acknowledged commit is in the table exactly once, and nothing is in it twice.
AcknowledgedOnce ==
    /\ Acks \subseteq UNION {Elements(Table(u)) : u \in Users}
    /\ \A u \in Users : Cardinality(Elements(Table(u))) = Len(Table(u))

\* Every snapshot of the chain has the objects that it names.
Readable == \A i \in DOMAIN chain : <<i - 1, chain[i]>> \notin cleared

\* What a user has committed is one timeline, without a gap.
OneTimeline ==
    \A u \in Users : \A i \in DOMAIN Table(u) :
        Timeline(u, Table(u)[i][2], Id(Table(u)[i])) = SubSeq(Table(u), 1, i)

\* Who believes what it read has read the newest snapshot there was; so nobody's latest ever goes backwards.
LatestIsNewest == Believable \subseteq {Len(chain)}

\* Once an attempt has taken over, an earlier one commits no checkpoint beyond the restored one.
ZombiesStayOut ==
    \A q \in DOMAIN chain : chain[q][1] = "delta" =>
        LET u == chain[q][2]
            maker == chain[q][4]
            log == SubSeq(chain, 1, q)
            opened == {n \in 1 .. Restarts + 1 : IsBorn(<<u, n>>) /\ run[<<u, n>>].at < q}
        IN  IF Fences
            THEN run[<<u, maker>>].epoch < Epoch(log, u) => Id(DeltaOf(chain[q])) <= FencedAt(log, u)
            ELSE \A n \in opened :
                    maker < n /\ (\A m \in opened : m <= n) => Id(DeltaOf(chain[q])) <= run[<<u, n>>].from[2]

\* Not promised: that an older epoch commits nothing but what the newest attempt has restored. A checkpoint of a third
\* timeline passes if its identifier is small enough and its predecessor is the newest delta; then the newest attempt
\* is refused, and the table still holds one timeline.
OnlyTheRestored ==
    \A q \in DOMAIN chain : chain[q][1] = "delta" =>
        LET u == chain[q][2]
            fences == Of(SubSeq(chain, 1, q), "fence", u)
            d == DeltaOf(chain[q])
        IN  fences # <<>> /\ run[<<u, d[2]>>].epoch < Len(fences) => d \in Elements(Restored(<<u, Last(fences)[3]>>))

-----------------------------------------------------------------------------
(* What tells states apart while all protections are on; less to search.     *)
(* The order of different users' snapshots is forgotten: an attempt sees of  *)
(* the chain only what its own user did. A ghost is never read but for whose *)
(* it is. And a publisher whose slot is taken for good is as good as idle:   *)
(* whatever an idle one may do it may do at once (IsFree).                    *)

Mine(log, u) == SelectSeq(log, LAMBDA e : e[1] # "other" /\ e[2] = u)

ViewOf(a) ==
    LET r == run[a]
    IN  IF IsDoomed(a) THEN Idle(r)
        ELSE IF r.pc \in {"put", "back", "after"}
        THEN <<r, Len(Mine(SubSeq(chain, 1, r.head), a[1])), IF Free(r.head + 1) THEN FALSE ELSE IsOurs(a),
               IF r.head < Len(chain) THEN chain[r.head + 1] = Entry(a) ELSE FALSE>>
        ELSE r

View ==
    <<[u \in Users |-> Mine(chain, u)], Len(chain), boundary, late, cleared, left,
      [i \in DOMAIN slot |-> IF slot[i].is = "ghost" THEN Last(slot[i].log) ELSE slot[i].is],
      [a \in Attempts |-> ViewOf(a)]>>
=============================================================================
