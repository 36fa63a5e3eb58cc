package dev.millrace.engine.training;

import dev.millrace.platform.config.Doc;
import java.util.List;

/**
 * What may not be seen in samples, examples and reports. The model itself uses the columns all the same.
 *
 * @param exclude columns shown as NULL
 * @param hash text columns shown as a hash
 */
public record Privacy(
        @Doc("columns that examples and the training profile leave out") List<String> exclude,
        @Doc("columns shown as a hash only") List<String> hash) {
    public Privacy {
        exclude = List.copyOf(exclude);
        hash = List.copyOf(hash);
    }
}
