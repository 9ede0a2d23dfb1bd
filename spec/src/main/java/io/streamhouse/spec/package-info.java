/** What every module speaks of: errors, names, row kinds. The format itself lives in the child packages. */
package io.streamhouse.spec;
