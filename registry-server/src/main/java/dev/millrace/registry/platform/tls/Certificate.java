package dev.millrace.registry.platform.tls;

import dev.millrace.registry.platform.error.ErrorKind;
import dev.millrace.registry.platform.error.MillraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;

/**
 * A certificate and its private key, known to belong together and to be valid now.
 *
 * @param chain the server's own first
 */
public record Certificate(List<X509Certificate> chain, PrivateKey key) {
    private static final String ALIAS = "millrace";
    private static final int PROBE = 32;

    /** @throws MillraceException CONFIG: what is wrong with which file, and how to mend it */
    public static Certificate read(TlsFiles files, Instant now) {
        Certificate read = files instanceof TlsFiles.Pem pem ? ofPem(pem) : ofPkcs12((TlsFiles.Pkcs12) files);
        String shown = files.all().get(0).toString();
        Instant from = read.chain.get(0).getNotBefore().toInstant();
        if (now.isAfter(read.expires())) throw refused(shown, "expired on " + read.expires() + ". Renew it");
        if (now.isBefore(from))
            throw refused(shown, "is valid only from " + from + " on. Look at the clock of this machine");
        if (!read.belongTogether()) {
            throw refused(
                    shown,
                    "does not belong to the private key in `"
                            + files.all().get(files.all().size() - 1)
                            + "`. Give both of one renewal, the server's own certificate first");
        }
        return read;
    }

    private static Certificate ofPem(TlsFiles.Pem files) {
        return new Certificate(
                Pem.certificates(
                        text(files.certificates()), files.certificates().toString()),
                Pem.key(text(files.key()), files.key().toString()));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1);
        } catch (IOException unreadable) {
            throw unreadable(file, unreadable);
        }
    }

    private static Certificate ofPkcs12(TlsFiles.Pkcs12 files) {
        String shown = files.file().toString();
        char[] password = files.password().toCharArray();
        try (var in = Files.newInputStream(files.file())) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, password);
            for (String alias : Collections.list(store.aliases())) {
                if (store.getKey(alias, password) instanceof PrivateKey key) {
                    List<X509Certificate> chain = java.util.Arrays.stream(store.getCertificateChain(alias))
                            .map(X509Certificate.class::cast)
                            .toList();
                    return new Certificate(chain, key);
                }
            }
            throw refused(shown, "holds no private key");
        } catch (NoSuchFileException | java.nio.file.AccessDeniedException unreadable) {
            throw unreadable(files.file(), unreadable);
        } catch (IOException | GeneralSecurityException wrong) {
            throw refused(shown, "cannot be opened: it is no PKCS#12 file, or `tls-password` is not its password");
        }
    }

    private static MillraceException unreadable(Path file, IOException unreadable) {
        String why = unreadable instanceof NoSuchFileException ? "is not there" : "cannot be read by this user";
        return refused(file.toString(), why);
    }

    static MillraceException refused(String file, String why) {
        return new MillraceException(ErrorKind.CONFIG, "TLS: `" + file + "` " + why + ".");
    }

    /** What one signs the other verifies. */
    private boolean belongTogether() {
        String algorithm =
                switch (key.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> key.getAlgorithm();
                };
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(new byte[PROBE]);
            byte[] signed = signature.sign();
            signature.initVerify(chain.get(0).getPublicKey());
            signature.update(new byte[PROBE]);
            return signature.verify(signed);
        } catch (GeneralSecurityException differentKinds) {
            return false;
        }
    }

    /** For Jetty; only in memory. */
    KeyStore keyStore() {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(ALIAS, key, new char[0], chain.toArray(X509Certificate[]::new));
            return store;
        } catch (IOException | GeneralSecurityException impossible) {
            throw new IllegalStateException("A key store in memory cannot be made", impossible);
        }
    }

    /** SHA-256 of the server's own certificate, in hex: who knows it needs no authority to recognise the server. */
    public String fingerprint() {
        return fingerprint(chain.get(0));
    }

    /** SHA-256 of a certificate, in hex. */
    public static String fingerprint(X509Certificate certificate) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    Instant expires() {
        return chain.get(0).getNotAfter().toInstant();
    }
}
