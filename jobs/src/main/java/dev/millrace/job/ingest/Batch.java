package dev.millrace.job.ingest;

import dev.millrace.engine.intake.ColumnarFiles;
import dev.millrace.engine.intake.Found;
import dev.millrace.engine.intake.Intake;
import dev.millrace.engine.intake.Marks;
import dev.millrace.engine.intake.Parsed;
import dev.millrace.engine.intake.RawBytes;
import dev.millrace.engine.intake.SourceFile;
import dev.millrace.engine.landing.FileLog;
import dev.millrace.engine.landing.Inspection;
import dev.millrace.engine.landing.Landing;
import dev.millrace.engine.landing.RowRules;
import dev.millrace.engine.landing.TakenColumns;
import dev.millrace.engine.landing.Target;
import dev.millrace.job.JobContext;
import dev.millrace.job.QualityResults;
import dev.millrace.job.Severity;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.spark.SparkErrors;
import dev.millrace.platform.table.Columns;
import dev.millrace.platform.table.Commit;
import dev.millrace.platform.table.TableName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/**
 * New files as one batch: read, checked, then written. Nothing is written before everything is checked, and the table's
 * own commit comes last, so that until then the batch has not happened (docs/decisions/0501).
 */
final class Batch {
    private final IngestConfig config;
    private final JobContext ctx;
    private final Landing landing;
    private final Intake intake;
    private final TableName table;
    private final long number;
    private final List<Parsed.Refusal> damaged = new ArrayList<>();

    Batch(IngestConfig config, JobContext ctx, Landing landing) {
        this.config = config;
        this.ctx = ctx;
        this.landing = landing;
        this.intake = new Intake(new SessionCluster(ctx), landing.format().source(), config.reading());
        this.table = config.output().name();
        this.number = landing.log().nextBatch();
    }

    IngestResult ingest() {
        List<SourceFile> files = new ArrayList<>(landing.fresh());
        while (true) {
            try {
                return attempt(files);
            } catch (ColumnarFiles.Damaged damage) {
                SourceFile file = files.stream()
                        .filter(found -> found.printed().equals(damage.path()))
                        .findFirst()
                        .orElseThrow(damage::told);
                RawBytes.require(file, ctx.spark().sparkContext().hadoopConfiguration(), damage);
                if (config.onCorruptFile() == IngestConfig.OnCorruptFile.STOP) throw damage.told();
                files.remove(file);
                damaged.add(
                        new Parsed.Refusal(damage.path(), Marks.WHOLE_FILE, "its data is damaged and cannot be read"));
            }
        }
    }

    private IngestResult attempt(List<SourceFile> files) {
        ctx.progress()
                .step("reading " + files.size() + (files.size() == 1 ? " file" : " files") + " for `" + table + "`");
        Parsed parsed = intake.read(files, target());
        requireNone(parsed.refused());
        RowRules rules = new RowRules(config, parsed.target(), partitionColumns());
        Dataset<Row> rows = rules.applyTo(parsed.rows(), parsed.target());
        boolean inspect = parsed.canFail() || rules.canBreak();
        if (!inspect) return write(parsed, rows, uninspected(parsed), rules);
        // Checked first, written then: the rows are stored meanwhile, so that files are read once. A batch beyond its
        // bound is one huge file, which is read twice instead.
        boolean store = files.stream().mapToLong(SourceFile::bytes).sum() <= config.batchBytes();
        if (store) rows.persist(StorageLevel.MEMORY_AND_DISK());
        try {
            Inspection inspection = inspected(rows, rules, parsed);
            requireNone(inspection.refused());
            requireNoStop(inspection);
            requireFewBad(inspection);
            return write(parsed, rows, inspection, rules);
        } finally {
            if (store) rows.unpersist();
        }
    }

    /** Types come from every value of all new files, also of those that later batches take. */
    private StructType target() {
        return new Target(config, existing()).columns(() -> {
            List<SourceFile> all = landing.sample();
            ctx.progress().step("reading the columns of " + all.size() + (all.size() == 1 ? " file" : " files"));
            Found found = intake.look(all);
            found.warnings().forEach(ctx.progress()::warn);
            return found.columns();
        });
    }

    private List<String> partitionColumns() {
        if (!ctx.tables().exists(table)) return config.output().partitionBy();
        return ctx.tables().partitionColumns(table);
    }

    private Optional<StructType> existing() {
        if (!ctx.tables().exists(table)) return Optional.empty();
        return Optional.of(TakenColumns.withoutAdded(ctx.tables().schema(table)));
    }

    private Inspection inspected(Dataset<Row> rows, RowRules rules, Parsed parsed) {
        try {
            return Inspection.of(rows, rules, parsed, config.stoppingRules());
        } catch (Exception failed) {
            throw damageOr(failed);
        }
    }

    /** Spark throws checked exceptions that it does not declare. */
    private static RuntimeException damageOr(Exception failed) {
        return ColumnarFiles.damage(failed)
                .<RuntimeException>map(damage -> damage)
                .orElse(SparkErrors.translated(failed));
    }

    /** Where no row can be bad, the footers have counted them. */
    private static Inspection uninspected(Parsed parsed) {
        java.util.TreeMap<String, Inspection.FileAccount> files = new java.util.TreeMap<>();
        parsed.known().forEach((file, records) -> files.put(file, new Inspection.FileAccount(records, 0)));
        return new Inspection(files, List.of(), parsed.refused(), List.of(), 0, parsed.truncated());
    }

    private void requireNoStop(Inspection inspection) {
        if (inspection.stops().isEmpty()) return;
        List<String> shown = inspection.stops().stream()
                .map(file -> "`" + file.file() + "`: " + file.reason())
                .toList();
        throw new MillraceException(
                ErrorKind.INPUT_UNREADABLE,
                "Cannot ingest " + Landing.some(shown) + ". " + landing.uncommitted()
                        + " Correct the times, or set another value than `error`.");
    }

    private void requireNone(List<Parsed.Refusal> refused) {
        if (refused.isEmpty() || config.onCorruptFile() == IngestConfig.OnCorruptFile.QUARANTINE_FILE) return;
        boolean schema = refused.stream().allMatch(file -> file.rule().equals(Marks.WHOLE_FILE_SCHEMA));
        List<String> told = refused.stream()
                .map(file -> "`" + file.file() + "`: " + file.reason())
                .toList();
        throw new MillraceException(
                schema ? ErrorKind.SCHEMA_MISMATCH : ErrorKind.INPUT_UNREADABLE,
                "Cannot ingest " + String.join("; ", told.subList(0, Math.min(10, told.size())))
                        + (told.size() > 10 ? "; and " + (told.size() - 10) + " more files" : "")
                        + (told.get(told.size() - 1).endsWith(".") ? "" : ".")
                        + " " + landing.uncommitted() + " Correct or remove these files, or quarantine them with"
                        + " `on-corrupt-file: quarantine-file`.");
    }

    private void requireFewBad(Inspection inspection) {
        long records = 0;
        long bad = 0;
        for (Inspection.FileAccount file : inspection.files().values()) {
            records += file.records();
            bad += file.bad();
        }
        if (records == 0 || bad <= config.maxQuarantined() * records) return;
        throw new MillraceException(
                ErrorKind.QUALITY_GATE,
                bad + " of " + records + " records would go to quarantine, "
                        + String.format(java.util.Locale.ROOT, "%.2f", 100.0 * bad / records)
                        + " %; `max-quarantined` allows "
                        + String.format(java.util.Locale.ROOT, "%.2f", 100 * config.maxQuarantined())
                        + " %. " + landing.uncommitted() + " " + examples(inspection));
    }

    private static String examples(Inspection inspection) {
        List<String> worst = inspection.files().entrySet().stream()
                .filter(file -> file.getValue().bad() > 0)
                .map(file -> file.getKey() + " (" + file.getValue().bad() + ")")
                .toList();
        return "They are in: " + Landing.some(worst) + ".";
    }

    private IngestResult write(Parsed parsed, Dataset<Row> rows, Inspection inspection, RowRules rules) {
        // Files that stand in quarantine by one row; the others' bad records stand there themselves.
        List<Parsed.Refusal> whole = new ArrayList<>(damaged);
        for (Parsed.Refusal file : inspection.refused()) {
            if (isWhole(file)) whole.add(file);
        }
        Set<String> left = new HashSet<>();
        whole.forEach(file -> left.add(file.file()));
        long records = 0;
        long bad = 0;
        for (var file : inspection.files().entrySet()) {
            if (left.contains(file.getKey())) continue;
            records += file.getValue().records();
            bad += file.getValue().bad();
        }
        Dataset<Row> taken = left.isEmpty()
                ? rows
                : rows.where(functions.not(functions.col(Marks.FILE).isInCollection(left)));
        boolean nothing = records == 0 && whole.isEmpty();
        if (nothing && (ctx.tables().exists(table) || parsed.target().isEmpty())) {
            landing.log().recordEmpty(number, ctx.run().id(), landing.fresh());
            return IngestResult.empty(landing.fresh().size(), number);
        }
        List<Commit> commits = commit(parsed, taken, bad, whole, rules, inspection);
        return new IngestResult(
                landing.fresh().size(),
                inspection.refused().size() + damaged.size(),
                records,
                records - bad,
                bad,
                1,
                number,
                inspection.resolved(),
                inspection.truncated(),
                commits);
    }

    private static boolean isWhole(Parsed.Refusal file) {
        return file.rule().equals(Marks.WHOLE_FILE) || file.rule().equals(Marks.WHOLE_FILE_SCHEMA);
    }

    private List<Commit> commit(
            Parsed parsed,
            Dataset<Row> rows,
            long bad,
            List<Parsed.Refusal> whole,
            RowRules rules,
            Inspection inspection) {
        ctx.progress().step("writing `" + table + "`");
        List<Commit> commits = new ArrayList<>();
        FileLog log = landing.log();
        String run = ctx.run().id();
        log.intend(number, run, landing.fresh());
        RejectedRecords quarantine = new RejectedRecords(table, ctx);
        try {
            quarantine
                    .write(bad > 0 ? Optional.of(rows) : Optional.empty(), whole, number)
                    .ifPresent(commits::add);
            commits.add(
                    0,
                    ctx.tables()
                            .append(
                                    config.output(),
                                    landed(rows, parsed.target()),
                                    FileLog.application(table),
                                    number));
            // Delta skips a batch that another run has appended meanwhile.
            if (!log.isMade(run)) throw log.overtaken(number);
        } catch (Exception failed) {
            takeBack(quarantine, log);
            throw damageOr(failed);
        }
        quarantine.keepOnly(number, run);
        log.settle(number, run);
        log.dropCarried(number, run);
        QualityResults.write(ctx, commits.get(0), checked(rules.checks(), inspection.broken()))
                .ifPresent(commits::add);
        return commits;
    }

    private static List<QualityResults.Checked> checked(List<RowRules.Check> checks, List<Long> broken) {
        List<QualityResults.Checked> checked = new ArrayList<>();
        for (int i = 0; i < checks.size(); i++) {
            RowRules.Check check = checks.get(i);
            checked.add(new QualityResults.Checked(
                    check.name(),
                    check.kind(),
                    Optional.ofNullable(check.column()),
                    Severity.QUARANTINE,
                    check.expected(),
                    broken.get(i)));
        }
        return checked;
    }

    /** Leaves no trace of a batch that was not made. Where that fails too, the intent stays and a later run clears up. */
    private void takeBack(RejectedRecords quarantine, FileLog log) {
        try {
            if (log.isMade(ctx.run().id())) return;
            quarantine.takeBack(number);
            log.withdraw(number, ctx.run().id());
        } catch (RuntimeException again) {
            ctx.progress()
                    .warn("Could not remove what this run has left of batch " + number + ": " + again.getMessage());
        }
    }

    private Dataset<Row> landed(Dataset<Row> rows, StructType target) {
        List<Column> columns = new ArrayList<>(List.of(Columns.named(List.of(target.fieldNames()))));
        columns.add(functions.lit(ctx.clock().instant()).as(TakenColumns.INGESTED_AT));
        columns.add(functions.col(Marks.FILE).as(TakenColumns.SOURCE_FILE));
        columns.add(functions.lit(number).cast(DataTypes.LongType).as(TakenColumns.BATCH_ID));
        return rows.where(functions.col(Marks.REASON).isNull()).select(columns.toArray(Column[]::new));
    }
}
