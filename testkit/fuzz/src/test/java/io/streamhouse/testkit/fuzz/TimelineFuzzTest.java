package io.streamhouse.testkit.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.streamhouse.testkit.ParserJudge;
import io.streamhouse.write.CommitTimeline;
import java.util.UUID;

/** Saved states of writers. */
class TimelineFuzzTest {
    @FuzzTest(maxDuration = Sealed.DURATION)
    void bytes(byte[] data) throws Exception {
        ParserJudge.judge(
                "commit timeline state",
                data.length,
                Sealed.FACTOR,
                () -> CommitTimeline.restore(data, UUID::randomUUID));
    }
}
