package dev.millrace.registry.platform.tls;

import java.nio.file.Path;
import java.util.List;

/** Where certificate and private key are. */
public sealed interface TlsFiles {
    /** The files to watch. */
    List<Path> all();

    /**
     * PEM, as certbot and other tools write it.
     *
     * @param certificates the server's own first, then those that lead to a root
     * @param key PKCS#8, not encrypted
     */
    record Pem(Path certificates, Path key) implements TlsFiles {
        @Override
        public List<Path> all() {
            return List.of(certificates, key);
        }
    }

    /** One PKCS#12 file with one private key. */
    record Pkcs12(Path file, String password) implements TlsFiles {
        @Override
        public List<Path> all() {
            return List.of(file);
        }

        /** Without the password. */
        @Override
        public String toString() {
            return file.toString();
        }
    }
}
