package io.streamhouse.compact;

import io.streamhouse.spec.table.BlockRef;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.FileMask;
import io.streamhouse.spec.table.PositionMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.roaringbitmap.RoaringBitmap;

/**
 * A finished rewrite that waits to be published: checked outputs, where rows went, and which masks have been moved so
 * far. Belongs to the compactor that made it; one thread.
 */
public final class CompactionResult {
    private final Compaction compaction;
    private final List<DataFile> outputs;
    private final Optional<BlockRef> mapBlock;
    private final RewriteSums.Totals sums;
    private final Optional<RowMoves> moves;
    private final RoaringBitmap[] handled;
    private final RoaringBitmap[] masks;
    private long translated;

    /** Slots that a publication of these outputs was tried at. */
    private final List<Long> slots = new ArrayList<>();

    CompactionResult(
            Compaction compaction,
            List<DataFile> outputs,
            Optional<PositionMap> map,
            Optional<BlockRef> mapBlock,
            RewriteSums.Totals sums) {
        this.compaction = compaction;
        this.outputs = List.copyOf(outputs);
        this.mapBlock = mapBlock;
        this.sums = sums;
        this.moves = map.map(RowMoves::new);
        this.masks = moves.map(RowMoves::noMasks).orElse(new RoaringBitmap[0]);
        this.handled =
                compaction.inputs().stream().map(Compaction.Input::hidden).toArray(RoaringBitmap[]::new);
    }

    /** What was done. */
    public Compaction compaction() {
        return compaction;
    }

    /** New files in row order; empty if no input had a visible row. */
    public List<DataFile> outputs() {
        return outputs;
    }

    /** Rows written. */
    public long rowCount() {
        return sums.rowCount();
    }

    /** Bytes written. */
    public long sizeBytes() {
        return outputs.stream().mapToLong(f -> f.object().sizeBytes()).sum();
    }

    RewriteSums.Totals sums() {
        return sums;
    }

    Optional<BlockRef> mapBlock() {
        return mapBlock;
    }

    List<Long> slots() {
        return slots;
    }

    boolean isOutput(UUID file) {
        return outputs.stream().anyMatch(f -> f.object().id().equals(file));
    }

    /** Takes in the masks of one input at a newer head. */
    void follow(int input, RoaringBitmap now) {
        if (now == null || now.getLongCardinality() == handled[input].getLongCardinality()) {
            return;
        }
        int[] fresh = RoaringBitmap.andNot(now, handled[input]).toArray();
        moves.orElseThrow().move(input, fresh, masks);
        handled[input] = now.clone();
        translated += fresh.length;
    }

    /** Masks that the outputs are born with. */
    List<FileMask> bornMasks() {
        return moves.map(m -> m.masks(masks)).orElse(List.of());
    }

    /** Positions masked in the inputs since the base. */
    public long translatedPositions() {
        return translated;
    }
}
