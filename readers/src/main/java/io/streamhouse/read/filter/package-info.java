/**
 * Conditions on rows: built by name as a {@link io.streamhouse.read.filter.Predicate}, bound once to the columns of a
 * table, then evaluated over batches and against statistics. SQL's three-valued logic throughout.
 */
@OpenPackage
package io.streamhouse.read.filter;

import io.streamhouse.spec.OpenPackage;
