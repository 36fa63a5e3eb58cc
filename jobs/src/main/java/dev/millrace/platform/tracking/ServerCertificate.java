package dev.millrace.platform.tracking;

import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A server's certificate, or the root it leads to, that no public authority vouches for. */
final class ServerCertificate {
    private ServerCertificate() {}

    /**
     * Trusts what a file holds, and nothing else, as MLflow's Python does with it.
     *
     * @param pem one or more certificates
     * @throws MillraceException CONFIG
     */
    static SSLContext trusting(Path pem) {
        try (InputStream in = Files.newInputStream(pem)) {
            Collection<? extends Certificate> certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            int count = 0;
            for (Certificate certificate : certificates) store.setCertificateEntry("c" + count++, certificate);
            if (count == 0) throw unusable(pem, "contains no certificate", null);
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException unreadable) {
            throw unusable(pem, "cannot be read", unreadable);
        } catch (GeneralSecurityException damaged) {
            throw unusable(pem, "contains no readable certificate", damaged);
        }
    }

    private static MillraceException unusable(Path pem, String why, Exception cause) {
        return new MillraceException(
                ErrorKind.CONFIG,
                "`MLFLOW_TRACKING_SERVER_CERT_PATH`: `" + pem + "` " + why + ". Use a PEM file with the registry's"
                        + " certificate or its root certificate.",
                cause);
    }
}
