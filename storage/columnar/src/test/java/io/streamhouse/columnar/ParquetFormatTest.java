package io.streamhouse.columnar;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.table.FileFormat;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ParquetFormatTest extends FormatContract {
    @Override
    FileFormat format() {
        return FileFormat.PARQUET;
    }

    @Test
    void orcIsRefusedByName() {
        assertCode(
                ErrorCode.UNKNOWN_VERSION,
                () -> ColumnFiles.writer(FileFormat.ORC, store, ID, PATH, ModelRows.allTypes(true), Set.of()));
    }
}
