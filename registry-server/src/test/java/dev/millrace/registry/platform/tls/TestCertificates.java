package dev.millrace.registry.platform.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;

/** Certificates made by the JDK's keytool. */
public final class TestCertificates {
    public static final String PASSWORD = "changeit";

    private TestCertificates() {}

    /**
     * {@code name.p12}, {@code name.pem} and {@code name.key} of localhost.
     *
     * @param days from ten days ago on
     */
    public static void make(Path folder, String name, String algorithm, int days) throws Exception {
        Path store = folder.resolve(name + ".p12");
        Files.deleteIfExists(store);
        int exit = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "k",
                        "-keyalg",
                        algorithm,
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost,ip:127.0.0.1",
                        "-startdate",
                        "-10d",
                        "-validity",
                        String.valueOf(days),
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD)
                .inheritIO()
                .start()
                .waitFor();
        if (exit != 0) throw new IllegalStateException("keytool ended with " + exit);
        writePem(store, folder, name);
    }

    private static void writePem(Path store, Path folder, String name) throws IOException, GeneralSecurityException {
        char[] password = PASSWORD.toCharArray();
        KeyStore keys = KeyStore.getInstance(store.toFile(), password);
        Files.writeString(
                folder.resolve(name + ".pem"),
                block("CERTIFICATE", keys.getCertificate("k").getEncoded()));
        Files.writeString(
                folder.resolve(name + ".key"),
                block("PRIVATE KEY", keys.getKey("k", password).getEncoded()));
    }

    private static String block(String kind, byte[] content) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return "-----BEGIN " + kind + "-----\n" + base64 + "\n-----END " + kind + "-----\n";
    }
}
