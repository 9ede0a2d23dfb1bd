package io.streamhouse.spec.codec;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.key.KeyDigest;
import io.streamhouse.spec.key.Partition;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/** A JSON object with typed access: a missing field or one of another type is {@code CORRUPT_FILE}. Unknown fields are
 * left alone. */
final class JsonRecord {
    private final JsonNode node;
    private final String object;
    private final String where;

    private JsonRecord(JsonNode node, String object, String where) {
        this.node = node;
        this.object = object;
        this.where = where;
    }

    static JsonRecord of(JsonNode node, String object, String where) {
        if (node == null || !node.isObject()) {
            throw StreamhouseException.corrupt(object, where + " is no JSON object");
        }
        return new JsonRecord(node, object, where);
    }

    /** Refuses another format version. */
    void checkVersion(int version) {
        long found = longOf("format-version");
        if (found != version) {
            throw StreamhouseException.unknownVersion(
                    object, "format version %d, known is %d".formatted(found, version));
        }
    }

    /** Refuses another format version, and every feature flag that is not in {@code known}. */
    void checkVersion(int version, Set<String> known) {
        checkVersion(version);
        for (String flag : texts("feature-flags")) {
            if (!known.contains(flag)) {
                throw StreamhouseException.unknownVersion(object, "feature flag '%s'".formatted(flag));
            }
        }
    }

    private StreamhouseException bad(String name, String expected) {
        return StreamhouseException.corrupt(object, "'%s' of %s is not %s".formatted(name, where, expected));
    }

    boolean has(String name) {
        return node.has(name);
    }

    long longOf(String name) {
        JsonNode n = node.get(name);
        if (n == null || !n.isIntegralNumber() || !n.canConvertToLong()) {
            throw bad(name, "a whole number of 64 bits");
        }
        return n.longValue();
    }

    int intOf(String name) {
        long value = longOf(name);
        if (value != (int) value) {
            throw bad(name, "a whole number of 32 bits");
        }
        return (int) value;
    }

    /** Absent field: empty. */
    OptionalLong optionalLong(String name) {
        return has(name) ? OptionalLong.of(longOf(name)) : OptionalLong.empty();
    }

    boolean flag(String name) {
        JsonNode n = node.get(name);
        if (n == null || !n.isBoolean()) {
            throw bad(name, "true or false");
        }
        return n.booleanValue();
    }

    String text(String name) {
        JsonNode n = node.get(name);
        if (n == null || !n.isTextual()) {
            throw bad(name, "text");
        }
        return n.textValue();
    }

    UUID uuid(String name) {
        return parseUuid(name, text(name));
    }

    Optional<UUID> optionalUuid(String name) {
        return has(name) ? Optional.of(uuid(name)) : Optional.empty();
    }

    private UUID parseUuid(String name, String text) {
        try {
            UUID uuid = UUID.fromString(text);
            if (uuid.toString().equals(text)) {
                return uuid;
            }
        } catch (IllegalArgumentException e) {
            throw bad(name, "a UUID");
        }
        throw bad(name, "a UUID");
    }

    int crc(String name) {
        String text = text(name);
        if (!isHex(text, 8)) {
            throw bad(name, "a CRC of 8 hexadecimal digits");
        }
        return Integer.parseUnsignedInt(text, 16);
    }

    KeyDigest digest(String name) {
        String text = text(name);
        if (!isHex(text, 32)) {
            throw bad(name, "a digest of 32 hexadecimal digits");
        }
        return KeyDigest.parse(text);
    }

    private static boolean isHex(String text, int digits) {
        boolean is = text.length() == digits;
        for (int i = 0; is && i < digits; i++) {
            char c = text.charAt(i);
            is = c >= '0' && c <= '9' || c >= 'a' && c <= 'f';
        }
        return is;
    }

    Partition partition(String name) {
        try {
            return new Partition(HexFormat.of().parseHex(text(name)));
        } catch (IllegalArgumentException e) {
            throw bad(name, "hexadecimal");
        }
    }

    <E extends Enum<E>> E constant(String name, Class<E> type) {
        return EnumCodes.parse(text(name), type, object);
    }

    JsonRecord child(String name) {
        return of(node.get(name), object, "'" + name + "' of " + where);
    }

    Optional<JsonRecord> optionalChild(String name) {
        return has(name) ? Optional.of(child(name)) : Optional.empty();
    }

    private JsonNode array(String name) {
        JsonNode n = node.get(name);
        if (n == null || !n.isArray()) {
            throw bad(name, "a list");
        }
        return n;
    }

    List<JsonRecord> children(String name) {
        List<JsonRecord> out = new ArrayList<>();
        for (JsonNode n : array(name)) {
            out.add(of(n, object, "'" + name + "' number " + out.size() + " of " + where));
        }
        return out;
    }

    List<String> texts(String name) {
        List<String> out = new ArrayList<>();
        for (JsonNode n : array(name)) {
            if (!n.isTextual()) {
                throw bad(name, "a list of text");
            }
            out.add(n.textValue());
        }
        return out;
    }

    List<UUID> uuids(String name) {
        return texts(name).stream().map(t -> parseUuid(name, t)).toList();
    }

    Map<String, String> textMap(String name) {
        JsonNode n = child(name).node;
        Map<String, String> out = new TreeMap<>();
        for (Map.Entry<String, JsonNode> e : n.properties()) {
            if (!e.getValue().isTextual()) {
                throw bad(name, "an object of text");
            }
            out.put(e.getKey(), e.getValue().textValue());
        }
        return out;
    }

    Map<String, JsonRecord> childMap(String name) {
        JsonNode n = child(name).node;
        Map<String, JsonRecord> out = new TreeMap<>();
        for (Map.Entry<String, JsonNode> e : n.properties()) {
            out.put(e.getKey(), of(e.getValue(), object, "'" + e.getKey() + "' of '" + name + "'"));
        }
        return out;
    }
}
