package dev.millrace;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What compiles and must not stand in the sources, each with what to do instead. */
class SourceBansTest {
    private static final Path SOURCES = Path.of("src/main/java/dev/millrace");

    /**
     * @param pattern searched line by line
     * @param except the room where it may stand, or empty
     * @param instead what to do
     */
    private record Ban(Pattern pattern, String except, String instead) {
        static Ban of(String pattern, String except, String instead) {
            return new Ban(Pattern.compile(pattern), except, instead);
        }
    }

    private static final List<Ban> BANS = List.of(
            Ban.of(
                    "\\b(functions\\.)?randn?\\(",
                    "",
                    "`rand(seed)` changes with partitioning; hash the key and the seed: pmod(xxhash64(key, lit(seed)), n)"),
            Ban.of(
                    "(?<!TrainingRows)\\.sample(By)?\\([^)]",
                    "",
                    "`sample(seed)` changes with partitioning; take the rows whose hash of key and seed is smallest"),
            Ban.of(
                    "\\.randomSplit(AsList)?\\(",
                    "",
                    "`randomSplit(seed)` changes with partitioning; split by pmod(xxhash64(key, lit(seed)), n)"),
            Ban.of(
                    "^(?!.*createDataFrame\\().*\\.coalesce\\(1\\)",
                    "",
                    "one task then does everything before it, too; repartition(1) what is bounded by nature, or collect it"),
            Ban.of(
                    "System\\.(getenv|getProperty)\\(",
                    "cli",
                    "only the command line knows its environment; take the value as a parameter"),
            Ban.of(
                    "(Instant|LocalDate|LocalDateTime|ZonedDateTime)\\.now\\(|System\\.currentTimeMillis\\(|new Date\\(\\)",
                    "cli",
                    "ask the Clock you were given, so that tests and reruns can say what time it is"),
            Ban.of("System\\.(out|err)\\b", "cli", "stdout is for `--json`; use ctx.progress() or a logger"),
            Ban.of("\\b(TODO|FIXME)\\b", "", "finish it, or write an issue and leave the code whole"),
            Ban.of(
                    "[\"'(]/(home|Users|root|work|tmp)/",
                    "",
                    "paths of one machine; take a path from the home or a temporary folder"));

    @Test
    void nothingBannedStandsInTheSources() throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".java"))
                    .sorted()
                    .toList()) {
                for (Ban ban : BANS) found.addAll(violations(file, ban));
            }
        }

        assertThat(found).as(String.join("\n", found)).isEmpty();
    }

    private static List<String> violations(Path file, Ban ban) throws IOException {
        String room = SOURCES.relativize(file).getName(0).toString();
        List<String> found = new ArrayList<>();
        if (room.equals(ban.except())) return found;
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            boolean comment = line.startsWith("*") || line.startsWith("/*") || line.startsWith("//");
            boolean about = comment && !ban.pattern().pattern().contains("TODO");
            if (!about && ban.pattern().matcher(line).find()) {
                found.add(file + ":" + (i + 1) + ": " + line + "\n    " + ban.instead());
            }
        }
        return found;
    }

    @Test
    void everyBanCanBeBroken() {
        List<String> bad = List.of(
                "functions.rand(7)",
                "rows.sample(0.1)",
                "rows.randomSplit(weights)",
                "rows.coalesce(1)",
                "System.getenv(\"X\")",
                "Instant.now()",
                "System.out.println()",
                "// TODO later",
                "Path.of(\"/home/ada\")");

        for (int i = 0; i < bad.size(); i++) {
            assertThat(BANS.get(i).pattern().matcher(bad.get(i)).find())
                    .as(bad.get(i))
                    .isTrue();
        }
    }
}
