package io.streamhouse.cli.demo;

import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.annotation.InputGroup;
import org.apache.flink.table.functions.AggregateFunction;

/**
 * {@link RowHash} as a SQL aggregate: {@code row_hash(column, column, …)} over the rows of a query gives the text of a
 * {@link TableDigest}. Public because Flink's generated code calls it.
 */
public final class RowHashFunction extends AggregateFunction<String, RowHashFunction.Sum> {
    /** Name in SQL. */
    static final String NAME = "row_hash";

    private static final long serialVersionUID = 1L;

    private transient RowBytes bytes;

    /** Rows and the two halves of the hash; a plain class with public fields, as Flink wants its accumulators. */
    public static final class Sum {
        public long rows;
        public long high;
        public long low;
    }

    @Override
    public Sum createAccumulator() {
        return new Sum();
    }

    /** Called for every row with its columns in order. */
    public void accumulate(Sum sum, @DataTypeHint(inputGroup = InputGroup.ANY) Object... row) {
        if (bytes == null) {
            bytes = new RowBytes();
        }
        bytes.encode(row);
        RowHash hash = resume(sum);
        hash.add(bytes.array(), bytes.length());
        store(hash, sum);
    }

    /** Joins the sums of parallel tasks. */
    public void merge(Sum sum, Iterable<Sum> others) {
        RowHash hash = resume(sum);
        for (Sum other : others) {
            hash.addAll(other.rows, other.high, other.low);
        }
        store(hash, sum);
    }

    @Override
    public String getValue(Sum sum) {
        return new TableDigest(sum.rows, sum.high, sum.low).text();
    }

    private static RowHash resume(Sum sum) {
        RowHash hash = new RowHash();
        hash.addAll(sum.rows, sum.high, sum.low);
        return hash;
    }

    private static void store(RowHash hash, Sum sum) {
        TableDigest digest = hash.digest();
        sum.rows = digest.rows();
        sum.high = digest.high();
        sum.low = digest.low();
    }
}
