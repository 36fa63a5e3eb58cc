package dev.millrace.registry.security.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A token as the API answers it, without its secret. The database has only the SHA-256 of the secret: 256 random bits
 * need no slow hash, since nobody can try them all.
 *
 * @param hint the first characters of the secret, to tell tokens apart
 * @param expiresAt epoch milliseconds
 * @param scopes what it may at most do; empty: all that its user may
 */
record Token(
        long id,
        String user,
        String name,
        String hint,
        long createdAt,
        Optional<Long> expiresAt,
        Optional<Long> lastUsedAt,
        List<String> scopes) {
    private static final String PREFIX = "mr_";
    private static final int HINT = 8;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** 256 random bits, as {@code mr_} and 64 hexadecimal digits. */
    static String secret() {
        byte[] bits = new byte[32];
        RANDOM.nextBytes(bits);
        return PREFIX + HexFormat.of().formatHex(bits);
    }

    static String hint(String secret) {
        return secret.substring(0, HINT);
    }

    Limits limits() {
        return new Limits(scopes.stream().map(TokenScope::parse).toList(), expiresAt);
    }

    static String digest(String secret) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
