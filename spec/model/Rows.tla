-------------------------------- MODULE Rows --------------------------------
(* What is visible: files of rows, masks over positions, deltas resolved at  *)
(* the head, compaction, rollback, and the changelog that is derived from    *)
(* them. How snapshots come to be published is the business of Commit.tla:   *)
(* here every commit is one step on the newest snapshot.                     *)
EXTENDS Naturals, Sequences, FiniteSets, TLC

CONSTANTS
    Keys,               \* so many keys: 1 .. Keys
    Jobs,
    Flushes,            \* deltas, in all
    Mixed,              \* deltas may put and delete keys at once; else either, of any keys
    InFlight,           \* deltas of a job that wait for their commit
    Compactions,        \* in all
    Rollbacks           \* in all

CONSTANTS               \* the protections: TRUE is the protocol
    Translates,         \* compaction masks by position what was masked meanwhile
    Preconditions,      \* compaction wants its inputs live, with their addedIn
    LooksUpOwn,         \* own earlier commits are looked up like anybody else's
    ReducesMasks,       \* a commit masks what is visible at the head, nothing else
    RenewsAddedIn,      \* a rollback renews the addedIn of what it changes
    DeletesLeaveKeys    \* a delete that found nothing keeps its key

VARIABLES
    files,      \* every file ever published: who wrote it, rows [key, value]
    snaps,      \* the snapshots; the first is the empty table
    waiting,    \* deltas by job that wait for their commit, oldest first
    task,       \* the compaction under way: inputs and rows to write
    replica,    \* what a subscriber has made of the changelog: value by key
    phantom,    \* a change named a row that the replica did not hold
    left        \* budgets

vars == <<files, snaps, waiting, task, replica, phantom, left>>

-----------------------------------------------------------------------------
(* A position is <<file, row>>. A snapshot holds its live files with the     *)
(* snapshot since which they stand as they stand (addedIn), their masks, and *)
(* as history the table that the order of commits says: value by key.        *)

AllKeys == 1 .. Keys
None == 0
Nowhere == <<0, 0>>
NoTask == [inputs |-> <<>>, rows |-> <<>>]

Newest == Len(snaps)
Now == snaps[Newest]
NextId == Newest + 1

Key(p) == files[p[1]].rows[p[2]].key
Value(p) == files[p[1]].rows[p[2]].value
IsLive(s, f) == f \in DOMAIN s.live
IsVisible(s, p) == IsLive(s, p[1]) /\ p[2] \notin s.mask[p[1]]
Visible(s) == {p \in UNION {{f} \X DOMAIN files[f].rows : f \in DOMAIN s.live} : IsVisible(s, p)}
Choose(set) == IF set = {} THEN Nowhere ELSE CHOOSE x \in set : TRUE
Find(s, in, k) == Choose({p \in Visible(s) : p[1] \in in /\ Key(p) = k})
Existing(ps) == ps \ {Nowhere}

Init ==
    /\ files = <<>>
    /\ snaps = <<[live |-> <<>>, mask |-> <<>>, model |-> [k \in AllKeys |-> None]]>>
    /\ waiting = [j \in Jobs |-> <<>>]
    /\ task = NoTask
    /\ replica = [k \in AllKeys |-> None]
    /\ phantom = FALSE
    /\ left = [flushes |-> Flushes, compactions |-> Compactions, rollbacks |-> Rollbacks]

Spend(what) == left[what] > 0 /\ left' = [left EXCEPT ![what] = @ - 1]

\* Publishes a snapshot and lets the subscriber apply what went and what came: sets of [key, value].
Publish(s, before, after) ==
    /\ snaps' = Append(snaps, s)
    /\ LET rest == [k \in AllKeys |-> IF \E r \in before : r.key = k THEN None ELSE replica[k]]
       IN  /\ replica' = [k \in AllKeys |-> IF \E r \in after : r.key = k
                                            THEN (CHOOSE r \in after : r.key = k).value ELSE rest[k]]
           /\ phantom' = (\/ phantom
                          \/ \E r \in before : replica[r.key] # r.value
                          \/ \E r \in after : rest[r.key] # None
                          \/ \E r, t \in after : r.key = t.key /\ r # t)

RowsAt(ps) == {[key |-> Key(p), value |-> Value(p)] : p \in ps}

-----------------------------------------------------------------------------
(* Deltas: flushed against any base, resolved when they are committed        *)

Changes ==
    {c \in [AllKeys -> {"", "put", "delete"}] :
        LET kinds == {c[k] : k \in AllKeys} IN kinds # {""} /\ (Mixed \/ ~({"put", "delete"} \subseteq kinds))}

Flush(j) ==
    /\ Len(waiting[j]) < InFlight
    /\ Spend("flushes")
    /\ \E since \in 1 .. Newest, changes \in Changes :
        waiting' = [waiting EXCEPT ![j] = Append(@,
            [since |-> since, changes |-> changes, value |-> Flushes - left.flushes + 1,
             found |-> [k \in AllKeys |-> IF changes[k] = "" THEN Nowhere
                                          ELSE Find(snaps[since], DOMAIN snaps[since].live, k)]])]
    /\ UNCHANGED <<files, snaps, task, replica, phantom>>

\* Files that the writer has not looked into.
Unseen(j, d) == {f \in DOMAIN Now.live : Now.live[f] > d.since /\ (LooksUpOwn \/ files[f].by # j)}

Target(j, d, k) ==
    LET isLookedUp == DeletesLeaveKeys \/ d.changes[k] = "put" \/ d.found[k] # Nowhere
        unseen == IF isLookedUp THEN Find(Now, Unseen(j, d), k) ELSE Nowhere
    IN  IF unseen # Nowhere THEN unseen
        ELSE IF d.found[k] # Nowhere /\ IsVisible(Now, d.found[k]) THEN d.found[k]
        ELSE Nowhere

Commit(j) ==
    /\ waiting[j] # <<>>
    /\ LET d == waiting[j][1]
           changed == {k \in AllKeys : d.changes[k] # ""}
           puts == SelectSeq([k \in AllKeys |-> [key |-> k, value |-> d.value]], LAMBDA r : d.changes[r.key] = "put")
           stale == IF ReducesMasks THEN {} ELSE {d.found[k] : k \in {l \in changed : IsLive(Now, d.found[l][1])}}
           masked == Existing({Target(j, d, k) : k \in changed}) \cup stale
           f == Len(files) + 1
           added == IF puts = <<>> THEN {} ELSE {f}
           live == DOMAIN Now.live
       IN  /\ files' = IF puts = <<>> THEN files ELSE Append(files, [by |-> j, rows |-> puts])
           /\ Publish(
                [live |-> [g \in live \cup added |-> IF g \in live THEN Now.live[g] ELSE NextId],
                 mask |-> [g \in live \cup added |-> IF g \in live
                            THEN Now.mask[g] \cup {p[2] : p \in {q \in masked : q[1] = g}} ELSE {}],
                 model |-> [k \in AllKeys |-> IF k \notin changed THEN Now.model[k]
                                              ELSE IF d.changes[k] = "put" THEN d.value ELSE None]],
                RowsAt(masked), {puts[i] : i \in DOMAIN puts})
    /\ waiting' = [waiting EXCEPT ![j] = Tail(@)]
    /\ UNCHANGED <<task, left>>

-----------------------------------------------------------------------------
(* Compaction: the visible rows of some files, in key order                  *)

StartCompaction ==
    /\ task = NoTask
    /\ Spend("compactions")
    /\ \E inputs \in SUBSET DOMAIN Now.live :
        /\ inputs # {}
        /\ task' = [inputs |-> [f \in inputs |-> Now.live[f]],
                    rows |-> SelectSeq([k \in AllKeys |-> Find(Now, inputs, k)], LAMBDA p : p # Nowhere)]
    /\ UNCHANGED <<files, snaps, waiting, replica, phantom>>

InputsStand == \A f \in DOMAIN task.inputs : IsLive(Now, f) /\ Now.live[f] = task.inputs[f]

EndCompaction ==
    /\ task # NoTask
    /\ task' = NoTask
    /\ IF Preconditions /\ ~InputsStand
       THEN UNCHANGED <<files, snaps, replica, phantom>>
       ELSE LET rows == task.rows
                f == Len(files) + 1
                kept == DOMAIN Now.live \ DOMAIN task.inputs
                added == IF rows = <<>> THEN {} ELSE {f}
                masked == {i \in DOMAIN rows : IsLive(Now, rows[i][1]) /\ ~IsVisible(Now, rows[i])}
            IN  /\ files' = IF rows = <<>> THEN files
                            ELSE Append(files, [by |-> "compaction", rows |->
                                [i \in DOMAIN rows |-> [key |-> Key(rows[i]), value |-> Value(rows[i])]]])
                /\ Publish(
                    [live |-> [g \in kept \cup added |-> IF g \in kept THEN Now.live[g] ELSE NextId],
                     mask |-> [g \in kept \cup added |-> IF g \in kept THEN Now.mask[g]
                                                         ELSE IF Translates THEN masked ELSE {}],
                     model |-> Now.model],
                    {}, {})
    /\ UNCHANGED <<waiting, left>>

-----------------------------------------------------------------------------
(* Rollback: the tree of an older snapshot, published again                  *)

Rollback ==
    /\ Spend("rollbacks")
    /\ \E t \in 1 .. Newest - 1 :
        LET old == snaps[t]
            stands(f) == IsLive(Now, f) /\ Now.live[f] = old.live[f] /\ Now.mask[f] = old.mask[f]
            new == [old EXCEPT !.live = [f \in DOMAIN old.live |->
                        IF stands(f) \/ ~RenewsAddedIn THEN old.live[f] ELSE NextId]]
        IN  Publish(new, RowsAt(Visible(Now) \ Visible(new)), RowsAt(Visible(new) \ Visible(Now)))
    /\ UNCHANGED <<files, waiting, task>>

Next ==
    \/ \E j \in Jobs : Flush(j) \/ Commit(j)
    \/ StartCompaction \/ EndCompaction \/ Rollback

Spec == Init /\ [][Next]_vars

Symmetry == Permutations(Jobs)

-----------------------------------------------------------------------------
(* What is promised                                                          *)

Values(k) == {Value(p) : p \in {q \in Visible(Now) : Key(q) = k}}

OneRowPerKey == \A p, q \in Visible(Now) : Key(p) = Key(q) => p = q

\* The table is what the order of commits says; a compaction changes nothing, a rollback brings back what was.
TableIsCommitOrder == \A k \in AllKeys : Values(k) = IF Now.model[k] = None THEN {} ELSE {Now.model[k]}

\* Whoever applies the changelog has the table, and meets no change of a row that it does not have.
ChangelogFolds == ~phantom /\ replica = Now.model
=============================================================================
