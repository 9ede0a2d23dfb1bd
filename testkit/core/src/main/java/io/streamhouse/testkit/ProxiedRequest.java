package io.streamhouse.testkit;

import java.util.Map;

/**
 * One request of HTTP that came to a {@link FaultProxy}.
 *
 * @param number from 1, in the order of arrival
 * @param method like {@code PUT}
 * @param target path and query as they were sent
 * @param headers by names in lower case
 */
public record ProxiedRequest(long number, String method, String target, Map<String, String> headers) {
    public ProxiedRequest {
        headers = Map.copyOf(headers);
    }

    /** True for a put that must not replace an object. */
    public boolean isConditionalPut() {
        return method.equals("PUT") && "*".equals(headers.get("if-none-match"));
    }
}
