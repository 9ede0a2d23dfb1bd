package io.streamhouse.compact;

/** Binary heap of inputs by their current key, then by ordinal; only by ordinal in a table without key. One thread. */
final class MergeOrder {
    private final InputRows[] inputs;
    private final int[] heap;
    private int size;

    MergeOrder(InputRows[] inputs) {
        this.inputs = inputs;
        this.heap = new int[inputs.length];
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** Ordinal of the input whose row comes next. */
    int first() {
        return heap[0];
    }

    void add(int input) {
        int at = size++;
        while (at > 0 && isBefore(input, heap[(at - 1) >>> 1])) {
            heap[at] = heap[(at - 1) >>> 1];
            at = (at - 1) >>> 1;
        }
        heap[at] = input;
    }

    /** The first input has moved; it leaves if nothing follows. */
    void step(boolean more) {
        int input = more ? heap[0] : heap[--size];
        int at = 0;
        for (int child = 1; child < size; child = 2 * at + 1) {
            if (child + 1 < size && isBefore(heap[child + 1], heap[child])) {
                child++;
            }
            if (!isBefore(heap[child], input)) {
                break;
            }
            heap[at] = heap[child];
            at = child;
        }
        heap[at] = input;
    }

    private boolean isBefore(int one, int other) {
        InputRows a = inputs[one];
        InputRows b = inputs[other];
        int c = a.keys() == null ? 0 : a.keys().compare(a.row(), b.keys(), b.row());
        return c < 0 || c == 0 && one < other;
    }
}
