package io.streamhouse.testkit;

import io.streamhouse.storage.ObjectOutput;
import java.io.IOException;

/** Hands every call on, closing included; what an output does otherwise its subclass says. */
public class ForwardingObjectOutput implements ObjectOutput {
    private final ObjectOutput output;

    protected ForwardingObjectOutput(ObjectOutput output) {
        this.output = output;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        output.write(bytes, offset, length);
    }

    @Override
    public long position() {
        return output.position();
    }

    @Override
    public void commit() throws IOException {
        output.commit();
    }

    @Override
    public void close() throws IOException {
        output.close();
    }
}
