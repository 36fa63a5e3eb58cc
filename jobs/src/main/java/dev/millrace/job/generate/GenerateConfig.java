package dev.millrace.job.generate;

import dev.millrace.engine.generate.LandingFiles;
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
        @Doc("number of distinct transactions") @Default("500000") @Min(1_000) @Max(8e9) long rows,
        @Doc("number of card holders; default: a hundredth of the rows") @Min(1) @Max(1e9) Optional<Long> customers,
        @Doc("number of terminals; default: a fifth of the customers") @Min(1) @Max(1e9) Optional<Long> terminals,
        @Doc("first day") @Default("2026-01-01") Instant start,
        @Doc("number of simulated days") @Default("90") @Min(1) @Max(3_660) int days,
        @Doc("expected share of fraud before the drift") @Default("0.01") @Min(0) @Max(0.2) double fraudRate,
        @Doc("share of records received one to three days late") @Default("0.02") @Min(0) @Max(1) double late,
        @Doc("share of records received twice") @Default("0.005") @Min(0) @Max(1) double duplicates,
        @Doc("share of missing descriptions; for amounts, a tenth of it") @Default("0.01") @Min(0) @Max(1)
                double missing,
        @Doc("drift: what changes, and when") Optional<DriftAt> drift,
        @Doc("landing files; default if `tables` is not set") Optional<Files> files,
        @Doc("Delta tables to write") Optional<Output> tables) {

    /** How the world changes. */
    public record DriftAt(
            @Doc("first day of the drift") Instant at,
            @Doc("factor for amounts of genuine payments") @Default("1.35") @Min(0.01) @Max(100) double amountFactor,
            @Doc("share of purchases that move to online terminals") @Default("0.25") @Min(0) @Max(1)
                    double onlineShift,
            @Doc("factor for the frequency of the known kinds of fraud") @Default("1.0") @Min(0) @Max(10)
                    double fraudFactor,
            @Doc("add a new kind of fraud: bursts of small online payments") @Default("true") boolean cardTesting) {}

    /** Landing files: {@code <path>/transactions/} and {@code <path>/labels/}, by day of arrival. */
    public record Files(
            @Doc("folder or URI; default HOME/landing") Optional<String> path,
            @Doc("csv, json or parquet") @Default("csv") LandingFiles.Format format,
            @Doc("maximum number of rows per file") @Default("2000000") @Min(1_000) long rowsPerFile,
            @Doc("add the kind of fraud to the labels") @Default("false") boolean scenario) {}

    /** Delta tables. */
    public record Output(
            @Doc("table of the transactions") OutputRef transactions, @Doc("table of the labels") OutputRef labels) {}

    public GenerateConfig {
        if (!start.equals(start.atZone(ZoneOffset.UTC)
                .toLocalDate()
                .atStartOfDay(ZoneOffset.UTC)
                .toInstant())) {
            throw new IllegalArgumentException("`start` (" + start + ") is not a day; use a date such as 2026-01-01");
        }
        if (drift.isPresent() && !drift.get().at().isAfter(start)) {
            throw new IllegalArgumentException("`drift.at` (" + drift.get().at() + ") is not after `start` (" + start
                    + "); set a later day or remove `drift`");
        }
    }

    /** The files to write; the default ones when nothing is asked for. */
    Optional<Files> landing() {
        if (files.isPresent() || tables.isPresent()) return files;
        return Optional.of(new Files(Optional.empty(), LandingFiles.Format.CSV, 2_000_000, false));
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
