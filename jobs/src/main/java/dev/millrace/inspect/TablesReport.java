package dev.millrace.inspect;

import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.table.CommitMetadata;
import dev.millrace.platform.table.DeltaHistory;
import dev.millrace.platform.table.TableName;
import dev.millrace.platform.table.TableRef;
import dev.millrace.platform.table.TableState;
import dev.millrace.platform.table.Tables;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is in a lake, from the tables' logs alone. Cost: one small Spark job per table over its list of files; no row is
 * read.
 */
public final class TablesReport {
    private final Tables tables;

    /** @param tables opened as of the moment that is asked for, if any */
    public TablesReport(Tables tables) {
        this.tables = tables;
    }

    /** Every table; one that cannot be read is listed with the reason, one that was not there yet is left out. */
    public TableList all() {
        List<TableSummary> summaries = new ArrayList<>();
        for (TableName name : tables.lake().names()) {
            try {
                summaries.add(summary(name));
            } catch (MillraceException refused) {
                if (refused.kind() != ErrorKind.NOT_FOUND) {
                    summaries.add(TableSummary.unreadable(name.toString(), refused.getMessage()));
                }
            }
        }
        return new TableList(summaries);
    }

    /**
     * One table with its schema and commits.
     *
     * @throws MillraceException NOT_FOUND when there is no such table, or was none then
     */
    public TableDetail of(TableName name) {
        TableState state = tables.state(TableRef.of(name));
        return new TableDetail(summary(state), state.schema(), state.partitionColumns(), newestUpTo(state));
    }

    private TableSummary summary(TableName name) {
        return summary(tables.state(TableRef.of(name)));
    }

    private TableSummary summary(TableState state) {
        Optional<DeltaHistory> history = tables.history(TableName.parse(state.table()));
        Optional<DeltaHistory.Entry> written = history.stream()
                .flatMap(commits -> commits.upTo(state.version()))
                .filter(DeltaHistory.Entry::dataChange)
                .findFirst();
        Optional<CommitMetadata> maker = written.flatMap(DeltaHistory.Entry::millrace);
        return new TableSummary(
                state.table(),
                state.version(),
                history.map(commits -> state.version() - commits.oldest() + 1).orElse(0L),
                state.rows(),
                state.files(),
                state.bytes(),
                written.map(DeltaHistory.Entry::at),
                maker.map(CommitMetadata::job),
                maker.map(CommitMetadata::runId),
                Optional.empty());
    }

    /** The commits up to the version, the newest first, at most {@link TableDetail#COMMITS}. */
    private List<DeltaHistory.Entry> newestUpTo(TableState state) {
        return tables.history(TableName.parse(state.table())).stream()
                .flatMap(history -> history.upTo(state.version()))
                .limit(TableDetail.COMMITS)
                .toList();
    }
}
