/** Errors as the user reads them: one line, a code, a message. */
package io.streamhouse.cli.failure;
