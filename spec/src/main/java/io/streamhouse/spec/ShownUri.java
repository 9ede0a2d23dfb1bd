package io.streamhouse.spec;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A URI as messages and logs show it: without what may be a user, a password or a key, also if it is no URI at all. */
public final class ShownUri {
    private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*:)(/*)(.*)", Pattern.DOTALL);
    private static final Pattern PORT = Pattern.compile("[0-9]*");
    private static final int MOST = 200;
    private static final String HIDDEN = "…";

    private ShownUri() {}

    /**
     * The text in one line: hidden is everything between the scheme and the last {@code @}, a host's {@code :} with anything
     * but a port behind it, a query, a fragment, and all of a URI without a slash behind its scheme. A text without scheme is a
     * path, which is shown unless it has a {@code :} before an {@code @}.
     */
    public static String of(String text) {
        Matcher parts = SCHEME.matcher(text);
        String shown = parts.matches()
                ? parts.group(1) + (parts.group(2).isEmpty() ? HIDDEN : parts.group(2) + rest(parts.group(3)))
                : path(text);
        return TableName.printable(shown.length() <= MOST ? shown : shown.substring(0, MOST) + HIDDEN);
    }

    private static String path(String text) {
        int at = text.lastIndexOf('@');
        return at > 0 && text.lastIndexOf(':', at) >= 0 ? HIDDEN + text.substring(at) : text;
    }

    private static String rest(String text) {
        int at = text.lastIndexOf('@');
        if (text.substring(0, Math.max(at, 0)).matches("(?s).*[?#].*")) {
            return HIDDEN; // nobody knows where the host ends
        }
        String rest = at >= 0 ? text.substring(at) : text;
        int slash = rest.indexOf('/');
        String host = slash < 0 ? rest : rest.substring(0, slash);
        String path = rest.substring(host.length());
        int colon = host.indexOf(':');
        boolean isPort = colon < 0 || PORT.matcher(host.substring(colon + 1)).matches();
        String out = (at >= 0 ? HIDDEN : "") + (isPort ? host : HIDDEN) + path;
        int end = 0;
        while (end < out.length() && out.charAt(end) != '?' && out.charAt(end) != '#') {
            end++;
        }
        return end == out.length() ? out : out.substring(0, end + 1) + HIDDEN;
    }
}
