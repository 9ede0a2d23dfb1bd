package io.streamhouse.cli.failure;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.TableName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.util.SerializedThrowable;

/**
 * An error as the user sees it: one line, a code and a message.
 *
 * @param code an {@link ErrorCode}, or {@code SQL}, {@code IO}, {@code USAGE}, {@code INTERNAL}
 * @param message what failed, on what object, with which values
 */
public record Failure(String code, String message) {
    /** Engines carry our errors as text where a class cannot travel. */
    private static final Pattern CODE_IN_TEXT = Pattern.compile("\\b([A-Z]+(?:_[A-Z]+)+): (.+)");

    private static final int MAX_CHAIN = 50;

    /** Finds what the user should read in a chain of causes. */
    public static Failure of(Throwable error) {
        if (error instanceof UsageException) {
            return new Failure("USAGE", oneLine(error.getMessage()));
        }
        String place = "";
        for (Throwable t = error; t != null; t = t.getCause()) {
            if (t instanceof ScriptException script) {
                if (script.getCause() == null) {
                    return new Failure("SQL", script.getMessage());
                }
                place = script.getMessage() + ": ";
                break;
            }
        }
        Failure found = ours(error).orElseGet(() -> other(error));
        return new Failure(found.code(), place + found.message());
    }

    /** The line for stderr. */
    public String line() {
        return "error " + code + ": " + message;
    }

    private static Optional<Failure> ours(Throwable error) {
        Throwable t = error;
        for (int depth = 0; t != null && depth < MAX_CHAIN; depth++, t = next(t)) {
            if (t instanceof StreamhouseException own) {
                return Optional.of(new Failure(
                        own.code().name(),
                        oneLine(withoutCode(own.getMessage(), own.code().name()))));
            }
            Optional<Failure> named = named(t.getMessage());
            if (named.isPresent()) {
                return named;
            }
        }
        return Optional.empty();
    }

    private static Throwable next(Throwable t) {
        if (t instanceof SerializedThrowable serialized) {
            Throwable inner = serialized.deserializeError(Failure.class.getClassLoader());
            return inner == t ? t.getCause() : inner;
        }
        return t.getCause() == t ? null : t.getCause();
    }

    private static Optional<Failure> named(String message) {
        if (message == null) {
            return Optional.empty();
        }
        Matcher matcher = CODE_IN_TEXT.matcher(message);
        while (matcher.find()) {
            String code = matcher.group(1);
            for (ErrorCode known : ErrorCode.values()) {
                if (known.name().equals(code)) {
                    return Optional.of(new Failure(code, oneLine(matcher.group(2))));
                }
            }
        }
        return Optional.empty();
    }

    /** Errors of others: the innermost message says most, the outer ones wrap it. */
    private static Failure other(Throwable error) {
        Throwable root = error;
        String code = codeOf(error);
        for (int depth = 0; depth < MAX_CHAIN && next(root) != null; depth++) {
            root = next(root);
            code = code.equals("INTERNAL") ? codeOf(root) : code;
        }
        return new Failure(root instanceof IOException ? "IO" : code, oneLine(text(root)));
    }

    /** File errors of the JDK often name nothing but the file. */
    private static String text(Throwable error) {
        String name = error.getClass().getSimpleName();
        if (error.getMessage() == null) {
            return name;
        }
        return error instanceof FileSystemException ? name + ": " + error.getMessage() : error.getMessage();
    }

    private static String codeOf(Throwable t) {
        if (t instanceof IOException || t instanceof UncheckedIOException) {
            return "IO";
        }
        String name = t.getClass().getName();
        boolean sql = t instanceof ScriptException
                || name.startsWith("org.apache.flink.table.")
                || name.startsWith("org.apache.calcite.");
        return sql ? "SQL" : "INTERNAL";
    }

    private static String withoutCode(String message, String code) {
        return message.startsWith(code + ": ") ? message.substring(code.length() + 2) : message;
    }

    private static String oneLine(String message) {
        return TableName.printable(message.strip().replaceAll("\\s*\\R\\s*", " "));
    }
}
