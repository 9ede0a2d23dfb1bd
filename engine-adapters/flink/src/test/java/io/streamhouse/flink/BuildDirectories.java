package io.streamhouse.flink;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/** Directories of tests below the module's build directory, which the next clean build takes away. */
public final class BuildDirectories implements TempDirFactory {
    private static final Path PARENT = Path.of("target", "test-directories");

    @Override
    public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext test) throws IOException {
        return Files.createTempDirectory(Files.createDirectories(PARENT).toAbsolutePath(), "junit-");
    }
}
