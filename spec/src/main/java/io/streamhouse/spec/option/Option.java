package io.streamhouse.spec.option;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.TableName;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One option of the registry. Immutable, thread-safe.
 *
 * @param <T> class of its values
 */
public final class Option<T> {
    private final String key;
    private final OptionType<T> type;
    private final String defaultText;
    /** Parsed once: every writer and every file asks for the options of its table. */
    private final Optional<T> defaultValue;

    private final OptionScope scope;
    private final boolean available;
    private final boolean secret;
    private final String description;

    Option(
            String key,
            OptionType<T> type,
            String defaultText,
            OptionScope scope,
            boolean available,
            boolean secret,
            String description) {
        this.key = key;
        this.type = type;
        this.defaultText = defaultText;
        this.defaultValue = defaultText.isEmpty()
                ? Optional.empty()
                : Optional.of(type.parse().apply(defaultText));
        this.scope = scope;
        this.available = available;
        this.secret = secret;
        this.description = description;
    }

    /** The key; {@code tag.*} stands for every key with that beginning. */
    public String key() {
        return key;
    }

    /** One word for the kind of values. */
    public String typeName() {
        return type.name();
    }

    /** Values that are allowed. */
    public String allowed() {
        return type.allowed();
    }

    /** The default as a user would write it; empty if there is none. */
    public String defaultText() {
        return defaultText;
    }

    public OptionScope scope() {
        return scope;
    }

    /** False for options that are known by name only. */
    public boolean isAvailable() {
        return available;
    }

    /** True if a value may be in no message, no log and no file of ours. */
    public boolean isSecret() {
        return secret;
    }

    /** One line. */
    public String description() {
        return description;
    }

    boolean matches(String name) {
        return key.endsWith(".*") ? name.startsWith(key.substring(0, key.length() - 1)) : key.equals(name);
    }

    /** The given value, otherwise the default, otherwise nothing. */
    Optional<T> read(Map<String, String> options) {
        String text = options.get(key);
        return text == null ? defaultValue : Optional.of(parse(key, text));
    }

    /** Parses a value; {@code name} is the key as given. */
    T parse(String name, String text) {
        if (!available) {
            throw bad("option '%s' is not available yet".formatted(TableName.shown(name)));
        }
        if (type.reserved().contains(text.trim().toLowerCase(Locale.ROOT))) {
            throw bad("'%s' = %s is not available yet; allowed: %s"
                    .formatted(TableName.shown(name), shown(text), allowed()));
        }
        try {
            return type.parse().apply(text);
        } catch (IllegalArgumentException | DateTimeParseException e) {
            // the cause may quote what is not shown
            throw new StreamhouseException(
                    ErrorCode.BAD_OPTION_VALUE,
                    "'%s' = %s; allowed: %s".formatted(TableName.shown(name), shown(text), allowed()),
                    mayBeShown(text) ? e : null);
        }
    }

    // A URI may hold a password before its host.
    private boolean mayBeShown(String text) {
        return !secret && !(text.contains("//") && text.contains("@"));
    }

    private String shown(String text) {
        if (!mayBeShown(text)) {
            return "(secret)";
        }
        return "'" + TableName.shown(text) + "'";
    }

    static StreamhouseException bad(String message) {
        return new StreamhouseException(ErrorCode.BAD_OPTION_VALUE, message);
    }
}
