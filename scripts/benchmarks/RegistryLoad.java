import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The load of `scripts/bench registry`, the same for either server: over one kept connection per client, as little work
 * as can be on this side.
 *
 * log-batch URL CLIENTS SECONDS       each client logs batches of 10 metrics to a run of its own
 * ask URL SECONDS MOST PATH [BODY]    one client asks the same again and again: GET, or POST with a body. Several paths, one
 *                                     a line, take turns; those with a leading slash are not MLflow's
 *
 * Prints: requests answered within the time, its seconds, p50, p99 and greatest in ms. What is not answered a minute after
 * it, or refused, counts as not done.
 */
final class RegistryLoad {
    private static final String API = "/api/2.0/mlflow/";
    private static final int WARM_UP_SECONDS = 3;
    private static final int PATIENCE_MILLIS = 60_000;

    public static void main(String[] given) throws Exception {
        URI url = URI.create(given[1]);
        List<Long> nanos = new ArrayList<>();
        long begun;
        boolean asks = given[0].equals("ask");
        if (asks) {
            String verb = given.length > 5 ? "POST" : "GET";
            String body = given.length > 5 ? given[5] : "";
            String[] paths = given[4].split("\n");
            try (Client client = new Client(url)) {
                long once = System.nanoTime();
                client.send(verb, paths[0], body);
                // What takes many seconds is not warmed up any further.
                for (int i = 0; i < 20 && System.nanoTime() - once < 5_000_000_000L; i++) {
                    client.send(verb, paths[i % paths.length], body);
                }
                begun = System.nanoTime();
                long until = begun + Long.parseLong(given[2]) * 1_000_000_000L;
                while (nanos.size() < Integer.parseInt(given[3]) && (nanos.size() < 3 || System.nanoTime() < until)) {
                    long sent = System.nanoTime();
                    client.send(verb, paths[nanos.size() % paths.length], body);
                    nanos.add(System.nanoTime() - sent);
                }
            }
        } else {
            int clients = Integer.parseInt(given[2]);
            ExecutorService threads = Executors.newFixedThreadPool(clients);
            long counted = System.nanoTime() + WARM_UP_SECONDS * 1_000_000_000L;
            long until = counted + Long.parseLong(given[3]) * 1_000_000_000L;
            List<Future<List<Long>>> all = new ArrayList<>();
            for (int i = 0; i < clients; i++) all.add(threads.submit(() -> batches(url, counted, until)));
            for (Future<List<Long>> one : all) nanos.addAll(one.get());
            threads.shutdown();
            begun = counted;
        }
        double seconds = asks ? (System.nanoTime() - begun) / 1e9 : Double.parseDouble(given[3]);
        int done = nanos.size();
        if (done == 0) nanos.add(PATIENCE_MILLIS * 1_000_000L); // the least it can have been
        long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
        System.out.printf(
                Locale.ROOT,
                "%d %.3f %.3f %.3f %.3f%n",
                done,
                seconds,
                sorted[sorted.length / 2] / 1e6,
                sorted[(int) Math.min(sorted.length - 1, Math.ceil(sorted.length * 0.99) - 1)] / 1e6,
                sorted[sorted.length - 1] / 1e6);
    }

    private static List<Long> batches(URI url, long counted, long until) throws IOException {
        List<Long> nanos = new ArrayList<>();
        try (Client client = new Client(url)) {
            String created = client.send("POST", "runs/create", "{\"experiment_id\": \"0\", \"start_time\": 1}");
            Matcher id = Pattern.compile("\"run_id\" *: *\"([0-9a-f]{32})\"").matcher(created);
            if (!id.find()) throw new IOException(created);
            for (int step = 0; System.nanoTime() < until; step++) {
                StringBuilder body = new StringBuilder("{\"run_id\": \"" + id.group(1) + "\", \"metrics\": [");
                for (int i = 0; i < 10; i++) {
                    body.append(i == 0 ? "" : ", ")
                            .append("{\"key\": \"m").append(i).append("\", \"value\": ").append(step * 0.5 + i)
                            .append(", \"timestamp\": ").append(1_700_000_000_000L + step)
                            .append(", \"step\": ").append(step).append('}');
                }
                long sent = System.nanoTime();
                client.send("POST", "runs/log-batch", body.append("]}").toString());
                long answered = System.nanoTime();
                if (sent >= counted && answered <= until) nanos.add(answered - sent);
            }
        } catch (IOException refused) {
            System.err.println(refused);
        }
        return nanos;
    }

    /** One connection. */
    private static final class Client implements AutoCloseable {
        private final URI url;
        private Socket socket;
        private OutputStream out;
        private InputStream in;

        Client(URI url) throws IOException {
            this.url = url;
            connect();
        }

        private void connect() throws IOException {
            socket = new Socket(url.getHost(), url.getPort());
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(PATIENCE_MILLIS);
            out = socket.getOutputStream();
            in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
        }

        String send(String verb, String call, String body) throws IOException {
            byte[] content = body.getBytes(StandardCharsets.UTF_8);
            byte[] head = (verb + " " + (call.startsWith("/") ? call : API + call) + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                            + "Content-Length: " + content.length + "\r\n\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1);
            byte[] request = Arrays.copyOf(head, head.length + content.length);
            System.arraycopy(content, 0, request, head.length, content.length);
            out.write(request);
            out.flush();
            String status = line();
            int length = -1;
            boolean chunked = false;
            boolean closes = false;
            for (String header = line(); !header.isEmpty(); header = line()) {
                String lower = header.toLowerCase(Locale.ROOT);
                if (lower.startsWith("content-length:")) length = Integer.parseInt(header.substring(15).trim());
                chunked |= lower.startsWith("transfer-encoding:") && lower.contains("chunked");
                closes |= lower.startsWith("connection:") && lower.contains("close");
            }
            String answer = chunked ? chunks() : new String(in.readNBytes(Math.max(0, length)), StandardCharsets.UTF_8);
            if (closes) {
                socket.close();
                connect();
            }
            if (!status.contains(" 200 ")) throw new IOException(status + ": " + answer);
            return answer;
        }

        private String chunks() throws IOException {
            StringBuilder whole = new StringBuilder();
            for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
                whole.append(new String(in.readNBytes(size), StandardCharsets.UTF_8));
                line();
            }
            line();
            return whole.toString();
        }

        private String line() throws IOException {
            StringBuilder line = new StringBuilder();
            for (int c = in.read(); c != '\n'; c = in.read()) {
                if (c < 0) throw new IOException("the server closed the connection");
                if (c != '\r') line.append((char) c);
            }
            return line.toString();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
