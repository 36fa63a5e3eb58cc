package dev.millrace.registry.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.registry.platform.tls.Pinned;
import dev.millrace.registry.platform.tls.TestCertificates;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpsTest {
    @TempDir
    Path folder;

    private Path home;

    @BeforeEach
    void make() throws Exception {
        home = folder.resolve("home");
        TestCertificates.make(folder, "first", "EC", 100);
    }

    private TestServer start(String... more) {
        List<String> options =
                new ArrayList<>(List.of("--tls-cert", file("first.pem"), "--tls-key", file("first.key")));
        options.addAll(List.of(more));
        return TestServer.start(home, options.toArray(String[]::new));
    }

    private String file(String name) {
        return folder.resolve(name).toString();
    }

    private String certificate() throws IOException {
        JsonNode said =
                TestServer.JSON.readTree(home.resolve("registry/server.json").toFile());
        return said.path("certificate").asText();
    }

    private static HttpResponse<String> get(String url, String fingerprint) throws Exception {
        HttpClient client =
                HttpClient.newBuilder().sslContext(Pinned.context(fingerprint)).build();
        return client.send(
                HttpRequest.newBuilder(URI.create(url + "/api/v1/version")).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void theSamePortSpeaksTls() throws Exception {
        try (TestServer server = start()) {
            assertThat(server.url()).startsWith("https://127.0.0.1:");
            HttpResponse<String> answer = get(server.url(), certificate());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.sslSession().orElseThrow().getProtocol()).isEqualTo("TLSv1.3");
            assertThat(answer.headers().firstValue("Strict-Transport-Security")).isEmpty();
            assertThatThrownBy(() -> get(server.url(), "00")).isInstanceOf(SSLException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1", "TLSv1.1"})
    void oldVersionsOfTlsAreRefused(String version) throws Exception {
        try (TestServer server = start()) {
            SSLContext context = Pinned.context(certificate());
            URI url = URI.create(server.url());
            try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(url.getHost(), url.getPort())) {
                socket.setEnabledProtocols(new String[] {version});
                assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLException.class);
            }
        }
    }

    @Test
    void whoSpeaksHttpGetsNothingAndHarmsNothing() throws Exception {
        try (TestServer server = start()) {
            URI url = URI.create(server.url());
            try (Socket socket = new Socket(url.getHost(), url.getPort())) {
                socket.getOutputStream()
                        .write("GET /health HTTP/1.0\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                assertThat(new String(
                                socket.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.ISO_8859_1))
                        .doesNotContain("200");
            }
            assertThat(get(server.url(), certificate()).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aRenewedCertificateIsTakenWithoutARestart() throws Exception {
        TestCertificates.make(folder, "second", "RSA", 100);
        try (TestServer server = start()) {
            String before = certificate();
            // The key first: for a moment the two do not fit, and the old pair must stay in use.
            Files.move(folder.resolve("second.key"), folder.resolve("first.key"), StandardCopyOption.REPLACE_EXISTING);
            assertThat(get(server.url(), before).statusCode()).isEqualTo(200);
            Files.move(folder.resolve("second.pem"), folder.resolve("first.pem"), StandardCopyOption.REPLACE_EXISTING);

            long until = System.nanoTime() + 40_000_000_000L;
            while (certificate().equals(before) && System.nanoTime() < until) Thread.sleep(200);

            assertThat(certificate()).isNotEqualTo(before);
            assertThat(get(server.url(), certificate()).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void ourCommandsKnowTheServerByItsCertificate() throws Exception {
        try (TestServer server = start("--auth")) {
            assertThat(AccessCommand.run(List.of("user", "ada", "--home", home.toString()), Map.of()))
                    .isEqualTo("ada is allowed nothing");
            assertThat(server.url()).startsWith("https:");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--tls-cert=a.pem",
                "--tls-key=a.key",
                "--tls-cert=a --tls-key=b --tls-keystore=c",
                "--tls-password=x"
            })
    void halfOfThePairAndPasswordsForAllToSeeAreRefused(String options) {
        assertThatThrownBy(() -> ServerOptions.parse(List.of(options.split(" ")), Map.of()))
                .hasMessageContaining("tls-");
    }

    @Test
    void anUnusableCertificateStopsTheStartBeforeAnythingIsMade() throws Exception {
        ServerProcess server = ServerProcess.start(
                "--home",
                home.toString(),
                "--port",
                "0",
                "--tls-cert",
                file("none.pem"),
                "--tls-key",
                file("first.key"));

        assertThat(server.exitCode()).isEqualTo(2);
        assertThat(server.log()).contains("none.pem` is not there").doesNotContain("\tat ");
        assertThat(home).doesNotExist();
    }
}
