package dev.millrace.registry.resource.drift;

import dev.millrace.registry.platform.error.MillraceException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the next page of rows begins: after a row of a block. Opaque to clients.
 *
 * @param query digest of what was asked for
 * @param row -1 for the block's beginning
 */
record RowToken(int query, long window, long block, int row) {
    private static final Pattern FORM =
            Pattern.compile("(-?[0-9]{1,10}):(-?[0-9]{1,18}):([0-9]{1,18}):(-1|[0-9]{1,9})");

    String encoded() {
        String text = query + ":" + window + ":" + block + ":" + row;
        return Base64.getUrlEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** @throws MillraceException USAGE for one of another search, or none of this server's */
    static RowToken decoded(String token, int query) {
        Matcher parts;
        try {
            parts = FORM.matcher(new String(Base64.getUrlDecoder().decode(token), StandardCharsets.ISO_8859_1));
        } catch (IllegalArgumentException garbled) {
            throw MillraceException.invalid("Invalid page token, could not base64-decode");
        }
        if (!parts.matches()) {
            throw MillraceException.invalid("Invalid page token, parsed value was not one of this server's");
        }
        if (!parts.group(1).equals(String.valueOf(query))) {
            throw MillraceException.invalid(
                    "Invalid page token: it belongs to a search with another filter. Start at the first page.");
        }
        return new RowToken(
                query,
                Long.parseLong(parts.group(2)),
                Long.parseLong(parts.group(3)),
                Integer.parseInt(parts.group(4)));
    }
}
