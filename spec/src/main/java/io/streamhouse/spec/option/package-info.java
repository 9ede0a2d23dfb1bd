/**
 * Options of tables, scans and sinks: the complete registry ({@link io.streamhouse.spec.option.Options}), and the typed
 * records that maps of strings are parsed into once, at the edge.
 */
@OpenPackage
package io.streamhouse.spec.option;

import io.streamhouse.spec.OpenPackage;
