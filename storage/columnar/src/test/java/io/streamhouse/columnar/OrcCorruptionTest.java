package io.streamhouse.columnar;

import io.streamhouse.spec.table.FileFormat;

/** Without the forged checksums of Parquet's test: behind one, orc-core may loop; nothing reaches it unchecked. */
class OrcCorruptionTest extends CorruptionContract {
    @Override
    FileFormat format() {
        return FileFormat.ORC;
    }
}
