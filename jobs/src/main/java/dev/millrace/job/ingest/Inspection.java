package dev.millrace.job.ingest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
 */
record Inspection(Map<String, FileAccount> files, List<Long> broken, List<Parsed.Refusal> refused) {

    /**
     * @param records in the file
     * @param bad of them: to quarantine
     */
    record FileAccount(long records, long bad) {}

    /** Runs over the rows once; collects one row per file. */
    static Inspection of(Dataset<Row> rows, RowRules rules, List<Parsed.Refusal> alreadyRefused) {
        Column whole = functions
                .col(TakenColumns.RULE)
                .isin(TakenColumns.WHOLE_FILE, TakenColumns.WHOLE_FILE_SCHEMA)
                .and(functions.not(functions.col(RowRules.READABLE)));
        Column isWhole = functions.coalesce(whole, functions.lit(false));
        Column bad = functions.col(TakenColumns.REASON).isNotNull();
        Column first = functions.struct(
                functions.col(TakenColumns.LINE), functions.col(TakenColumns.REASON), functions.col(TakenColumns.RULE));
        List<Column> sums = new ArrayList<>();
        sums.add(count(functions.not(isWhole)).as("records"));
        sums.add(count(bad.and(functions.not(isWhole))).as("bad"));
        sums.add(count(functions.col(RowRules.READABLE)).as("readable"));
        sums.add(functions.min(functions.when(isWhole, first)).as("refusal"));
        sums.add(functions.min(functions.when(bad, first)).as("first"));
        for (RowRules.Check check : rules.checks()) {
            sums.add(count(
                    functions.col(RowRules.READABLE).and(functions.coalesce(check.broken(), functions.lit(false)))));
        }
        List<Row> counted = rows.groupBy(functions.col(TakenColumns.FILE))
                .agg(sums.get(0), sums.subList(1, sums.size()).toArray(Column[]::new))
                .collectAsList();
        Map<String, FileAccount> files = new TreeMap<>();
        List<Parsed.Refusal> refused = new ArrayList<>(alreadyRefused);
        long[] broken = new long[rules.checks().size()];
        for (Row file : counted) {
            String name = file.getAs(TakenColumns.FILE);
            files.put(name, new FileAccount(file.getLong(1), file.getLong(2)));
            Row refusal = file.getAs("refusal");
            if (refusal != null) refused.add(new Parsed.Refusal(name, refusal.getString(2), refusal.getString(1)));
            else if (file.getLong(3) == 0 && file.getLong(1) > 0) refused.add(noneReadable(name, file));
            for (int i = 0; i < broken.length; i++) broken[i] += file.getLong(6 + i);
        }
        refused.sort(java.util.Comparator.comparing(Parsed.Refusal::file));
        return new Inspection(files, java.util.Arrays.stream(broken).boxed().toList(), refused);
    }

    private static Column count(Column condition) {
        return functions.sum(functions.when(condition, 1L).otherwise(0L));
    }

    private static Parsed.Refusal noneReadable(String name, Row file) {
        Row first = file.getAs("first");
        String line = first.isNullAt(0) ? "" : "line " + first.getLong(0) + " ";
        String hint = first.getString(2).equals("encoding")
                ? ". Set `encoding`; perhaps it is ISO-8859-1 or windows-1252"
                : "";
        return new Parsed.Refusal(
                name,
                first.getString(2),
                "none of its " + file.getLong(1) + " records can be read: " + line + first.getString(1) + hint);
    }
}
