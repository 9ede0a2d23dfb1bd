package io.streamhouse.spec.codec;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.SchemaFile;
import io.streamhouse.spec.type.TableLayout;
import io.streamhouse.spec.type.TableSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * {@code schema/<id>.json}.
 *
 * @see "spec/table.md, section Schemas"
 */
public final class SchemaCodec {
    /** Format version that this build reads and writes. */
    public static final int FORMAT_VERSION = 1;

    private static final Set<String> KNOWN_FLAGS = Set.of();

    private SchemaCodec() {}

    public static byte[] write(SchemaFile file) {
        TableSchema schema = file.schema();
        ObjectNode out = TwoLines.JSON.createObjectNode();
        out.put("format-version", FORMAT_VERSION);
        out.putArray("feature-flags");
        out.put("id", schema.id());
        file.table().ifPresent(uuid -> out.put("table", uuid.toString()));
        out.put("highest-field-id", schema.highestFieldId());
        ArrayNode fields = out.putArray("fields");
        for (Field f : schema.fields()) {
            ObjectNode field = fields.addObject();
            field.put("id", f.id());
            field.put("name", f.name());
            field.put("type", f.type().toString());
            field.put("nullable", f.nullable());
            field.put("comment", f.comment());
        }
        TableLayout layout = schema.layout();
        layout.primaryKey().forEach(out.putArray("primary-key")::add);
        layout.partitionKeys().forEach(out.putArray("partition-keys")::add);
        layout.bucketKey().forEach(out.putArray("bucket-key")::add);
        out.put("buckets", layout.buckets());
        ObjectNode options = out.putObject("options");
        schema.options().forEach(options::put);
        out.put("comment", schema.comment());
        return TwoLines.write(out);
    }

    public static SchemaFile read(byte[] bytes, String object) {
        JsonRecord in = TwoLines.read(bytes, object);
        in.checkVersion(FORMAT_VERSION, KNOWN_FLAGS);
        return new SchemaFile(schema(in, object), in.optionalUuid("table"));
    }

    private static TableSchema schema(JsonRecord in, String object) {
        try {
            return new TableSchema(
                    in.intOf("id"),
                    in.intOf("highest-field-id"),
                    fields(in, object),
                    new TableLayout(
                            in.texts("primary-key"),
                            in.texts("partition-keys"),
                            in.texts("bucket-key"),
                            in.intOf("buckets")),
                    in.textMap("options"),
                    in.text("comment"));
        } catch (IllegalArgumentException e) {
            throw StreamhouseException.corrupt(object, "impossible schema: " + e.getMessage(), e);
        } catch (StreamhouseException e) {
            throw switch (e.code()) {
                case CORRUPT_FILE, UNKNOWN_VERSION -> e;
                // the schema's own checks speak to users who create tables
                default -> StreamhouseException.corrupt(object, "impossible schema: " + e.getMessage(), e);
            };
        }
    }

    private static List<Field> fields(JsonRecord in, String object) {
        List<Field> out = new ArrayList<>();
        for (JsonRecord f : in.children("fields")) {
            out.add(new Field(
                    f.intOf("id"),
                    f.text("name"),
                    type(f.text("type"), object),
                    f.flag("nullable"),
                    f.text("comment")));
        }
        return out;
    }

    private static DataType type(String text, String object) {
        try {
            DataType type = DataType.parse(text);
            if (type.toString().equals(text)) {
                return type;
            }
        } catch (StreamhouseException e) {
            throw StreamhouseException.unknownVersion(object, "type '%s'".formatted(text));
        }
        throw StreamhouseException.unknownVersion(object, "type '%s'".formatted(text));
    }
}
