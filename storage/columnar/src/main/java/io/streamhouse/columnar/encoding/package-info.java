/** Parquet's encodings of levels and values on primitive arrays, both ways; they know nothing of files. */
package io.streamhouse.columnar.encoding;
