package dev.millrace.job;

import dev.millrace.platform.table.Commit;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** What a job did: printed by the command line, recorded by the run. */
public interface JobResult {
    /** Of the rows read; absent when they are not counted. */
    default OptionalLong rowsIn() {
        return OptionalLong.empty();
    }

    /** Writes to tables. */
    default List<Commit> commits() {
        return List.of();
    }

    /** Of the rows written; absent when no table is. */
    default OptionalLong rowsOut() {
        if (commits().isEmpty()) return OptionalLong.empty();
        return OptionalLong.of(commits().stream().mapToLong(Commit::rowsWritten).sum());
    }

    /** Table versions ({@code features.customer_daily@3}) and model versions ({@code fraud@2}) made. */
    default List<String> produced() {
        return commits().stream().map(Commit::printed).toList();
    }

    /** A few facts, as JSON values; numbers among them become metrics of the run. */
    default Map<String, Object> details() {
        return Map.of();
    }
}
