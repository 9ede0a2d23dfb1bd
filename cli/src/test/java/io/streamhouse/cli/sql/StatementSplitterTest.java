package io.streamhouse.cli.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.cli.failure.ScriptException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StatementSplitterTest {
    @Test
    void semicolonsEndStatementsAndTheLastNeedsNone() {
        assertEquals(List.of("SELECT 1", "SELECT 2"), texts("SELECT 1;\n SELECT 2"));
        assertEquals(List.of("SELECT 1"), texts(";;\n; SELECT 1 ;;"));
        assertEquals(List.of(), texts(" \n\t"));
    }

    @Test
    void semicolonsInStringsNamesAndCommentsEndNothing() {
        assertEquals(List.of("SELECT 'a;b', 'it''s; ok'"), texts("SELECT 'a;b', 'it''s; ok';"));
        assertEquals(List.of("SELECT `a;b` FROM t"), texts("SELECT `a;b` FROM t;"));
        assertEquals(List.of("SELECT 1 -- one; two\n, 2"), texts("SELECT 1 -- one; two\n, 2;"));
        assertEquals(List.of("SELECT 1 /* a; 'b */ , 2"), texts("SELECT 1 /* a; 'b */ , 2;"));
        assertEquals(List.of("SELECT '--', '/*'", "SELECT 2"), texts("SELECT '--', '/*'; SELECT 2"));
    }

    @Test
    void commentsBeforeAStatementAreNotPartOfIt() {
        List<Statement> statements = StatementSplitter.split("-- first; 'x\n/* and\n more */\nSELECT 1;\n-- end;");
        assertEquals(List.of(new Statement(1, 4, "SELECT 1")), statements);
    }

    @Test
    void hintsStayInTheStatement() {
        assertEquals(
                List.of("SELECT * FROM t /*+ OPTIONS('a' = 'b;c') */"),
                texts("SELECT * FROM t /*+ OPTIONS('a' = 'b;c') */;"));
    }

    @Test
    void numbersAndLinesCountFromOne() {
        List<Statement> statements = StatementSplitter.split("SELECT\n 'a\nb';\n\n  SELECT 2; SELECT 3");
        assertEquals(
                List.of(
                        new Statement(1, 1, "SELECT\n 'a\nb'"),
                        new Statement(2, 5, "SELECT 2"),
                        new Statement(3, 5, "SELECT 3")),
                statements);
    }

    @Test
    void aStatementSetIsOneStatement() {
        String set = "EXECUTE STATEMENT SET BEGIN\nINSERT INTO a SELECT CASE WHEN x THEN 1 END FROM t;\n"
                + "INSERT INTO b SELECT ';END;' FROM t; -- END\nEND";
        assertEquals(List.of(set, "SELECT 1"), texts(set + ";\nSELECT 1;"));
        assertEquals(
                List.of("explain statement set begin a; end", "b"), texts("explain statement set begin a; end; b;"));
    }

    @Test
    void wordsThatOnlyLookLikeAStatementSetAreNone() {
        assertEquals(
                List.of("SET 'a' = 'b'", "BEGIN STATEMENT SET", "INSERT INTO a SELECT 1", "END"),
                texts("SET 'a' = 'b'; BEGIN STATEMENT SET; INSERT INTO a SELECT 1; END;"));
        assertEquals(
                List.of("SELECT statement, set begin_ FROM t", "x"), texts("SELECT statement, set begin_ FROM t; x"));
    }

    @Test
    void whatIsNotClosedIsNamedWithItsLine() {
        assertRefused("SELECT 1;\nSELECT 'abc", "line 2: string is not closed");
        assertRefused("SELECT `abc", "line 1: quoted name is not closed");
        assertRefused("\n\n/* abc", "line 3: comment is not closed");
        assertRefused("\nEXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT 1;", "line 2: statement set is not closed");
    }

    @Test
    void joiningAndSplittingGivesTheSameStatements() {
        long seed = Long.getLong("streamhouse.seed", 11);
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        String[] pieces = {
            "SELECT", "'a;b'", "`;`", "/* ;' */", "x", "1", "''''", "-- ;\n", "CASE", "END", "(", ")", "=", "EXECUTE"
        };
        for (int round = 0; round < 500; round++) {
            List<String> expected = new ArrayList<>();
            StringBuilder script = new StringBuilder();
            for (int i = random.nextInt(6); i >= 0; i--) {
                StringBuilder statement = new StringBuilder("W");
                for (int j = random.nextInt(8); j > 0; j--) {
                    statement.append(' ').append(pieces[random.nextInt(pieces.length)]);
                }
                expected.add(statement.toString().strip());
                script.append(statement).append(";\n");
            }
            assertEquals(expected, texts(script.toString()), script.toString());
        }
    }

    private static void assertRefused(String script, String message) {
        ScriptException refused = assertThrows(ScriptException.class, () -> StatementSplitter.split(script));
        assertTrue(refused.getMessage().startsWith(message), refused.getMessage());
    }

    private static List<String> texts(String script) {
        return StatementSplitter.split(script).stream().map(Statement::text).toList();
    }

    @Test
    void aStatementSetThatBeginsMustEnd() {
        String begin = "SHOW TABLES;\nbegin /* of */ statement set;\nINSERT INTO t VALUES (1);";
        ScriptException failed = assertThrows(ScriptException.class, () -> StatementSplitter.split(begin));
        assertTrue(failed.getMessage().startsWith("line 2: statement 2, BEGIN STATEMENT SET,"), failed.getMessage());
        assertEquals(4, StatementSplitter.split(begin + "END;").size());
        assertThrows(ScriptException.class, () -> StatementSplitter.split(begin + "END;" + begin));
    }
}
