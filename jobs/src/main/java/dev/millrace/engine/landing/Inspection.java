package dev.millrace.engine.landing;

import dev.millrace.engine.intake.Marks;
import dev.millrace.engine.intake.Parsed;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * The account of a batch, file by file, before anything is written.
 *
 * @param files by name; files without records are not there
 * @param broken rows that break each rule, in the order of {@link RowRules#checks}
 * @param stops the first record of each file that breaks a rule which stops the batch
 * @param resolved times decided by {@code on-clock-change}
 * @param truncated times cut by {@code on-finer-time}
 */
public record Inspection(
        Map<String, FileAccount> files,
        List<Long> broken,
        List<Parsed.Refusal> refused,
        List<Parsed.Refusal> stops,
        long resolved,
        long truncated) {

    /**
     * @param records in the file
     * @param bad of them: to quarantine
     */
    public record FileAccount(long records, long bad) {}

    /** Runs over the rows once; collects one row per file. */
    public static Inspection of(Dataset<Row> rows, RowRules rules, Parsed parsed, Set<String> stopping) {
        Column whole = functions
                .col(Marks.RULE)
                .isin(Marks.WHOLE_FILE, Marks.WHOLE_FILE_SCHEMA)
                .and(functions.not(functions.col(RowRules.READABLE)));
        Column isWhole = functions.coalesce(whole, functions.lit(false));
        Column bad = functions.col(Marks.REASON).isNotNull();
        Column first =
                functions.struct(functions.col(Marks.LINE), functions.col(Marks.REASON), functions.col(Marks.RULE));
        List<Column> sums = new ArrayList<>();
        sums.add(count(functions.not(isWhole)).as("records"));
        sums.add(count(bad.and(functions.not(isWhole))).as("bad"));
        sums.add(count(functions.col(RowRules.READABLE)).as("readable"));
        sums.add(functions.min(functions.when(isWhole, first)).as("refusal"));
        sums.add(functions.min(functions.when(bad, first)).as("first"));
        sums.add(functions.min(functions.when(breaksAny(stopping), first)).as("stop"));
        sums.add(functions.sum(functions.col(Marks.RESOLVED)).as("resolved"));
        sums.add(functions.sum(functions.col(Marks.TRUNCATED)).as("truncated"));
        for (RowRules.Check check : rules.checks()) {
            sums.add(count(
                    functions.col(RowRules.READABLE).and(functions.coalesce(check.broken(), functions.lit(false)))));
        }
        List<Row> counted = rows.groupBy(functions.col(Marks.FILE))
                .agg(sums.get(0), sums.subList(1, sums.size()).toArray(Column[]::new))
                .collectAsList();
        Map<String, FileAccount> files = new TreeMap<>();
        List<Parsed.Refusal> refused = new ArrayList<>(parsed.refused());
        List<Parsed.Refusal> stops = new ArrayList<>();
        long resolved = 0;
        long truncated = parsed.truncated();
        long[] broken = new long[rules.checks().size()];
        for (Row file : counted) {
            String name = file.getAs(Marks.FILE);
            files.put(name, new FileAccount(file.getLong(1), file.getLong(2)));
            Row refusal = file.getAs("refusal");
            if (refusal != null) refused.add(new Parsed.Refusal(name, refusal.getString(2), refusal.getString(1)));
            else if (file.getLong(3) == 0 && file.getLong(1) > 0) refused.add(noneReadable(name, file));
            for (int i = 0; i < broken.length; i++) broken[i] += file.getLong(9 + i);
            Row stop = file.getAs("stop");
            if (stop != null) stops.add(new Parsed.Refusal(name, stop.getString(2), line(stop) + stop.getString(1)));
            resolved += file.<Long>getAs("resolved");
            truncated += file.<Long>getAs("truncated");
        }
        refused.sort(java.util.Comparator.comparing(Parsed.Refusal::file));
        return new Inspection(
                files, java.util.Arrays.stream(broken).boxed().toList(), refused, stops, resolved, truncated);
    }

    private static Column breaksAny(Set<String> rules) {
        Column breaks = functions.lit(false);
        for (String rule : rules) {
            breaks = breaks.or(functions.array_contains(functions.split(functions.col(Marks.RULE), ", "), rule));
        }
        return breaks;
    }

    private static String line(Row first) {
        return first.isNullAt(0) ? "" : "line " + first.getLong(0) + " ";
    }

    private static Column count(Column condition) {
        return functions.sum(functions.when(condition, 1L).otherwise(0L));
    }

    private static Parsed.Refusal noneReadable(String name, Row file) {
        Row first = file.getAs("first");
        String hint =
                first.getString(2).equals("encoding") ? ". Set `encoding`, e.g. to ISO-8859-1 or windows-1252" : "";
        return new Parsed.Refusal(
                name,
                first.getString(2),
                "none of its " + file.getLong(1) + " records can be read: " + line(first) + first.getString(1) + hint);
    }
}
