package io.streamhouse.write;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.TableName;
import io.streamhouse.storage.IdSource;
import java.util.Optional;

/**
 * Who commits: a job, or a plain Java program. Two programs never share a user at the same time; the later one fences
 * the earlier.
 *
 * @param name the name, absent for a new one
 */
public record CommitUser(Optional<String> name) {
    private static final int MAX_LENGTH = 128;

    public CommitUser {
        name.ifPresent(CommitUser::check);
    }

    /** A new user that nobody else has. */
    public static CommitUser fresh() {
        return new CommitUser(Optional.empty());
    }

    /** A named user: 1 to 128 characters without control characters. */
    public static CommitUser named(String name) {
        return new CommitUser(Optional.of(name));
    }

    String resolve(IdSource ids) {
        return name.orElseGet(() -> ids.next().toString());
    }

    private static void check(String name) {
        if (name.isBlank() || name.length() > MAX_LENGTH || name.codePoints().anyMatch(Character::isISOControl)) {
            throw new StreamhouseException(
                    ErrorCode.BAD_OPTION_VALUE,
                    "commit user '%s' must have 1 to %d characters and no control characters"
                            .formatted(TableName.printable(name), MAX_LENGTH));
        }
    }
}
