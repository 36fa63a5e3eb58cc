package dev.millrace.job.generate;

import dev.millrace.job.JobResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What was made.
 *
 * @param transactions rows, duplicates included
 * @param labels rows
 * @param folder where the landing files are, if any were written
 */
public record GenerateResult(long transactions, long labels, Optional<String> folder, int files, List<String> tables)
        implements JobResult {
    GenerateResult with(List<String> written) {
        return new GenerateResult(transactions, labels, folder, files, written);
    }

    @Override
    public OptionalLong rowsOut() {
        return OptionalLong.of(transactions);
    }

    @Override
    public List<String> produced() {
        return tables;
    }

    @Override
    public Map<String, Object> details() {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("transactions", transactions);
        details.put("labels", labels);
        details.put("files", files);
        folder.ifPresent(path -> details.put("folder", path));
        return details;
    }
}
