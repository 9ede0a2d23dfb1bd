package io.streamhouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class SimulateCommandTest {
    private static final Pattern REPEAT = Pattern.compile("(?m)^ *\\./streamhouse (simulate .*)$");

    @Test
    void oneSeedPrintsTheSameWhateverTheThreads() {
        Answer one = Answer.of("simulate", "--schedules", "8", "--seed", "5", "--threads", "1");
        assertEquals(ExitCode.OK, one.code(), one.err());
        assertTrue(one.out().contains("mark: ghost read"), one.out());
        assertEquals(
                one.out(),
                Answer.of("simulate", "--schedules", "8", "--seed", "5", "--threads", "2")
                        .out());
        assertNotEquals(
                one.out(),
                Answer.of("simulate", "--schedules", "8", "--seed", "6").out());
    }

    @Test
    void aRuleLeftOutIsNoticedAndTheFailureRepeatsByTheCommandThatIsPrinted() {
        Answer found = Answer.of("simulate", "--schedules", "200", "--seed", "1", "--mutant", "masks-not-reduced");
        assertEquals(ExitCode.OK, found.code(), found.out());
        Matcher command = REPEAT.matcher(found.out());
        assertTrue(command.find(), found.out());
        Answer again = Answer.of(command.group(1).split(" "));
        assertEquals(ExitCode.PROOF_FAILED, again.code(), again.out());
        assertTrue(again.out().contains(command.group(0)), again.out());
    }

    @Test
    void aRuleThatIsNotNoticedFailsTheCommand() {
        Answer missed = Answer.of("simulate", "--schedules", "1", "--seed", "2", "--mutant", "update-over-rollback");
        assertEquals(ExitCode.PROOF_FAILED, missed.code(), missed.out());
        assertTrue(missed.out().contains("not noticed"), missed.out());
    }
}
