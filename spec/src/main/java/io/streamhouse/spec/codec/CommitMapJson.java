package io.streamhouse.spec.codec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamhouse.spec.table.CommitMap;
import io.streamhouse.spec.table.UserState;
import java.util.Map;
import java.util.TreeMap;

/** The commit map inside a snapshot's record. */
final class CommitMapJson {
    private CommitMapJson() {}

    static void write(ObjectNode out, CommitMap commits) {
        commits.users().forEach((user, state) -> {
            ObjectNode u = out.putObject(user);
            u.put("epoch", state.epoch());
            u.put("fenced-at", state.fencedAt());
            u.put("last-identifier", state.lastIdentifier());
            var deltas = u.putArray("last-deltas");
            state.lastDeltas().forEach(d -> deltas.add(d.toString()));
            if (state.watermark().isPresent()) {
                u.put("watermark", state.watermark().getAsLong());
            }
            u.put("time-millis", state.timeMillis());
            u.put("closed", state.closed());
        });
    }

    static CommitMap read(JsonRecord snapshot) {
        Map<String, UserState> users = new TreeMap<>();
        snapshot.childMap("commits")
                .forEach((user, u) -> users.put(
                        user,
                        new UserState(
                                u.intOf("epoch"),
                                u.longOf("fenced-at"),
                                u.longOf("last-identifier"),
                                u.uuids("last-deltas"),
                                u.optionalLong("watermark"),
                                u.longOf("time-millis"),
                                u.flag("closed"))));
        return new CommitMap(users);
    }
}
