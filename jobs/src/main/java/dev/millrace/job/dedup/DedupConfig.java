package dev.millrace.job.dedup;

import dev.millrace.engine.dedup.DedupDeclaration;
import dev.millrace.platform.config.Default;
import dev.millrace.platform.config.Doc;
import dev.millrace.platform.table.OutputRef;
import dev.millrace.platform.table.TableRef;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What to keep when a key occurs more than once.
 *
 * @param keys columns that make a row unique
 * @param latestBy the row with the greatest value is kept; the next column decides where it is equal
 * @param trim white space around text keys does not count
 * @param ignoreCase the case of text keys does not count
 */
public record DedupConfig(
        @Doc("table with duplicates") TableRef input,
        @Doc("table with one row per key") OutputRef output,
        @Doc("columns that identify a row") List<String> keys,
        @Doc("the row with the greatest value remains; default: all columns") List<Latest> latestBy,
        @Doc("ignore leading and trailing white space of string keys") @Default("false") boolean trim,
        @Doc("ignore the case of string keys") @Default("false") boolean ignoreCase)
        implements DedupDeclaration {

    public DedupConfig {
        keys = List.copyOf(keys);
        latestBy = List.copyOf(latestBy);
        if (keys.isEmpty()) throw new IllegalArgumentException("`keys` is empty; list at least one column");
        Set<String> seen = new HashSet<>();
        for (String key : keys) {
            if (!seen.add(key)) throw new IllegalArgumentException("`keys` lists `" + key + "` twice; remove one");
        }
        for (Latest latest : latestBy) {
            if (!seen.add(latest.column())) {
                throw new IllegalArgumentException("`latest-by` lists `" + latest.column()
                        + "`, which is listed before or is one of `keys`; remove it");
            }
        }
    }
}
