package dev.millrace.registry.platform.tls;

import dev.millrace.registry.platform.error.MillraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Jetty's TLS with a certificate from files, taken anew when the files change. */
public final class Tls implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Tls.class);
    private static final Duration SOON = Duration.ofDays(21);

    private final TlsFiles files;
    private final Clock clock;
    private final SslContextFactory.Server context = new SslContextFactory.Server();
    private final Thread watch;
    private volatile Certificate certificate;
    private volatile Consumer<Certificate> changed = fresh -> {};

    private Tls(TlsFiles files, Clock clock, Duration look) {
        this.files = files;
        this.clock = clock;
        this.certificate = Certificate.read(files, clock.instant());
        this.watch = new Thread(() -> watch(look), "millrace-certificate");
        watch.setDaemon(true);
        use(context, certificate);
        context.setIncludeProtocols("TLSv1.2", "TLSv1.3");
        context.setSniRequired(false);
        warnOfExpiry();
    }

    /**
     * @param look how often the files are looked at
     * @throws MillraceException CONFIG
     */
    public static Tls open(TlsFiles files, Clock clock, Duration look) {
        return new Tls(files, clock, look);
    }

    private static void use(SslContextFactory context, Certificate certificate) {
        context.setKeyStore(certificate.keyStore());
        context.setKeyStorePassword("");
        context.setKeyManagerPassword("");
    }

    public SslContextFactory.Server context() {
        return context;
    }

    /** The certificate that is shown now. */
    public Certificate certificate() {
        return certificate;
    }

    /**
     * Begins to look at the files.
     *
     * @param changed gets each new certificate
     */
    public void follow(Consumer<Certificate> changed) {
        this.changed = changed;
        watch.start();
    }

    private void watch(Duration look) {
        List<String> seen = stamps();
        while (true) {
            try {
                TimeUnit.MILLISECONDS.sleep(look.toMillis());
            } catch (InterruptedException closed) {
                return;
            }
            List<String> now = stamps();
            if (!now.equals(seen)) reload();
            seen = now;
        }
    }

    /** Where the files do not fit, as between the writing of one and the other, the old pair stays in use. */
    private void reload() {
        try {
            Certificate fresh = Certificate.read(files, clock.instant());
            context.reload(factory -> use(factory, fresh));
            certificate = fresh;
            changed.accept(fresh);
            LOG.info("TLS: a new certificate is in use, until {}", fresh.expires());
        } catch (MillraceException refused) {
            LOG.warn("{} The certificate from before stays in use.", refused.getMessage());
        } catch (Exception failed) {
            LOG.error("TLS: the new certificate cannot be used; the one from before stays in use", failed);
        }
    }

    private void warnOfExpiry() {
        if (clock.instant().plus(SOON).isAfter(certificate.expires())) {
            LOG.warn("TLS: the certificate expires on {}; renew it before", certificate.expires());
        }
    }

    private List<String> stamps() {
        List<String> stamps = new ArrayList<>();
        for (Path file : files.all()) {
            try {
                stamps.add(Files.getLastModifiedTime(file) + "/" + Files.size(file));
            } catch (IOException absent) {
                stamps.add("absent");
            }
        }
        return stamps;
    }

    @Override
    public void close() {
        watch.interrupt();
    }
}
