package dev.millrace.registry.security.audit;

import dev.millrace.registry.platform.error.MillraceException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How far the chain of entries goes: their number, and the digest of the last, which covers all before it.
 *
 * <p>An entry's digest is the SHA-256, in hexadecimal digits, of ten netstrings ({@code LENGTH:BYTES,}, UTF-8, numbers in
 * decimal digits): the digest before it, then its id, at, user_name, action, target, detail, status, request_id and address.
 * Before the first entry the digest is 64 zeros.
 */
public record ChainHead(long entries, String digest) {
    /** Before the first entry. */
    static final ChainHead NONE = new ChainHead(0, "0".repeat(64));

    private static final Pattern FORM = Pattern.compile("([0-9]{1,18}):([0-9a-f]{64})");

    /** @throws MillraceException USAGE when it is not as {@link #toString} writes it */
    public static ChainHead parse(String text) {
        Matcher form = FORM.matcher(text);
        if (form.matches()) return new ChainHead(Long.parseLong(form.group(1)), form.group(2));
        throw MillraceException.invalid("`--head " + text
                + "`: expected NUMBER:DIGEST with 64 hexadecimal digits, as `audit verify` prints it.");
    }

    ChainHead and(AuditEntry entry) {
        MessageDigest sha = sha256();
        Stream.of(
                        digest,
                        String.valueOf(entry.id()),
                        String.valueOf(entry.at()),
                        entry.user(),
                        entry.action(),
                        entry.target(),
                        entry.detail(),
                        String.valueOf(entry.status()),
                        entry.requestId(),
                        entry.address())
                .forEach(column -> netstring(sha, column));
        return new ChainHead(entries + 1, HexFormat.of().formatHex(sha.digest()));
    }

    private static void netstring(MessageDigest sha, String column) {
        byte[] bytes = column.getBytes(StandardCharsets.UTF_8);
        sha.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
        sha.update(bytes);
        sha.update((byte) ',');
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** {@code 12:DIGEST}. */
    @Override
    public String toString() {
        return entries + ":" + digest;
    }
}
