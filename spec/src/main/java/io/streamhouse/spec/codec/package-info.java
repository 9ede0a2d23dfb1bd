/**
 * Bytes of the table's records: one codec per record, deterministic, versioned, checked before anything is allocated.
 *
 * <p>Two outer forms. <em>Frames</em> ({@link io.streamhouse.spec.codec.Frame}) hold binary records: magic, version,
 * flags, body, CRC-32C. <em>Two lines</em> ({@link io.streamhouse.spec.codec.TwoLines}) hold JSON records: the record,
 * then its length and CRC-32C. Both are checked whole before the body is looked at. Every error is {@code CORRUPT_FILE} or
 * {@code UNKNOWN_VERSION} and names the object; codecs never throw a raw runtime exception at bytes.
 */
@OpenPackage
package io.streamhouse.spec.codec;

import io.streamhouse.spec.OpenPackage;
