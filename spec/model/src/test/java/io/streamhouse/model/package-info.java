/** Runs TLC on the models beside this module's {@code pom.xml}; see their README. */
package io.streamhouse.model;
