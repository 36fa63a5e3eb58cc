package dev.millrace.registry.resource.drift;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.registry.platform.error.ErrorKind;
import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.search.Page;
import dev.millrace.registry.platform.search.Search;
import dev.millrace.registry.platform.search.SearchRequest;
import dev.millrace.registry.platform.storage.Database;
import dev.millrace.registry.security.audit.Act;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Rules of drift rows: a window may be sent again, whole or in part; the last row of a key stays. */
public final class DriftService {
    private static final int MOST_ROWS = 10_000;
    private static final Set<String> TYPES = Set.of("BASELINE", "CONSECUTIVE");

    private final Database database;
    private final Clock clock;
    private final DriftRepository repository = new DriftRepository();

    public DriftService(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** @return how many rows were kept */
    int put(DriftRepository.Key key, DriftPut put, Act act) {
        if (put.rows() == null) throw refused("rows is missing");
        if (put.runId() == null) throw refused("run_id is missing");
        if (put.granularity() == null) throw refused("granularity is missing");
        if (put.rows().size() > MOST_ROWS) {
            throw new MillraceException(
                    ErrorKind.USAGE,
                    "A window may have " + MOST_ROWS + " rows in one request, this has "
                            + put.rows().size() + ". Send it in parts.");
        }
        for (int i = 0; i < put.rows().size(); i++) requireValid(put.rows().get(i), i, key);
        database.change(tx -> {
            repository.put(tx, key, put, clock.millis());
            act.done(tx, Map.of("rows", put.rows().size()));
        });
        return put.rows().size();
    }

    private static void requireValid(DriftRow row, int index, DriftRepository.Key key) {
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

    Page<JsonNode> rows(DriftRepository.Asked asked, int maxResults, Optional<String> token) {
        Search search = Search.of(DriftRepository.SCHEMA, SearchRequest.all(asked.toString(), maxResults, token));
        return database.read(tx -> repository.rows(tx, search, asked));
    }

    List<String> columns(String model) {
        return database.read(tx -> repository.columns(tx, model));
    }

    List<DriftModel> models() {
        return database.read(repository::models);
    }
}
