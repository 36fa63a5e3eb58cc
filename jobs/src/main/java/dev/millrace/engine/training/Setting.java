package dev.millrace.engine.training;

import dev.millrace.platform.table.Tables;
import java.time.Instant;

/**
 * What a training stands on besides its declaration.
 *
 * @param seed of splits by a hash
 * @param now until when labels are known
 */
public record Setting(Tables tables, long seed, Instant now) {}
