package io.streamhouse.storage;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test in which threads or processes truly race, so that one success proves little: tagged {@code concurrency}, and run
 * as often as the parameter {@link Repetitions#COUNT} says, each time in an instance of its own.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@Tag("concurrency")
@ExtendWith(Repetitions.class)
public @interface Racing {}
