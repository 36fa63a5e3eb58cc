package dev.millrace.registry.platform.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import dev.millrace.registry.platform.error.MillraceException;
import java.io.IOException;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Reads JSON from outside: takes memory for every value, since {@code [{},{},…]} becomes thirty times its length, and
 * refuses halves of surrogate pairs, which no database and no answer could hold, and numbers that would become 0. Of MLflow's calls it reads {@code
 * runId} as {@code run_id}, here and nowhere else, so that handlers and permissions see one spelling.
 */
final class MeasuredParser extends JsonParserDelegate {
    /** Heap of a small value and its place in an object or a list. */
    private static final int VALUE_BYTES = 48;

    private static final Pattern CAMEL = Pattern.compile("[a-z][a-z0-9]*(?:[A-Z][a-z0-9]*)+");
    private static final Pattern HUMP = Pattern.compile("[A-Z]");

    private final JsonMemory.Share share;
    private final boolean proto;

    /** @param proto whether names of fields in camelCase are read as snake_case */
    MeasuredParser(JsonParser parser, JsonMemory.Share share, boolean proto) {
        super(parser);
        this.share = share;
        this.proto = proto;
    }

    @Override
    public JsonToken nextToken() throws IOException {
        JsonToken token = super.nextToken();
        share.take(VALUE_BYTES);
        if (token == JsonToken.FIELD_NAME || token == JsonToken.VALUE_STRING) {
            requireWhole(getTextCharacters(), getTextOffset(), getTextLength());
        }
        if (token == JsonToken.VALUE_NUMBER_FLOAT) requireNotLost();
        return token;
    }

    /** {@code 1e-400} would become 0. */
    private void requireNotLost() throws IOException {
        if (getDoubleValue() != 0) return;
        for (int i = getTextOffset(); i < getTextOffset() + getTextLength(); i++) {
            char c = getTextCharacters()[i];
            if (c == 'e' || c == 'E') return;
            if (c >= '1' && c <= '9') {
                throw MillraceException.invalid("The request's body has a number that is too small to be kept.");
            }
        }
    }

    @Override
    public String currentName() throws IOException {
        String name = super.currentName();
        if (!proto || name == null || !CAMEL.matcher(name).matches()) return name;
        return HUMP.matcher(name).replaceAll(hump -> "_" + hump.group().toLowerCase(Locale.ROOT));
    }

    private static void requireWhole(char[] text, int offset, int length) {
        boolean open = false; // after the first half of a pair
        for (int i = offset; i < offset + length; i++) {
            if (open != Character.isLowSurrogate(text[i])) throw half();
            open = Character.isHighSurrogate(text[i]);
        }
        if (open) throw half();
    }

    private static MillraceException half() {
        return MillraceException.invalid("The request's body has half a surrogate pair (\\ud800 to \\udfff).");
    }
}
