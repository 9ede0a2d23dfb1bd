/** Deletion vectors in Puffin files, byte for byte as Iceberg writes them; see "spec/lake.md, section Deletion vectors". */
@OpenPackage
package io.streamhouse.columnar.puffin;

import io.streamhouse.spec.OpenPackage;
