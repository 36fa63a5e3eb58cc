package dev.millrace.registry.outbound.webhooks;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * One POST over a socket of our own. The JDK's clients resolve the host again before they connect, follow redirects or
 * take proxies from the environment; here the connection goes to the address that was checked, and the certificate must
 * be that of the host's name. HTTP/1.1 with {@code Connection: close} (RFC 9112).
 */
final class HookHttp {
    private static final int MOST_BODY = 64 << 10;
    private static final int MOST_LINE = 16 << 10;
    private static final int MOST_HEADERS = 200;

    private final int timeoutMillis;

    HookHttp(int timeoutMillis) {
        this.timeoutMillis = timeoutMillis;
    }

    /** @throws IOException when nothing, or no HTTP, came back in time */
    HookReply post(Destination to, Map<String, String> headers, String body) throws IOException {
        try (Socket plain = new Socket(Proxy.NO_PROXY)) {
            plain.setSoTimeout(timeoutMillis);
            plain.connect(new InetSocketAddress(to.address(), to.port()), timeoutMillis);
            if (!to.tls()) return exchange(plain, to, headers, body);
            try (SSLSocket secure = secured(plain, to)) {
                return exchange(secure, to, headers, body);
            }
        }
    }

    private static SSLSocket secured(Socket plain, Destination to) throws IOException {
        SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
        SSLSocket secure = (SSLSocket) factory.createSocket(plain, to.host(), to.port(), true);
        SSLParameters parameters = secure.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secure.setSSLParameters(parameters);
        secure.startHandshake();
        return secure;
    }

    private static HookReply exchange(Socket socket, Destination to, Map<String, String> headers, String body)
            throws IOException {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        StringBuilder head = new StringBuilder("POST ").append(to.target()).append(" HTTP/1.1\r\n");
        head.append("Host: ").append(to.authority()).append("\r\nConnection: close\r\nContent-Length: ");
        head.append(content.length).append("\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        OutputStream out = socket.getOutputStream();
        out.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        out.write(content);
        out.flush();
        return read(new BufferedInputStream(socket.getInputStream()));
    }

    /** A reply from the stream's beginning; its body is read up to a limit. */
    static HookReply read(InputStream in) throws IOException {
        String[] status = line(in).split(" ", 3);
        if (status.length < 2 || !status[0].startsWith("HTTP/1.") || !status[1].matches("[1-5][0-9]{2}")) {
            throw new IOException("The receiver did not answer in HTTP");
        }
        long length = MOST_BODY;
        long retryAfter = 0;
        boolean chunked = false;
        for (int i = 0; ; i++) {
            String header = line(in);
            if (header.isEmpty()) break;
            if (i == MOST_HEADERS) throw new IOException("The receiver answers with too many headers");
            String name = header.replaceFirst(":.*", "").strip().toLowerCase(Locale.ROOT);
            String value = header.substring(header.indexOf(':') + 1).strip();
            if (name.equals("content-length") && value.matches("[0-9]{1,9}")) length = Long.parseLong(value);
            if (name.equals("retry-after") && value.matches("[0-9]{1,5}")) retryAfter = Long.parseLong(value);
            if (name.equals("transfer-encoding")) chunked = value.equalsIgnoreCase("chunked");
        }
        byte[] body = chunked ? chunks(in) : in.readNBytes((int) Math.min(length, MOST_BODY));
        return new HookReply(Integer.parseInt(status[1]), retryAfter, new String(body, StandardCharsets.UTF_8));
    }

    private static byte[] chunks(InputStream in) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (body.size() < MOST_BODY) {
            String size = line(in).replaceFirst(";.*", "").strip();
            if (!size.matches("[0-9A-Fa-f]{1,7}")) throw new IOException("The receiver's chunks have no size");
            int length = Integer.parseInt(size, 16);
            if (length == 0) break;
            body.write(in.readNBytes(Math.min(length, MOST_BODY - body.size())));
            if (body.size() < MOST_BODY) line(in);
        }
        return body.toByteArray();
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0 || line.size() == MOST_LINE) throw new IOException("The receiver's answer breaks off");
            line.write(c);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }
}
