package io.streamhouse.testkit.planted.lake;

import io.streamhouse.testkit.planted.spec.inner.InnerWord;

/** Breaks the doors: uses a child package of another module that is not opened. */
class ClimbsIn {
    String text(InnerWord word) {
        return word.text();
    }
}
