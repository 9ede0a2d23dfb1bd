package io.streamhouse.columnar.puffin;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The JSON of a Puffin footer, field by field in Iceberg's order. Pure. */
final class PuffinFooter {
    private static final String TYPE = "deletion-vector-v1";
    /** Field id of Iceberg's metadata column {@code _pos}. */
    private static final int ROW_POSITION = 2147483645;

    private static final JsonFactory JSON = new JsonFactory();
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private PuffinFooter() {}

    static byte[] write(List<VectorFile.Blob> blobs, String createdBy) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = JSON.createGenerator(bytes)) {
            out.writeStartObject();
            out.writeArrayFieldStart("blobs");
            for (VectorFile.Blob blob : blobs) {
                write(out, blob);
            }
            out.writeEndArray();
            if (!createdBy.isEmpty()) {
                out.writeObjectFieldStart("properties");
                out.writeStringField("created-by", createdBy);
                out.writeEndObject();
            }
            out.writeEndObject();
        }
        return bytes.toByteArray();
    }

    private static void write(JsonGenerator out, VectorFile.Blob blob) throws IOException {
        out.writeStartObject();
        out.writeStringField("type", TYPE);
        out.writeArrayFieldStart("fields");
        out.writeNumber(ROW_POSITION);
        out.writeEndArray();
        // Iceberg: inherited from the commit that publishes the file
        out.writeNumberField("snapshot-id", -1);
        out.writeNumberField("sequence-number", -1);
        out.writeNumberField("offset", blob.offset());
        out.writeNumberField("length", blob.length());
        out.writeObjectFieldStart("properties");
        out.writeStringField("referenced-data-file", blob.dataFile());
        out.writeStringField("cardinality", Integer.toString(blob.cardinality()));
        out.writeEndObject();
        out.writeEndObject();
    }

    /**
     * The vectors that a footer lists; blobs of other types are passed over.
     *
     * @param end where blobs must end
     */
    static List<VectorFile.Blob> read(byte[] json, long end) throws IOException {
        JsonNode list = MAPPER.readTree(json).path("blobs");
        if (!list.isArray()) {
            throw new IOException("the footer lists no blobs");
        }
        List<VectorFile.Blob> blobs = new ArrayList<>();
        for (JsonNode node : list) {
            if (!node.path("type").asText().equals(TYPE)) {
                continue;
            }
            if (node.hasNonNull("compression-codec")) {
                throw new IOException("a deletion vector is compressed with "
                        + node.get("compression-codec").asText());
            }
            long offset = number(node, "offset");
            long length = number(node, "length");
            JsonNode properties = node.path("properties");
            if (length > Integer.MAX_VALUE || offset > end - length) {
                throw new IOException("blob at [%d, +%d) runs beyond %d".formatted(offset, length, end));
            }
            if (!properties.path("referenced-data-file").isTextual()) {
                throw new IOException("a deletion vector names no data file");
            }
            blobs.add(new VectorFile.Blob(
                    properties.get("referenced-data-file").textValue(),
                    offset,
                    (int) length,
                    Integer.parseInt(properties.path("cardinality").asText())));
        }
        return blobs;
    }

    private static long number(JsonNode node, String name) throws IOException {
        JsonNode value = node.path(name);
        if (!value.canConvertToLong() || !value.isIntegralNumber() || value.longValue() < 0) {
            throw new IOException("%s of a blob is %s".formatted(name, value));
        }
        return value.longValue();
    }
}
