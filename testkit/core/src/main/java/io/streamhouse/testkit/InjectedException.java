package io.streamhouse.testkit;

import java.io.IOException;

/** The error of an injected fault; says nothing about whether the store did the call. */
public class InjectedException extends IOException {
    private static final long serialVersionUID = 1L;

    InjectedException(StoreCall call, String path) {
        super("injected: no answer to %s of '%s'".formatted(call, path));
    }

    InjectedException(String message) {
        super(message);
    }
}
