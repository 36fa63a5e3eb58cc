package dev.millrace.cli;

import static dev.millrace.cli.BadInput.command;
import static dev.millrace.cli.BadInput.file;

import dev.millrace.platform.spark.SharedSpark;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tables and files that do not fit the job: in one lake that no refused job may change. */
@ExtendWith(SharedSpark.class)
class BadTablesTest {
    @TempDir
    private static Path folder;

    private static BadInputs inputs;

    @BeforeAll
    static void makeLake(SparkSession spark) throws IOException {
        inputs = new BadInputs(folder, folder.resolve("kept"));
        Dataset<Row> people = spark.range(200)
                .selectExpr(
                        "id",
                        "TIMESTAMP '2026-01-01' + make_interval(0, 0, 0, 0, id) AS at",
                        "concat('2026-01-', id) AS at_text",
                        "CAST(id % 7 AS DOUBLE) AS x",
                        "CAST(NULL AS DOUBLE) AS nothing",
                        "CAST(NULL AS STRING) AS no_text",
                        "IF(id % 3 = 0, double('NaN'), x) AS some_nan",
                        "IF(id % 50 = 0, double('Infinity'), x) AS infinite",
                        "IF(id % 50 = 1, double('-Infinity'), id / 2) AS amount",
                        "concat('c', id % 3) AS colour",
                        "CAST(id % 2 AS INT) AS y",
                        "1 AS same",
                        "CAST(NULL AS INT) AS unknown",
                        "IF(id % 2 = 0, 'good', 'bad') AS verdict",
                        "array(id) AS list",
                        "id AS prediction");
        save(people, "raw/people");
        save(people.limit(0), "raw/empty");
        save(people.limit(1), "raw/single");
        save(people.selectExpr("id", "x AS `größe`", "x AS `温度`", "x AS `a.b`", "y AS `λ?`"), "raw/unicode");
        save(people.selectExpr("id", "CAST(at AS TIMESTAMP_NTZ) AS at", "x", "y"), "raw/zoneless");
        save(people.select("id", "x"), "raw/corrupt");
        for (Path data : dataOf("raw/corrupt")) Files.writeString(data, "no Parquet at all");
        save(people.select("id", "x"), "raw/gone");
        for (Path data : dataOf("raw/gone")) Files.delete(data);
        Path cut = folder.resolve("kept/elsewhere/cut");
        people.select("id", "x").write().format("delta").save(cut.toString());
        Path log = cut.resolve("_delta_log");
        Files.writeString(log.resolve("00000000000000000000.json"), "{\"commitInfo\": ");
        Files.deleteIfExists(log.resolve(".00000000000000000000.json.crc"));
        Files.deleteIfExists(log.resolve("00000000000000000000.crc"));
        Files.createDirectories(lake("raw/folder"));
        Files.writeString(lake("raw/folder").resolve("notes.txt"), "no table");
        landing("good.csv", "id,name\n1,a\n2,b\n");
        landing("twice.csv", "id,name,id\n1,a,1\n");
        landing("case.csv", "id,name,Name\n1,a,A\n");
        landing("blanks.csv", "id,Amount (EUR)\n1,2.5\n");
        landing("other.csv", "number,name\n1,a\n");
        landing("broken.parquet", "PAR1 no Parquet PAR1");
        landing("broken.json", "{\"id\": 1}\n{\"id\": \n");
        landing("bad/values.csv", "id,name\nx,a\ny,b\n3,c\n");
        landing("notes.docx", "no data");
        Files.createDirectories(folder.resolve("kept/landing/nothing"));
    }

    private static Path lake(String table) {
        return folder.resolve("kept/home/lake").resolve(table);
    }

    private static void save(Dataset<Row> rows, String table) {
        rows.coalesce(1).write().format("delta").save(lake(table).toString());
    }

    private static List<Path> dataOf(String table) throws IOException {
        try (Stream<Path> files = Files.list(lake(table))) {
            return files.filter(file -> file.toString().endsWith(".parquet")
                            || file.toString().endsWith(".parquet.crc"))
                    .toList();
        }
    }

    private static void landing(String name, String text) throws IOException {
        Path file = folder.resolve("kept/landing").resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @MethodSource({
        "references",
        "dev.millrace.cli.BadTrainingCases#training",
        "dev.millrace.cli.BadShapingCases#shaping",
        "landed",
        "questions"
    })
    void isRefused(BadInput bad) {
        inputs.refused(bad);
    }

    private static String eda(String table) {
        return "job: eda\neda: {table: " + table + "}\n";
    }

    static Stream<BadInput> references() {
        return Stream.of(
                file(
                        "a table there is not",
                        3,
                        "no table `raw.peopel`",
                        "Did you mean `raw.people`?",
                        eda("raw.peopel")),
                file("a schema there is not", 3, "no table `clean.people`", "Existing tables: ", eda("clean.people")),
                file("a folder that is no table", 3, "no table `raw.folder`", "Existing tables: ", eda("raw.folder")),
                file(
                        "a path that is no table",
                        3,
                        "no Delta table at `/dev/millrace`",
                        "run the ingest job",
                        eda("/dev/millrace")),
                file(
                        "a version there is not",
                        3,
                        "`raw.people` has no version 42",
                        "versions 0 to 0 can be read",
                        eda("{table: raw.people, version: 42}")),
                file(
                        "a moment before the first version",
                        3,
                        "no version yet at 1999-01-01",
                        "its first commit is of 2",
                        eda("{table: raw.people, timestamp: 1999-01-01}")),
                file(
                                "an as-of before the first version",
                                3,
                                "no version yet at 1999-01-01",
                                "its first commit",
                                eda("raw.people"))
                        .with("--as-of", "1999-01-01"),
                file(
                        "columns there are not",
                        3,
                        "has no column `colur`",
                        "did you mean `colour`?",
                        eda("{table: raw.people, columns: [id, colur]}")),
                file(
                        "a condition that is no SQL",
                        2,
                        "`where: x >>` is not a condition on `raw.people`",
                        "Syntax error",
                        eda("{table: raw.people, where: x >>}")),
                file(
                        "a condition on a column there is not",
                        2,
                        "is not a condition on `raw.people`",
                        "`colour`",
                        eda("{table: raw.people, where: color = 'c1'}")),
                file(
                        "a condition that is none",
                        2,
                        "`where: x + 1` is not a condition on `raw.people`",
                        "BOOLEAN",
                        eda("{table: raw.people, where: x + 1}")),
                file(
                        "a condition that fails on a row",
                        3,
                        "'2026-01-0'",
                        "try_cast",
                        eda("{table: raw.people, where: \"CAST(at_text AS DATE) > '2026-01-01'\"}")),
                file(
                        "a data file that is no Parquet",
                        3,
                        "raw/corrupt",
                        "restore the files of the table",
                        eda("raw.corrupt")),
                file("a data file that is gone", 3, "raw/gone", "restore the files of the table", eda("raw.gone")),
                file(
                        "a log that is cut",
                        3,
                        "elsewhere/cut",
                        "restore the files of the table",
                        eda(folder.resolve("kept/elsewhere/cut").toString())));
    }

    private static BadInput ingest(String name, int exit, String cause, String cure, String file, String more) {
        String path = folder.resolve("kept/landing").resolve(file).toString();
        return file(
                name,
                exit,
                cause,
                cure,
                "job: ingest\ningest: {path: \"" + path + "\", output: raw.taken" + more + "}\n");
    }

    static Stream<BadInput> landed() {
        return Stream.of(
                ingest("a landing path there is not", 3, "nowhere", "path", "nowhere", ""),
                ingest("a folder without files", 3, "nothing", "no file", "nothing", ""),
                ingest("a file of no known kind", 2, "notes.docx", "Set `ingest.format`", "notes.docx", ""),
                ingest(
                        "a header that does not fit",
                        3,
                        "its header does not fit: it lacks `id`",
                        "`on-missing-column: fill`",
                        "other.csv",
                        ", schema: {id: long, name: string}"),
                ingest("a column twice", 3, "`id` (column 1), `id` (column 3)", "columns: {\"#1\"", "twice.csv", ""),
                ingest(
                        "columns that differ by case",
                        3,
                        "`name` (column 2), `Name` (column 3)",
                        "Rename them",
                        "case.csv",
                        ""),
                ingest(
                        "a name Delta cannot store",
                        3,
                        "`Amount (EUR)`",
                        "\"Amount (EUR)\": amount_eur",
                        "blanks.csv",
                        ""),
                ingest(
                        "a Parquet file that is none",
                        3,
                        "broken.parquet",
                        "`on-corrupt-file: quarantine-file`",
                        "broken.parquet",
                        ""),
                ingest(
                        "too many bad records",
                        4,
                        "`max-quarantined` allows 50.00 %",
                        "bad/values.csv (2)",
                        "bad/values.csv",
                        ", schema: {id: long, name: string}, max-quarantined: 0.5"),
                ingest(
                        "a rule about a column there is not",
                        2,
                        "`amount`",
                        "ingested columns (id, name)",
                        "good.csv",
                        ", rules: [{where: amount > 0}]"),
                ingest("a rule that is no SQL", 2, "Syntax error", "`rules`", "good.csv", ", rules: [{where: id >>}]"),
                ingest("a not-null column there is not", 3, "`amount`", "name", "good.csv", ", not-null: amount"));
    }

    static Stream<BadInput> questions() {
        return Stream.of(
                command(
                        "a query that writes",
                        2,
                        "`DROP` is not supported",
                        "To write tables, run a job",
                        "sql",
                        "DROP TABLE raw.people"),
                command(
                        "a query that writes in disguise",
                        2,
                        "A statement that writes",
                        "To write tables, run a job",
                        "sql",
                        "WITH q AS (SELECT 1 AS id) INSERT INTO raw.people SELECT * FROM q"),
                command("no SQL", 2, "Invalid SQL", "near 'raw'", "sql", "SELECT * FRM raw.people"),
                command(
                        "a query of a table there is not",
                        3,
                        "no table `raw.peopel`",
                        "Did you mean `raw.people`?",
                        "sql",
                        "SELECT * FROM raw.peopel"),
                command(
                        "a query of a column there is not",
                        2,
                        "`colur`",
                        "`colour`",
                        "sql",
                        "SELECT colur FROM raw.people"),
                command(
                        "a query of a version there is not",
                        3,
                        "to version 9",
                        "Available versions: [0, 0]",
                        "sql",
                        "SELECT * FROM raw.people VERSION AS OF 9"),
                command(
                        "a query that fails on a row",
                        3,
                        "'2026-01-0'",
                        "try_cast",
                        "sql",
                        "SELECT max(CAST(at_text AS DATE)) FROM raw.people"),
                command(
                        "a table to show there is not",
                        3,
                        "no table `raw.peopel`",
                        "Did you mean `raw.people`?",
                        "tables",
                        "raw.peopel"),
                command(
                        "a table to show before it was",
                        3,
                        "1999-01-01",
                        "first commit",
                        "tables",
                        "raw.people",
                        "--at",
                        "1999-01-01"),
                command("lineage of nothing known", 2, "`people`", "Use schema.table@VERSION", "lineage", "people"),
                command("lineage of a version there is not", 3, "raw.people", "0", "lineage", "raw.people@9"),
                command(
                        "lineage of a run nobody made",
                        3,
                        "No run `abc`",
                        "fails before its first write",
                        "lineage",
                        "run:abc"));
    }

    /** Names and times that look odd and are right. */
    @ParameterizedTest
    @MethodSource("odd")
    void isTaken(String job) {
        inputs.done(job);
    }

    static Stream<String> odd() {
        return Stream.of(
                "job: train\ntrain: {table: raw.unicode, label: \"λ?\","
                        + " features: {numeric: [größe, 温度, a.b]}, algorithm: random-forest, params: {num-trees: 2},"
                        + " split: {by: hash, columns: id}}\n",
                "job: dedup\ndedup: {input: raw.unicode, output: odd.unicode, keys: a.b, latest-by: 温度}\n",
                "job: features\nfeatures: {source: raw.zoneless, entity: y, time-column: at,"
                        + " output: odd.zoneless, windows: 1d, features: [{name: n, aggregate: count}]}\n",
                "job: eda\neda: {table: raw.empty, output: odd.profiles, metrics: odd.metrics}\n",
                "job: train\ntrain: {table: raw.people, label: y, features: {numeric: [some_nan, x]},"
                        + " algorithm: random-forest, params: {num-trees: 2}, split: {by: hash, columns: id}}\n");
    }
}
