package dev.millrace.job.ingest;

import dev.millrace.job.JobContext;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/**
 * What lies where files land, and what of it is new.
 *
 * @param fresh files no batch has taken, sorted by path
 * @param format of the files; null when there are none
 * @param warnings what a person should know, though it stops nothing
 */
record Landing(FileLog log, List<SourceFile> fresh, IngestConfig.Format format, List<String> warnings) {
    private static final int NAMED = 5;

    /** @throws MillraceException NOT_FOUND when there is no file, and never was one */
    static Landing look(IngestConfig config, JobContext ctx) {
        Configuration hadoop = ctx.spark().sparkContext().hadoopConfiguration();
        FileLog log = FileLog.open(ctx.tables(), config.output().name(), hadoop);
        SourceFiles.Listing listing;
        try {
            listing = SourceFiles.list(config.path(), config.format(), hadoop);
        } catch (MillraceException none) {
            if (none.kind() != ErrorKind.NOT_FOUND || log.isEmpty()) throw none;
            return new Landing(log, List.of(), null, List.of(none.getMessage()));
        }
        return new Landing(log, log.newAmong(listing.files()), listing.format(), warnings(listing, log));
    }

    private static List<String> warnings(SourceFiles.Listing listing, FileLog log) {
        List<String> warnings = new java.util.ArrayList<>();
        if (!listing.hidden().isEmpty()) {
            warnings.add("Ignored, because their names begin with _ or .: " + some(listing.hidden()));
        }
        if (!listing.others().isEmpty()) {
            warnings.add("Ignored, because their extensions are of no known format: " + some(listing.others()));
        }
        List<SourceFile> changed = log.changedAmong(listing.files());
        if (!changed.isEmpty()) {
            warnings.add("Changed after they were ingested, and not taken again: "
                    + some(changed.stream().map(SourceFile::printed).toList()));
        }
        List<String> empty = log.newAmong(listing.files()).stream()
                .filter(file -> file.bytes() == 0 && listing.format().isText())
                .map(SourceFile::printed)
                .toList();
        if (!empty.isEmpty()) warnings.add("Files without a single byte: " + some(empty));
        return warnings;
    }

    /** The first few, and how many more there are. */
    static String some(List<String> names) {
        String first = String.join(", ", names.subList(0, Math.min(NAMED, names.size())));
        return names.size() <= NAMED ? first : first + " and " + (names.size() - NAMED) + " more";
    }
}
