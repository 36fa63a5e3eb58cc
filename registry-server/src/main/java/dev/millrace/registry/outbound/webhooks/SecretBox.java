package dev.millrace.registry.outbound.webhooks;

import dev.millrace.registry.platform.error.ErrorKind;
import dev.millrace.registry.platform.error.MillraceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts secrets of webhooks for the database: AES-256 in GCM mode, a fresh nonce for each. The key is a file beside
 * the database that only its owner may read, so a copy of the database alone tells no secret. Thread-safe.
 */
public final class SecretBox {
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final SecretKeySpec key;
    private final SecureRandom random = new SecureRandom();

    private SecretBox(byte[] key) {
        this.key = new SecretKeySpec(key, "AES");
    }

    /**
     * Reads the key, or makes it.
     *
     * @param home {@code HOME/registry}
     */
    public static SecretBox open(Path home) {
        Path file = home.resolve("webhook.key");
        try {
            if (!Files.exists(file)) make(file);
            byte[] key = Files.readAllBytes(file);
            if (key.length == KEY_BYTES) return new SecretBox(key);
            throw new MillraceException(
                    ErrorKind.CONFIG,
                    "`" + file + "` has " + key.length + " bytes and not " + KEY_BYTES
                            + ". Restore it from a backup; without it secrets of webhooks must be set again: delete the"
                            + " file, then update each webhook.");
        } catch (IOException denied) {
            throw new MillraceException(
                    ErrorKind.OUTPUT_UNWRITABLE,
                    "The key of the webhooks, `" + file + "`, cannot be read or made: " + denied.getMessage() + ".",
                    denied);
        }
    }

    private static void make(Path file) throws IOException {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (UnsupportedOperationException notPosix) {
            Files.createFile(file);
        } catch (FileAlreadyExistsException meanwhile) {
            return;
        }
        Files.write(file, key);
    }

    /** @return nonce and ciphertext as Base64 */
    String sealed(String secret) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        byte[] sealed = crypted(Cipher.ENCRYPT_MODE, nonce, secret.getBytes(StandardCharsets.UTF_8));
        return Base64.getEncoder()
                .encodeToString(ByteBuffer.allocate(nonce.length + sealed.length)
                        .put(nonce)
                        .put(sealed)
                        .array());
    }

    /** @throws MillraceException CONFIG when another key sealed it */
    String opened(String sealed) {
        ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(sealed));
        byte[] nonce = new byte[NONCE_BYTES];
        bytes.get(nonce);
        byte[] rest = new byte[bytes.remaining()];
        bytes.get(rest);
        return new String(crypted(Cipher.DECRYPT_MODE, nonce, rest), StandardCharsets.UTF_8);
    }

    private byte[] crypted(int mode, byte[] nonce, byte[] text) {
        try {
            Cipher cipher = Cipher.getInstance(CIPHER);
            cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
            return cipher.doFinal(text);
        } catch (GeneralSecurityException refused) {
            throw new MillraceException(
                    ErrorKind.CONFIG,
                    "The webhook's secret does not fit `webhook.key`: set it again by updating the webhook.",
                    refused);
        }
    }
}
