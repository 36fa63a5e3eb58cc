package dev.millrace.registry.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The server as a process of its own, for tests that end it. */
final class ServerProcess {
    private static final String SAID = "Millrace registry at ";

    private final Process process;
    private final Path output;

    private ServerProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** With a home of its own, on the database under test. */
    static ServerProcess of(Path home) throws IOException {
        return start(TestServer.options(home).toArray(String[]::new));
    }

    static ServerProcess start(String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                RegistryServer.class.getName()));
        command.addAll(List.of(options));
        Path output = Files.createTempFile("registry-", ".log");
        output.toFile().deleteOnExit();
        Process process =
                new ProcessBuilder(command).redirectError(output.toFile()).start();
        return new ServerProcess(process, output);
    }

    /** Waits until the server says where it is. */
    String url() throws IOException {
        String said = process.inputReader().readLine();
        if (said != null && said.startsWith(SAID)) return said.substring(SAID.length());
        throw new IllegalStateException("The server did not start: " + said + log());
    }

    /** What it wrote to stderr. */
    String log() throws IOException {
        return Files.readString(output);
    }

    int exitCode() throws InterruptedException {
        return process.waitFor();
    }

    /** SIGTERM, without waiting. */
    void terminate() {
        process.destroy();
    }

    /** SIGTERM. */
    void stop() throws InterruptedException {
        terminate();
        process.waitFor();
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}
