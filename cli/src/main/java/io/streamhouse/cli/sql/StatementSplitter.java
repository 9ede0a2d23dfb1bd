package io.streamhouse.cli.sql;

import io.streamhouse.cli.failure.ScriptException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Cuts a script into statements at semicolons, as a reader would: not inside strings, quoted names and comments, and a
 * {@code … STATEMENT SET BEGIN … END} is one statement.
 */
public final class StatementSplitter {
    private static final List<String> BEGIN_SET = List.of("BEGIN", "STATEMENT", "SET");
    private static final int MAX_WORDS = BEGIN_SET.size() + 1;

    private final String script;
    private final List<Statement> statements = new ArrayList<>();
    private int position;
    private int line = 1;
    /** Where the statement being read begins, or -1 before its first word. */
    private int start = -1;

    private int startLine;
    /** Progress through the words STATEMENT, SET, BEGIN: 3 means inside the block. */
    private int blockWords;
    /** CASE … END pairs that are open, so that their END does not close a block. */
    private int openCases;
    /** Words of the statement being read, in capitals; one more than the longest phrase looked for is enough. */
    private final List<String> words = new ArrayList<>(MAX_WORDS);
    /** The {@code BEGIN STATEMENT SET} that no {@code END} has followed yet, or null. */
    private Statement openSet;

    private StatementSplitter(String script) {
        this.script = script;
    }

    /**
     * The statements of the script, in order; the last one needs no semicolon.
     *
     * @throws ScriptException if a string, quoted name, comment or statement set is not closed
     */
    public static List<Statement> split(String script) {
        return new StatementSplitter(script).run();
    }

    private List<Statement> run() {
        while (position < script.length()) {
            char c = script.charAt(position);
            if (startsWith("--")) {
                skipLineComment();
            } else if (startsWith("/*") && !startsWith("/*+")) {
                skipPast("*/", 2, "comment");
            } else if (c == '\'' || c == '`') {
                beginStatement();
                blockWords = inBlock() ? blockWords : 0;
                skipPast(String.valueOf(c), 1, c == '`' ? "quoted name" : "string");
            } else if (Character.isLetter(c) || c == '_') {
                beginStatement();
                readWord();
            } else if (c == ';' && !inBlock()) {
                endStatement();
                position++;
            } else {
                if (!Character.isWhitespace(c)) {
                    beginStatement();
                    blockWords = inBlock() ? blockWords : 0;
                }
                advance();
            }
        }
        if (inBlock()) {
            throw new ScriptException(startLine, "statement set is not closed by END");
        }
        endStatement();
        if (openSet != null) {
            throw new ScriptException(
                    openSet.line(),
                    "statement %d, BEGIN STATEMENT SET, is not closed by END; nothing in it would run"
                            .formatted(openSet.number()));
        }
        return List.copyOf(statements);
    }

    private boolean inBlock() {
        return blockWords == 3;
    }

    private void beginStatement() {
        if (start < 0) {
            start = position;
            startLine = line;
        }
    }

    private void endStatement() {
        if (start >= 0) {
            String text = script.substring(start, position).strip();
            Statement statement = new Statement(statements.size() + 1, startLine, text);
            statements.add(statement);
            if (words.equals(BEGIN_SET)) {
                openSet = statement;
            } else if (words.equals(List.of("END"))) {
                openSet = null;
            }
        }
        start = -1;
        words.clear();
        blockWords = 0;
        openCases = 0;
    }

    private void readWord() {
        int begin = position;
        while (position < script.length()
                && (Character.isLetterOrDigit(script.charAt(position)) || script.charAt(position) == '_')) {
            position++;
        }
        String word = script.substring(begin, position).toUpperCase(Locale.ROOT);
        if (words.size() < MAX_WORDS) {
            words.add(word);
        }
        if (inBlock()) {
            readWordOfBlock(word);
        } else {
            blockWords = switch (word) {
                case "STATEMENT" -> 1;
                case "SET" -> blockWords == 1 ? 2 : 0;
                case "BEGIN" -> blockWords == 2 ? 3 : 0;
                default -> 0;
            };
        }
    }

    private void readWordOfBlock(String word) {
        if (word.equals("CASE")) {
            openCases++;
        } else if (word.equals("END")) {
            if (openCases > 0) {
                openCases--;
            } else {
                blockWords = 0;
            }
        }
    }

    private void skipLineComment() {
        while (position < script.length() && script.charAt(position) != '\n') {
            position++;
        }
    }

    private void skipPast(String close, int openLength, String what) {
        int openLine = line;
        int end = script.indexOf(close, position + openLength);
        if (end < 0) {
            throw new ScriptException(openLine, what + " is not closed");
        }
        int after = end + close.length();
        while (position < after) {
            advance();
        }
    }

    private void advance() {
        if (script.charAt(position) == '\n') {
            line++;
        }
        position++;
    }

    private boolean startsWith(String prefix) {
        return script.startsWith(prefix, position);
    }
}
