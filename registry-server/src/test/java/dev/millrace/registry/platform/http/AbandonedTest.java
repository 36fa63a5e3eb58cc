package dev.millrace.registry.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@EnabledOnOs(OS.LINUX)
class AbandonedTest {

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void aConnectionThatItsClientHasClosedIsKnown(String address) throws IOException, InterruptedException {
        InetAddress loopback = InetAddress.getByName(address);
        try (ServerSocket server = new ServerSocket(0, 5, loopback);
                Socket leaving = new Socket(loopback, server.getLocalPort());
                Socket staying = new Socket(loopback, server.getLocalPort())) {
            server.accept();
            server.accept();
            int leavingPort = leaving.getLocalPort();
            int stayingPort = staying.getLocalPort();
            assertThat(Abandoned.isClosed(server.getLocalPort(), address, leavingPort))
                    .isFalse();

            leaving.shutdownOutput(); // FIN, as a close sends it

            for (int i = 0; i < 100 && !Abandoned.isClosed(server.getLocalPort(), address, leavingPort); i++) {
                Thread.sleep(10);
            }
            assertThat(Abandoned.isClosed(server.getLocalPort(), address, leavingPort))
                    .isTrue();
            assertThat(Abandoned.isClosed(server.getLocalPort(), address, stayingPort))
                    .isFalse();
        }
    }
}
