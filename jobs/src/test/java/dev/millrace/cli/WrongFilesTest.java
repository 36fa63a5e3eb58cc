package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * {@code validate} finds every mistake of a file at once, each at its line. The files carry what is expected as comments:
 * {@code #! text} at the line of a finding that holds the text; {@code #!! text} for a finding at another line.
 */
class WrongFilesTest {
    private static final Path FILES = Path.of("src/test/resources/wrong-files");

    private record Expected(int line, String text) {}

    @TestFactory
    Stream<DynamicTest> everyMistakeIsFoundAtOnce() throws IOException {
        try (Stream<Path> files = Files.list(FILES)) {
            return files
                    .sorted()
                    .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> check(file)))
                    .toList()
                    .stream();
        }
    }

    private static void check(Path file) throws IOException {
        List<Expected> expected = new ArrayList<>();
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
            String[] parts = lines.get(i).split(" {3}#!", -1);
            for (int k = 1; k < parts.length; k++) {
                boolean elsewhere = parts[k].startsWith("!");
                String text = parts[k].substring(elsewhere ? 1 : 0).strip();
                if (!text.isEmpty()) expected.add(new Expected(elsewhere ? 0 : i + 1, text));
            }
        }
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
        Shell shell = new Shell(Map.of(), FILES, stream, stream, false, Clock.systemUTC(), new Interruption());

        int exit = Millrace.execute(shell, "validate", file.getFileName().toString());

        List<String> findings = err.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.matches("[0-9]+ problems:"))
                .toList();
        assertThat(exit).isEqualTo(2);
        for (Expected each : expected) {
            assertThat(findings).anySatisfy(finding -> assertThat(finding)
                    .contains(each.text())
                    .contains(each.line() == 0 ? "" : file.getFileName() + ":" + each.line() + ":"));
        }
        assertThat(findings).allSatisfy(finding -> assertThat(expected)
                .anySatisfy(each -> assertThat(finding).contains(each.text())));
    }
}
