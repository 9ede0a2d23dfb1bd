/** Column vectors on primitive heap arrays, batches of them, and row views for an engine's edge. */
@OpenPackage
package io.streamhouse.spec.column;

import io.streamhouse.spec.OpenPackage;
