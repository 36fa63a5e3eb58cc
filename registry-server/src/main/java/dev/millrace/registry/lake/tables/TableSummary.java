package dev.millrace.registry.lake.tables;

import java.util.Optional;

/**
 * One table of a list.
 *
 * @param version the newest; absent when the table cannot be read
 * @param versions how many still have their log file
 * @param rows absent when a writer did not count them, or there was no time to look
 * @param writtenAt when its rows last changed, epoch milliseconds
 * @param job the command that changed them; absent when it was not Millrace
 * @param runId the run that changed them
 * @param problem why it cannot be read
 */
public record TableSummary(
        TableName table,
        Optional<Long> version,
        long versions,
        Optional<Long> rows,
        Optional<Long> files,
        Optional<Long> bytes,
        Optional<Long> writtenAt,
        Optional<String> job,
        Optional<String> runId,
        Optional<String> problem) {

    static TableSummary unreadable(TableName table, long versions, String problem) {
        return new TableSummary(
                table,
                Optional.empty(),
                versions,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(problem));
    }
}
