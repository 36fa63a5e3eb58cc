package dev.millrace.registry.platform.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.registry.platform.error.MillraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CertificateTest {
    private final Instant now = Instant.now();

    @TempDir
    static Path folder;

    @BeforeAll
    static void make() throws Exception {
        TestCertificates.make(folder, "rsa", "RSA", 100);
        TestCertificates.make(folder, "ec", "EC", 100);
        TestCertificates.make(folder, "ed", "Ed25519", 100);
    }

    private static TlsFiles.Pem pem(String certificate, String key) {
        return new TlsFiles.Pem(folder.resolve(certificate), folder.resolve(key));
    }

    @ParameterizedTest
    @CsvSource({"rsa", "ec", "ed"})
    void pemAndPkcs12HoldTheSame(String name) {
        Certificate ofPem = Certificate.read(pem(name + ".pem", name + ".key"), now);
        Certificate ofStore =
                Certificate.read(new TlsFiles.Pkcs12(folder.resolve(name + ".p12"), TestCertificates.PASSWORD), now);

        assertThat(ofPem.fingerprint()).isEqualTo(ofStore.fingerprint()).hasSize(64);
        assertThat(ofPem.key()).isEqualTo(ofStore.key());
    }

    @Test
    void aCertificateHasItsTime() {
        assertThatThrownBy(() -> Certificate.read(pem("rsa.pem", "rsa.key"), now.plus(Duration.ofDays(91))))
                .hasMessageContaining("rsa.pem` expired on 20");
        assertThatThrownBy(() -> Certificate.read(pem("rsa.pem", "rsa.key"), now.minus(Duration.ofDays(11))))
                .hasMessageContaining("rsa.pem` is valid only from 20");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rsa.pem | ec.key | rsa.pem` does not belong to the private key in `",
                "none.pem | rsa.key | none.pem` is not there.",
                "rsa.pem | none.key | none.key` is not there.",
                "rsa.key | rsa.key | rsa.key` holds no certificate",
                "rsa.pem | rsa.pem | rsa.pem` holds no private key",
                "rsa.pem | old.key | old.key` is in the old form `RSA PRIVATE KEY`. Convert it: `openssl pkcs8",
                "rsa.pem | locked.key | locked.key` is encrypted. Decrypt it",
                "rsa.pem | broken.key | broken.key` holds no key of the kinds RSA, EC or Ed25519, or is damaged",
                "broken.pem | rsa.key | broken.pem` holds a damaged certificate",
            })
    void whatIsWrongIsToldWithItsFile(String certificate, String key, String message) throws IOException {
        write("old.key", "RSA PRIVATE KEY");
        write("locked.key", "ENCRYPTED PRIVATE KEY");
        write("broken.key", "PRIVATE KEY");
        write("broken.pem", "CERTIFICATE");

        assertThatThrownBy(() -> Certificate.read(pem(certificate, key), now))
                .isInstanceOf(MillraceException.class)
                .hasMessageStartingWith("TLS: `")
                .hasMessageContaining(message);
    }

    private static void write(String name, String kind) throws IOException {
        Files.writeString(folder.resolve(name), "-----BEGIN " + kind + "-----\nAAAA\n-----END " + kind + "-----\n");
    }

    @Test
    void aStoreNeedsItsPassword() {
        assertThatThrownBy(() -> Certificate.read(new TlsFiles.Pkcs12(folder.resolve("rsa.p12"), "wrong"), now))
                .hasMessageContaining("`tls-password` is not its password");
    }
}
