package dev.millrace.job.generate;

import dev.millrace.engine.simulate.CardSimulation;
import dev.millrace.platform.config.Default;
import dev.millrace.platform.config.Doc;
import dev.millrace.platform.config.Max;
import dev.millrace.platform.config.Min;
import dev.millrace.platform.table.OutputRef;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * What to simulate and where to put it.
 *
 * @param rows distinct transactions
 * @param files landing files; written unless only tables are asked for
 * @param tables Delta tables, beside the files or instead of them
 */
public record GenerateConfig(
        @Doc("distinct transactions") @Default("500000") @Min(1_000) @Max(8e9) long rows,
        @Doc("card holders; default a hundredth of the rows") @Min(1) @Max(1e9) Optional<Long> customers,
        @Doc("terminals; default a fifth of the customers") @Min(1) @Max(1e9) Optional<Long> terminals,
        @Doc("first day") @Default("2026-01-01") Instant start,
        @Doc("days simulated") @Default("90") @Min(1) @Max(3_660) int days,
        @Doc("expected share of fraud before the drift") @Default("0.01") @Min(0) @Max(0.2) double fraudRate,
        @Doc("share received one to three days late") @Default("0.02") @Min(0) @Max(1) double late,
        @Doc("share received twice") @Default("0.005") @Min(0) @Max(1) double duplicates,
        @Doc("share of missing descriptions; a tenth of it of amounts") @Default("0.01") @Min(0) @Max(1) double missing,
        @Doc("what changes, and when") Optional<DriftAt> drift,
        @Doc("landing files; default when no tables are named") Optional<Files> files,
        @Doc("write Delta tables directly") Optional<Output> tables) {

    /** How the world changes. */
    public record DriftAt(
            @Doc("when it changes") Instant at,
            @Doc("genuine amounts are multiplied by it") @Default("1.35") @Min(0.01) @Max(100) double amountFactor,
            @Doc("share of purchases that move to online terminals") @Default("0.25") @Min(0) @Max(1)
                    double onlineShift,
            @Doc("known kinds of fraud become this much more frequent") @Default("1.0") @Min(0) @Max(10)
                    double fraudFactor,
            @Doc("a new kind of fraud begins: bursts of small online payments") @Default("true") boolean cardTesting) {}

    /** The form of the landing files. */
    public enum Format {
        CSV,
        JSON,
        PARQUET
    }

    /** Landing files: {@code <path>/transactions/} and {@code <path>/labels/}, by day of arrival. */
    public record Files(
            @Doc("folder or URI; default HOME/landing") Optional<String> path,
            @Doc("csv, json or parquet") @Default("csv") Format format,
            @Doc("a day with more rows gets several files") @Default("2000000") @Min(1_000) long rowsPerFile,
            @Doc("write the kind of fraud beside the label") @Default("false") boolean scenario) {}

    /** Delta tables. */
    public record Output(
            @Doc("table of the transactions") OutputRef transactions, @Doc("table of the labels") OutputRef labels) {}

    public GenerateConfig {
        if (!start.equals(start.atZone(ZoneOffset.UTC)
                .toLocalDate()
                .atStartOfDay(ZoneOffset.UTC)
                .toInstant())) {
            throw new IllegalArgumentException("`start` (" + start + ") must be a day, such as 2026-01-01");
        }
        if (drift.isPresent() && !drift.get().at().isAfter(start)) {
            throw new IllegalArgumentException("`drift.at` (" + drift.get().at() + ") is not after `start` (" + start
                    + "); simulate the changed world without it, or move it");
        }
    }

    /** The files to write; the default ones when nothing is asked for. */
    Optional<Files> landing() {
        if (files.isPresent() || tables.isPresent()) return files;
        return Optional.of(new Files(Optional.empty(), Format.CSV, 2_000_000, false));
    }

    CardSimulation simulation(long seed) {
        long people = customers.orElse(Math.max(1, rows / 100));
        return new CardSimulation(
                seed,
                rows,
                people,
                terminals.orElse(Math.max(1, people / 5)),
                start,
                days,
                fraudRate,
                late,
                duplicates,
                missing,
                drift.map(given -> new CardSimulation.Drift(
                                given.at(),
                                given.amountFactor(),
                                given.onlineShift(),
                                given.fraudFactor(),
                                given.cardTesting()))
                        .orElse(CardSimulation.Drift.NONE));
    }
}
