package io.streamhouse.testkit.simulation.hostile;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** At least 200 names that have done harm somewhere, made of families. */
final class HostileNames {
    private HostileNames() {}

    static List<String> all() {
        Set<String> out = new LinkedHashSet<>();
        // out of the directory
        for (String path :
                List.of("..", ".", "../x", "../../etc/passwd", "a/../../b", "/", "/etc/passwd", "a/b", "./a")) {
            out.add(path);
            out.add(path.replace('/', '\\'));
            out.add(path.replace("/", "%2f"));
            out.add(path.replace("/", "%252F"));
            out.add(path.replace("/", "\u2215"));
            out.add(path.replace('.', '\u2024'));
            out.add(path.replace('.', '\uff0e'));
        }
        out.addAll(List.of(
                "~",
                "~root",
                "$HOME",
                "${jndi:ldap://x/y}",
                "$(id)",
                "`id`",
                "file:///etc/passwd",
                "C:\\x",
                "\\\\h\\s"));
        out.addAll(List.of(
                "a:b", "a::$DATA", "x.db", "snapshot", "schema", "data", "probe", "consumers", ".hidden", "a.", "a "));
        // control characters, alone and inside
        for (int c = 0; c < 0x20; c++) {
            out.add("a" + (char) c + "b");
        }
        for (char c : new char[] {
            0x7f, 0x80, 0x85, 0x9b, 0xad, 0x200b, 0x200d, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202e, 0x2060,
            0x2066, 0x2069, 0xfeff, 0xfff9, 0xffff, 0xd800, 0xdbff, 0xdc00, 0xdfff
        }) {
            out.add("a" + c + "b");
            out.add(String.valueOf(c));
        }
        // devices of other systems
        for (String device : List.of("CON", "PRN", "AUX", "NUL", "COM1", "LPT9", "CONIN$", "nul.txt", "con.json")) {
            out.add(device);
            out.add(device.toLowerCase(java.util.Locale.ROOT) + " ");
        }
        // letters that look or fold alike
        out.addAll(List.of(
                "orders",
                "ORDERS",
                "Orders",
                "\u043erders",
                "ord\u0435rs",
                "\u212a",
                "k",
                "K",
                "\u0131",
                "I",
                "\u0130"));
        out.addAll(List.of(
                "\u00e9",
                "e\u0301",
                "\u212b",
                "\u00c5",
                "A\u030a",
                "\uac00",
                "\u1100\u1161",
                "\ufb01",
                "fi",
                "\u00df",
                "SS"));
        out.addAll(List.of(
                "\u01c4",
                "\u01c5",
                "\u01c6",
                "\u0660",
                "\uff11",
                "\ud835\udc00",
                "\ud83d\ude00",
                "\u0000",
                "\u4e2d\u6587"));
        // quotes and other languages
        for (String quote : List.of(
                "'",
                "\"",
                "`",
                "''",
                "\"\"",
                "``",
                ";",
                "--",
                "/*",
                "*/",
                "%",
                "%s",
                "%n",
                "%00",
                "{0}",
                "{}",
                "<script>",
                "&lt;",
                "?",
                "*",
                "|",
                "#",
                "=",
                ",",
                "@",
                "!",
                "null",
                "NULL",
                "true",
                "-",
                "--help",
                "-rf",
                "0",
                "1e9")) {
            out.add(quote);
            out.add("a" + quote + "b");
        }
        out.addAll(List.of("", " ", "\t", "\u00a0", "\u3000", "x'; DROP TABLE t; --", "` INT); DROP TABLE t; --"));
        // long ones
        for (int length : new int[] {127, 128, 129, 255, 256, 1024, 5000}) {
            out.add("n".repeat(length));
            out.add("\u4e2d".repeat(length));
            out.add("\ud835\udc00".repeat(length / 2));
        }
        return new ArrayList<>(out);
    }
}
