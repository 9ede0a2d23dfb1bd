package io.streamhouse.columnar;

import io.streamhouse.spec.table.FileFormat;

class ParquetFormatTest extends FormatContract {
    @Override
    FileFormat format() {
        return FileFormat.PARQUET;
    }
}
