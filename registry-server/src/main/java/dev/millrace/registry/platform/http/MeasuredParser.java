package dev.millrace.registry.platform.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import dev.millrace.registry.platform.error.MillraceException;
import java.io.IOException;

/**
 * Reads JSON from outside: takes memory for every value, since {@code [{},{},…]} becomes thirty times its length, and
 * refuses halves of surrogate pairs, which no database and no answer could hold.
 */
final class MeasuredParser extends JsonParserDelegate {
    /** Heap of a small value and its place in an object or a list. */
    private static final int VALUE_BYTES = 48;

    private final JsonMemory.Share share;

    MeasuredParser(JsonParser parser, JsonMemory.Share share) {
        super(parser);
        this.share = share;
    }

    @Override
    public JsonToken nextToken() throws IOException {
        JsonToken token = super.nextToken();
        share.take(VALUE_BYTES);
        if (token == JsonToken.FIELD_NAME || token == JsonToken.VALUE_STRING) {
            requireWhole(getTextCharacters(), getTextOffset(), getTextLength());
        }
        return token;
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
