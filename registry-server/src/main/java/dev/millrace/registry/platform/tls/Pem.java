package dev.millrace.registry.platform.tls;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Textual encodings of certificates and keys (RFC 7468). */
final class Pem {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----", Pattern.DOTALL);
    private static final List<String> KEYS = List.of("RSA", "EC", "EdDSA");

    private Pem() {}

    /** At least one. */
    static List<X509Certificate> certificates(String text, String file) {
        List<X509Certificate> found = new ArrayList<>();
        Matcher blocks = BLOCK.matcher(text);
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            while (blocks.find()) {
                if (!blocks.group(1).equals("CERTIFICATE")) continue;
                byte[] block = blocks.group().getBytes(StandardCharsets.US_ASCII);
                found.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block)));
            }
        } catch (CertificateException broken) {
            throw Certificate.refused(file, "holds a damaged certificate: " + broken.getMessage());
        }
        if (found.isEmpty()) {
            throw Certificate.refused(
                    file, "holds no certificate; it should have a line `-----BEGIN CERTIFICATE-----`");
        }
        return found;
    }

    static PrivateKey key(String text, String file) {
        Matcher blocks = BLOCK.matcher(text);
        while (blocks.find()) {
            String kind = blocks.group(1);
            if (kind.equals("PRIVATE KEY")) return key(decoded(blocks.group(2), file), file);
            if (kind.equals("ENCRYPTED PRIVATE KEY") || blocks.group(2).contains("ENCRYPTED")) {
                throw Certificate.refused(
                        file,
                        "is encrypted. Decrypt it (`openssl pkey -in KEY -out PLAIN`, readable by the server only), or"
                                + " give a PKCS#12 file by `tls-keystore`");
            }
            if (kind.endsWith(" PRIVATE KEY")) {
                throw Certificate.refused(
                        file,
                        "is in the old form `" + kind
                                + "`. Convert it: `openssl pkcs8 -topk8 -nocrypt -in OLD -out NEW`");
            }
        }
        throw Certificate.refused(file, "holds no private key; it should have a line `-----BEGIN PRIVATE KEY-----`");
    }

    private static byte[] decoded(String base64, String file) {
        try {
            return Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException damaged) {
            throw Certificate.refused(file, "is damaged: " + damaged.getMessage());
        }
    }

    private static PrivateKey key(byte[] pkcs8, String file) {
        for (String algorithm : KEYS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            } catch (GeneralSecurityException ofAnotherKind) {
                // The next one may fit; that none does is told below.
            }
        }
        throw Certificate.refused(file, "holds no key of the kinds RSA, EC or Ed25519, or is damaged");
    }
}
