package io.streamhouse.spec.codec;

import io.streamhouse.spec.table.PositionMap;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * A compaction's position map: inputs with their masks, outputs, then the input of every output row, either one byte
 * each or as runs, whichever is shorter.
 *
 * @see "spec/lake.md, section Position maps"
 */
public final class PositionMapCodec {
    private static final Frame FRAME = new Frame("SHPM", 1, "position map");
    private static final int BYTES = 0;
    private static final int RUNS = 1;

    /** Largest map that is read: runs are short, what they stand for is not. */
    private static final int MAX_ROWS = 1 << 28;

    private PositionMapCodec() {}

    public static byte[] write(PositionMap map) {
        return FRAME.write(out -> writeBody(out, map));
    }

    public static PositionMap read(byte[] bytes, String object) {
        return FRAME.read(bytes, object, PositionMapCodec::readBody);
    }

    private static void writeBody(ByteOutput out, PositionMap map) {
        out.writeVarint(map.inputs().size());
        for (PositionMap.Input in : map.inputs()) {
            out.writeUuid(in.file());
            out.writeVarint(in.addedIn());
            out.writeVarint(in.rowCount());
            Positions.write(out, in.masked());
        }
        out.writeVarint(map.outputs().size());
        for (PositionMap.Output o : map.outputs()) {
            out.writeUuid(o.file());
            out.writeVarint(o.rowCount());
        }
        byte[] rows = map.inputOf();
        ByteOutput runs = new ByteOutput();
        for (int from = 0, to; from < rows.length && runs.size() < rows.length; from = to) {
            to = from + 1;
            while (to < rows.length && rows[to] == rows[from]) {
                to++;
            }
            runs.writeByte(rows[from] & 0xff);
            runs.writeVarint(to - from);
        }
        out.writeVarint(rows.length);
        if (runs.size() < rows.length) {
            out.writeByte(RUNS);
            byte[] shorter = runs.toByteArray();
            out.writeVarint(shorter.length);
            out.writeRaw(shorter, 0, shorter.length);
        } else {
            out.writeByte(BYTES);
            out.writeVarint(rows.length);
            out.writeRaw(rows, 0, rows.length);
        }
    }

    private static PositionMap readBody(ByteInput in) {
        List<PositionMap.Input> inputs = new ArrayList<>();
        for (int i = in.readCount(16 + 3); i > 0; i--) {
            inputs.add(new PositionMap.Input(in.readUuid(), in.readVarint(), in.readInt(), Positions.read(in)));
        }
        List<PositionMap.Output> outputs = new ArrayList<>();
        long expected = 0;
        for (int i = in.readCount(16 + 1); i > 0; i--) {
            UUID file = in.readUuid();
            int rows = in.readInt();
            expected += rows;
            outputs.add(new PositionMap.Output(file, rows));
        }
        int rows = in.readInt();
        long alive = 0;
        for (PositionMap.Input input : inputs) {
            alive += input.rowCount() - input.masked().length;
        }
        if (rows != expected || rows != alive || rows > MAX_ROWS) {
            throw in.corrupt("position map of %d rows, %d stay of its inputs, its outputs hold %d"
                    .formatted(rows, alive, expected));
        }
        int form = in.readByte();
        byte[] content = in.readBytes();
        return new PositionMap(
                inputs,
                outputs,
                switch (form) {
                    case BYTES -> content;
                    case RUNS -> unrolled(content, rows, in);
                    default -> throw in.corrupt("position map of form " + form);
                });
    }

    private static byte[] unrolled(byte[] runs, int rows, ByteInput outer) {
        ByteInput in = new ByteInput(runs, 0, runs.length, outer.object());
        byte[] out = new byte[rows];
        int at = 0;
        while (at < rows) {
            int input = in.readByte();
            int count = in.readInt();
            if (count < 1 || count > rows - at) {
                throw outer.corrupt("run of %d rows at %d of %d".formatted(count, at, rows));
            }
            java.util.Arrays.fill(out, at, at + count, (byte) input);
            at += count;
        }
        in.expectEnd();
        return out;
    }
}
