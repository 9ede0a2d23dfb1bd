/** Column batches in files: the doors {@link io.streamhouse.columnar.ColumnFiles} hands out, whatever the format. */
package io.streamhouse.columnar;
