package io.streamhouse.storage;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;

/** Runs of a {@link Racing} test. */
final class Repetitions implements TestTemplateInvocationContextProvider {
    /** JUnit's parameter, or the system property, that says how often; once without it. */
    static final String COUNT = "streamhouse.repetitions";

    /** How often a race is run in this JVM. */
    static int count() {
        return Integer.getInteger(COUNT, 1);
    }

    @Override
    public boolean supportsTestTemplate(ExtensionContext context) {
        return true;
    }

    @Override
    public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(ExtensionContext context) {
        int count = context.getConfigurationParameter(COUNT, Integer::parseInt).orElse(1);
        return IntStream.range(0, count).mapToObj(i -> new TestTemplateInvocationContext() {});
    }
}
