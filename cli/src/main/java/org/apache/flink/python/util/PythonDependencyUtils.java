package org.apache.flink.python.util;

import org.apache.commons.cli.CommandLine;
import org.apache.flink.configuration.Configuration;

/** Flink's SQL client asks this class for Python settings; answering "none" spares the 42 MB of flink-python. */
public final class PythonDependencyUtils {
    private PythonDependencyUtils() {}

    /** No Python dependencies, whatever the command line says. */
    public static Configuration parsePythonDependencyConfiguration(CommandLine commandLine) {
        return new Configuration();
    }
}
