package io.streamhouse.spec;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Opens a child package to other modules; without it only a module's root package may be imported. */
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.PACKAGE)
public @interface OpenPackage {}
