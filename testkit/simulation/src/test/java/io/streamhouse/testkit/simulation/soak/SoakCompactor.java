package io.streamhouse.testkit.simulation.soak;

import io.streamhouse.catalog.Table;
import io.streamhouse.compact.Compaction;
import io.streamhouse.compact.CompactionOutcome;
import io.streamhouse.compact.CompactionResult;
import io.streamhouse.compact.CompactionSettings;
import io.streamhouse.compact.TableCompactor;
import io.streamhouse.testkit.simulation.Journal;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** A stand-alone compactor beside the jobs. Its journal holds a word for each task, {@code idle} now and then. */
final class SoakCompactor {
    private static final Duration LOOK = Duration.ofMillis(250);

    private SoakCompactor() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Part part = Part.of(arguments);
        part.gaugeHeap();
        Table table = SoakTable.open(part.warehouse());
        try (Journal journal = Journal.append(part.file(".journal"));
                TableCompactor compactor = TableCompactor.open(table, CompactionSettings.of(table.schema()))) {
            while (part.goesOn()) {
                Optional<Compaction> task =
                        part.fault() == SoakFault.NO_COMPACTION ? Optional.empty() : compactor.plan();
                if (task.isEmpty()) {
                    journal.say("idle");
                    Part.rest(LOOK);
                    continue;
                }
                CompactionResult result = compactor.rewrite(task.get());
                CompactionOutcome outcome = compactor.publish(result);
                if (outcome instanceof CompactionOutcome.Lost) {
                    compactor.discard(result);
                }
                journal.say("%s", word(outcome));
            }
        }
    }

    static String word(CompactionOutcome outcome) {
        if (outcome instanceof CompactionOutcome.Published p) {
            return "published " + p.translatedPositions();
        }
        return outcome instanceof CompactionOutcome.Lost ? "lost" : "gave-up";
    }
}
