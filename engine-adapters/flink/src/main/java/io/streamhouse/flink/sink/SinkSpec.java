package io.streamhouse.flink.sink;

import io.streamhouse.flink.table.TableAddress;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * What a sink's tasks need to know; plain values only, because the plan is shipped.
 *
 * @param address the table
 * @param plannedUser commit user made when the statement was planned
 * @param explicitUser {@code commit.user}, empty for none
 * @param newUserOnOlderSavepoint {@code commit.on-older-savepoint = new-user}
 * @param bufferBytes heap of one writer for buffered rows
 * @param batch true for a statement that commits once, at its end
 * @param debtLimitBytes what compaction may be behind before the writers slow down
 * @param writeOnly true for a job that neither compacts nor expires anything
 */
public record SinkSpec(
        TableAddress address,
        String plannedUser,
        String explicitUser,
        boolean newUserOnOlderSavepoint,
        long bufferBytes,
        boolean batch,
        long debtLimitBytes,
        boolean writeOnly)
        implements Serializable {
    private static final long serialVersionUID = 1L;

    /**
     * The commit user of a job without state. One plan may be submitted more than once, and each submission is a
     * timeline of its own, so the job's id goes into it; attempts of one job share it.
     */
    String commitUser(String jobId) {
        return explicitUser.isEmpty()
                ? UUID.nameUUIDFromBytes((plannedUser + "/" + jobId).getBytes(StandardCharsets.UTF_8))
                        .toString()
                : explicitUser;
    }
}
