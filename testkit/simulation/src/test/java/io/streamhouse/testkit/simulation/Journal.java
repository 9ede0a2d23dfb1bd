package io.streamhouse.testkit.simulation;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Lines that a process appends to a file of its own, each with one call: who is killed has said a line or has not. What
 * is in the page cache outlives the process.
 */
public final class Journal implements AutoCloseable {
    private final FileChannel out;

    private Journal(FileChannel out) {
        this.out = out;
    }

    public static Journal append(Path file) throws IOException {
        return new Journal(FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
    }

    public void say(String format, Object... arguments) throws IOException {
        out.write(ByteBuffer.wrap((format.formatted(arguments) + '\n').getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public void close() throws IOException {
        out.close();
    }

    /** Reads a journal as it grows. */
    public static final class Reader {
        private final Path file;
        private long offset;

        public Reader(Path file) {
            this.file = file;
        }

        /** The whole lines since the last call, split at spaces. */
        public List<String[]> next() throws IOException {
            List<String[]> lines = new ArrayList<>();
            if (!Files.exists(file)) {
                return lines;
            }
            byte[] bytes;
            try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
                bytes = new byte[(int) (in.length() - offset)];
                in.seek(offset);
                in.readFully(bytes);
            }
            int from = 0;
            for (int i = 0; i < bytes.length; i++) {
                if (bytes[i] == '\n') {
                    lines.add(new String(bytes, from, i - from, StandardCharsets.UTF_8).split(" "));
                    from = i + 1;
                }
            }
            offset += from;
            return lines;
        }
    }
}
