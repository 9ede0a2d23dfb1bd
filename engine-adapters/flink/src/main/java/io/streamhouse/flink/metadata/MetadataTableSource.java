package io.streamhouse.flink.metadata;

import io.streamhouse.flink.table.TableAddress;
import java.util.OptionalLong;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.ProviderContext;
import org.apache.flink.table.connector.source.DataStreamScanProvider;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.connector.source.ScanTableSource;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.DataType;

/** Scan of a metadata table: one task, one pass, insert only. */
public final class MetadataTableSource implements ScanTableSource {
    private final TableAddress address;
    private final MetadataTable kind;
    private final DataType rowType;
    private final long snapshotId;

    /** @param snapshotId the snapshot to be read, {@link MetadataRows#NEWEST} for the newest */
    private MetadataTableSource(TableAddress address, MetadataTable kind, DataType rowType, long snapshotId) {
        this.address = address;
        this.kind = kind;
        this.rowType = rowType;
        this.snapshotId = snapshotId;
    }

    /** A scan of the table as it is, or at a snapshot if the kind has them. */
    public static MetadataTableSource of(
            TableAddress address, MetadataTable kind, DataType rowType, OptionalLong snapshotId) {
        return new MetadataTableSource(address, kind, rowType, snapshotId.orElse(MetadataRows.NEWEST));
    }

    @Override
    public ChangelogMode getChangelogMode() {
        return ChangelogMode.insertOnly();
    }

    @Override
    public ScanRuntimeProvider getScanRuntimeProvider(ScanContext context) {
        TypeInformation<RowData> type = context.createTypeInformation(rowType);
        return new DataStreamScanProvider() {
            @Override
            public DataStream<RowData> produceDataStream(ProviderContext provider, StreamExecutionEnvironment env) {
                // one number is the one pass; the number itself means nothing
                return env.fromSource(new NumberSequenceSource(0, 0), WatermarkStrategy.noWatermarks(), "pass")
                        .setParallelism(1)
                        .flatMap(new MetadataRows(address, kind, snapshotId), type)
                        .setParallelism(1)
                        .name(asSummaryString());
            }

            @Override
            public boolean isBounded() {
                return true;
            }
        };
    }

    @Override
    public DynamicTableSource copy() {
        return new MetadataTableSource(address, kind, rowType, snapshotId);
    }

    @Override
    public String asSummaryString() {
        return "Streamhouse " + kind + " of " + address;
    }
}
