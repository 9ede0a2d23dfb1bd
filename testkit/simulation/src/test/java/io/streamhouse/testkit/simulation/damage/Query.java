package io.streamhouse.testkit.simulation.damage;

import java.io.IOException;

/**
 * One question to a table.
 *
 * @param name in words
 * @param ask asks it through a store, everything opened anew; the answer is compared with {@code equals}
 */
record Query(String name, Ask ask) {
    /** How a query is asked. */
    interface Ask {
        Object through(LayeredObjectStore store) throws IOException;
    }
}
