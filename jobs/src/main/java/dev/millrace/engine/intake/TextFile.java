package dev.millrace.engine.intake;

import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** Opens text files, and refuses what is no text before a single garbage record is made of it. */
public final class TextFile {
    private TextFile() {}

    /**
     * @param raw the file's bytes, compressed or not; closed with the result
     * @param gzip whether the name says that it is compressed by gzip
     * @param declared the encoding the user gave; UTF-8 when none
     * @throws IOException when the gzip stream is no such stream
     * @throws MillraceException INPUT_UNREADABLE for other kinds of files, and for UTF-16 without a declaration
     */
    public static Characters open(InputStream raw, boolean gzip, Optional<Charset> declared) throws IOException {
        InputStream in = new BufferedInputStream(gzip ? new GZIPInputStream(raw, 1 << 16) : raw, 1 << 16);
        in.mark(8);
        byte[] head = in.readNBytes(4);
        in.reset();
        refuseOtherKinds(head);
        if (declared.isEmpty() && (begins(head, 0xFF, 0xFE) || begins(head, 0xFE, 0xFF))) {
            throw new MillraceException(
                    ErrorKind.INPUT_UNREADABLE, "it begins with a UTF-16 byte order mark. Set `encoding: UTF-16`");
        }
        return new Characters(in, declared.orElse(StandardCharsets.UTF_8));
    }

    /**
     * A part of a file that does not begin it.
     *
     * @param line physical line of its first character
     */
    static Characters openPart(InputStream part, Optional<Charset> declared, long line) throws IOException {
        return new Characters(part, declared.orElse(StandardCharsets.UTF_8), line);
    }

    private static void refuseOtherKinds(byte[] head) {
        String kind = "";
        if (begins(head, 'P', 'K', 3, 4)) kind = "a zip archive. Unpack it";
        else if (begins(head, 0x1F, 0x8B)) kind = "compressed by gzip. Name it .gz";
        else if (begins(head, 'P', 'A', 'R', '1')) kind = "a Parquet file. Set `format: parquet`";
        else if (begins(head, 'O', 'R', 'C')) kind = "an ORC file. Set `format: orc`";
        if (!kind.isEmpty())
            throw new MillraceException(ErrorKind.INPUT_UNREADABLE, "it is not a text file but " + kind);
    }

    private static boolean begins(byte[] head, int... magic) {
        if (head.length < magic.length) return false;
        for (int i = 0; i < magic.length; i++) if ((head[i] & 0xFF) != magic[i]) return false;
        return true;
    }
}
