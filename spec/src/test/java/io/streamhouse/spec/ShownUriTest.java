package io.streamhouse.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What may be a secret is not shown, what helps to find the mistake is. */
class ShownUriTest {
    private static final String CANARY = "cAnArY-7f3a9";

    @Test
    void aSecretIsNotShownWhereverItStands() {
        for (String password :
                List.of(CANARY, CANARY + "/x", "a?" + CANARY, "a#" + CANARY, CANARY + "@y", "{^ " + CANARY)) {
            for (String form : List.of(
                    "s3://user:%s@bucket/x",
                    "s3:///user:%s@bucket/x",
                    "s3:/user:%s@bucket/x",
                    "s3:user:%s@bucket/x",
                    "hdfs://user:%s@host:8020/a b",
                    "user:%s@bucket/x",
                    "/home/s3:user:%s@bucket/x",
                    "s3://%s@bucket/x",
                    "s3://bucket\n/%s@")) {
                String shown = ShownUri.of(form.formatted(password));
                assertFalse(shown.contains(CANARY), shown);
            }
        }
        for (String text : List.of(
                "s3://key:" + CANARY, "s3://key:" + CANARY + "/x", "s3://b/x?k=" + CANARY, "s3://b/x#" + CANARY)) {
            assertFalse(ShownUri.of(text).contains(CANARY), ShownUri.of(text));
        }
    }

    @Test
    void theRestIsShown() {
        Map.of(
                        "s3://user:password@bucket/x y", "s3://…@bucket/x y",
                        "s3://bucket/a//b", "s3://bucket/a//b",
                        "s3://key:secret/b", "s3://…/b",
                        "hdfs://host:8020/x", "hdfs://host:8020/x",
                        "file:///data/ware house", "file:///data/ware house",
                        "s3://b/x?y=z", "s3://b/x?…",
                        "/data/me@home/x", "/data/me@home/x",
                        "ware\nhouse", "ware\\u000ahouse")
                .forEach((text, shown) -> assertEquals(shown, ShownUri.of(text)));
        assertEquals(201, ShownUri.of("s3://b/" + "x".repeat(5_000)).length());
    }
}
