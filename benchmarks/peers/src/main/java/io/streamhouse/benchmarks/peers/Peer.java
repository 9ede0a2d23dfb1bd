package io.streamhouse.benchmarks.peers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/**
 * A store of tables under comparison, in one flavour that its constructor is told by a word. The table of a directory has
 * the columns of {@link PeerRow}; everything that is not said by the flavour is as the store has it by default.
 */
public interface Peer {
    /** Creates the empty table of a directory. */
    void create(Path directory) throws Exception;

    /** A writer of the table, known to the store by a name of its own. */
    Writer writer(Path directory, String name) throws Exception;

    /** All rows of the newest state, by {@link PeerRow#text}, in any order. Opens everything anew. */
    List<String> read(Path directory) throws Exception;

    /** Commits one after another. One thread. */
    interface Writer extends AutoCloseable {
        /**
         * Commits rows with new keys and takes away rows that this writer has committed before.
         *
         * @throws Exception if it is refused, or if nobody knows what came of it
         */
        void commit(Collection<PeerRow> inserts, Collection<PeerRow> deletes) throws Exception;

        @Override
        void close() throws IOException;
    }
}
