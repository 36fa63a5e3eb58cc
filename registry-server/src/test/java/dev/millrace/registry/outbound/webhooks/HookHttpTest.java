package dev.millrace.registry.outbound.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HookHttpTest {
    private static HookReply read(String reply) throws IOException {
        return HookHttp.read(new ByteArrayInputStream(reply.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aBodyEndsAfterItsLength() throws IOException {
        HookReply reply = read("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcdef");

        assertThat(reply).isEqualTo(new HookReply(200, 0, "abc"));
    }

    @Test
    void chunksArePutTogether() throws IOException {
        HookReply reply =
                read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n");

        assertThat(reply.body()).isEqualTo("abcde");
    }

    @Test
    void aReceiverSaysWhenToComeAgain() throws IOException {
        HookReply reply = read("HTTP/1.1 503 Busy\r\nRetry-After: 7\r\n\r\n");

        assertThat(reply.retryAfterSeconds()).isEqualTo(7);
        assertThat(reply.isWorthAnotherTry()).isTrue();
    }

    @Test
    void aBodyIsReadUpToALimit() throws IOException {
        HookReply reply = read("HTTP/1.1 200 OK\r\n\r\n" + "x".repeat(1 << 20));

        assertThat(reply.body()).hasSize(64 << 10);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "SSH-2.0-OpenSSH_9\r\n",
                "HTTP/1.1 999 x\r\n\r\n",
                "HTTP/1.1 200",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
            })
    void whatIsNoHttpIsRefused(String reply) {
        assertThatThrownBy(() -> read(reply)).isInstanceOf(IOException.class);
    }
}
