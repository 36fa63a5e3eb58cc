package dev.millrace.registry.resource.drift;

import dev.millrace.registry.platform.error.ErrorKind;
import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.search.Page;
import dev.millrace.registry.platform.storage.Database;
import dev.millrace.registry.security.audit.Act;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Rules of drift rows: a request replaces what its owner sent before of the window, whole or part by part (decision 0280).
 */
public final class DriftService {
    private static final int MOST_ROWS = 10_000;
    private static final int MOST_PARTS = 1_000;
    private static final Set<String> TYPES = Set.of("BASELINE", "CONSECUTIVE");

    private final Database database;
    private final Clock clock;
    private final SummaryRepository summaries = new SummaryRepository();

    public DriftService(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** Takes over rows that servers before decision 0280 stored; safe to be ended anywhere. */
    public void convert() {
        new Conversion(database, clock).run();
    }

    /** @return how many rows came */
    int put(DriftKey key, DriftPut put, Act act) {
        if (put.rows() == null) throw refused("rows is missing");
        if (put.runId() == null) throw refused("run_id is missing");
        if (put.granularity() == null) throw refused("granularity is missing");
        if (put.rows().size() > MOST_ROWS) {
            throw new MillraceException(
                    ErrorKind.USAGE,
                    "A window may have " + MOST_ROWS + " rows in one request, this has "
                            + put.rows().size() + ". Send it in parts, with `part` and `parts`.");
        }
        requireParts(put.part().orElse(1), put.parts().orElse(1));
        for (int i = 0; i < put.rows().size(); i++) requireValid(put.rows().get(i), i, key);
        database.change(tx -> {
            Replacement.run(tx, key, put, clock.millis());
            act.done(tx, Map.of("rows", put.rows().size()));
        });
        return put.rows().size();
    }

    private static void requireParts(int part, int parts) {
        if (part >= 1 && part <= parts && parts <= MOST_PARTS) return;
        throw refused("part must be from 1 to parts, and parts at most " + MOST_PARTS + ", but part is " + part
                + " and parts is " + parts);
    }

    private static void requireValid(DriftRow row, int index, DriftKey key) {
        String at = "rows[" + index + "]";
        if (row == null) throw refused(at + " is null");
        if (row.columnName() == null || row.columnName().isEmpty()) throw refused(at + ".column_name is missing");
        if (row.window() == null || !row.window().start().equals(Optional.of(key.windowStart()))) {
            throw refused(at + ".window.start must be the window of the path, " + key.windowStart() + ", but is "
                    + (row.window() == null
                            ? "missing"
                            : row.window().start().map(String::valueOf).orElse("missing")));
        }
        if (!TYPES.contains(String.valueOf(row.driftType()))) {
            throw refused(at + ".drift_type must be one of " + TYPES + ", not '" + row.driftType() + "'");
        }
    }

    private static MillraceException refused(String what) {
        return MillraceException.invalid(what + ".");
    }

    /**
     * Some rows of a model.
     *
     * @param columns all of the model, by name
     */
    record Found(Collection<String> columns, Page<Map<String, Object>> page) {}

    Found rows(RowPages.Asked asked, int maxResults, Optional<String> token) {
        Optional<RowToken> after = token.map(text -> RowToken.decoded(text, asked.hashCode()));
        return database.read(tx -> {
            OptionalLong model = summaries.model(tx, asked.model());
            if (model.isEmpty()) return new Found(List.of(), new Page<>(List.of(), Optional.empty()));
            Map<String, Long> columns = summaries.columns(tx, model.getAsLong());
            RowPages pages = new RowPages(tx, asked, model.getAsLong(), columns);
            return new Found(columns.keySet(), pages.page(maxResults, after));
        });
    }

    /**
     * The history of one column in one series, thinned out.
     *
     * @param points windows at most
     */
    Found history(RowPages.Asked asked, int points) {
        return database.read(tx -> {
            OptionalLong model = summaries.model(tx, asked.model());
            if (model.isEmpty()) return new Found(List.of(), new Page<>(List.of(), Optional.empty()));
            Map<String, Long> columns = summaries.columns(tx, model.getAsLong());
            RowPages pages = new RowPages(tx, asked, model.getAsLong(), columns);
            if (asked.column().isEmpty() || pages.series() > 1) {
                throw MillraceException.invalid(
                        "`points` thins out the history of one column: name `column`, `version`,"
                                + " `drift_type`, `slice_key` and `slice_value` (both empty for the whole table). These fit "
                                + pages.series() + " series.");
            }
            return new Found(columns.keySet(), new Page<>(pages.sampled(points), Optional.empty()));
        });
    }

    DriftGrid grid(GridReader.Asked asked) {
        return database.read(tx -> {
            OptionalLong model = summaries.model(tx, asked.model());
            return model.isEmpty() ? GridReader.none(asked) : new GridReader(tx, asked, model.getAsLong()).read();
        });
    }

    List<DriftModel> models() {
        return database.read(summaries::models);
    }

    /** How these columns stand in the newest windows of these models: whole tables against training data. */
    public List<ColumnDrift> newest(Collection<String> models, Set<String> columns) {
        return database.read(tx -> new NewestDrift().of(tx, models, columns));
    }
}
