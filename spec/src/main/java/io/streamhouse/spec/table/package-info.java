/** The table as records: data files, masks, deltas, snapshots and the commit map; the codecs stand beside them. */
@OpenPackage
package io.streamhouse.spec.table;

import io.streamhouse.spec.OpenPackage;
