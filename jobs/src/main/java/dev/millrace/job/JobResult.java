package dev.millrace.job;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** What a job did: printed by the command line, recorded by the run. */
public interface JobResult {
    OptionalLong rowsIn();

    OptionalLong rowsOut();

    /** Table versions ({@code features.customer_daily@3}) and model versions ({@code fraud@2}) made. */
    List<String> produced();

    /** A few facts, as JSON values; numbers among them become metrics of the run. */
    default Map<String, Object> details() {
        return Map.of();
    }
}
