package dev.millrace.registry.platform.http;

import dev.millrace.registry.platform.storage.Caller;
import io.javalin.config.RoutesConfig;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Whether the client of a request has closed its connection while the request is worked on. Over HTTP/1.1 a server that
 * is not reading is not told; the kernel is: such a connection is in the state CLOSE_WAIT (RFC 9293, 3.3.2). Looked up in
 * Linux's tables, only for requests that take longer than a second; elsewhere nobody counts as gone.
 */
public final class Abandoned {
    private static final List<Path> TABLES = List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));
    private static final String CLOSE_WAIT = "08";

    /** From here on reads of the request's thread end when its client goes away. */
    public void register(RoutesConfig routes) {
        routes.before(http -> {
            int ours = http.req().getLocalPort();
            int theirs = http.req().getRemotePort();
            String address = http.req().getRemoteAddr();
            Caller.isRequest(() -> isClosed(ours, address, theirs));
        });
    }

    /** The thread works for no request any more. */
    public static void end() {
        Caller.ended();
    }

    /** Whether a connection to our port has been closed by the other side. */
    static boolean isClosed(int ourPort, String theirAddress, int theirPort) {
        try {
            String remote = remote(theirAddress, theirPort);
            String local = ":" + port(ourPort) + " ";
            for (Path table : TABLES) {
                if (!Files.isReadable(table)) continue;
                try (Stream<String> lines = Files.lines(table)) {
                    if (lines.anyMatch(line -> line.contains(local) && line.contains(remote))) return true;
                }
            }
            return false;
        } catch (IOException | java.io.UncheckedIOException unknown) {
            return false;
        }
    }

    /** Port, address and state as the tables write them: words of the address in the machine's byte order. */
    private static String remote(String address, int port) throws UnknownHostException {
        InetAddress parsed = InetAddress.getByName(address.replaceAll("[\\[\\]]", ""));
        String end = ":" + port(port) + " " + CLOSE_WAIT + " ";
        StringBuilder words = new StringBuilder();
        ByteBuffer bytes = ByteBuffer.wrap(parsed.getAddress()).order(ByteOrder.nativeOrder());
        while (bytes.remaining() >= Integer.BYTES) words.append(String.format(Locale.ROOT, "%08X", bytes.getInt()));
        // An IPv4 client of a socket for both stands in the second table behind zeros and FFFF: its word is the end
        // there, too.
        return parsed instanceof Inet4Address ? words + end : " " + words + end;
    }

    private static String port(int port) {
        return String.format(Locale.ROOT, "%04X", port);
    }
}
