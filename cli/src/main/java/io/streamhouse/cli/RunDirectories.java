package io.streamhouse.cli;

import java.nio.file.Path;

/** Where commands put their run directories unless the user names one. */
final class RunDirectories {
    private RunDirectories() {}

    /** {@code .streamhouse/<command>} beside the script (its property), else under the current directory. */
    static Path of(String command) {
        String home = System.getProperty("streamhouse.home", System.getProperty("user.dir"));
        return Path.of(home, ".streamhouse", command);
    }
}
