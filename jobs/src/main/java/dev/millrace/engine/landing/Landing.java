package dev.millrace.engine.landing;

import dev.millrace.engine.intake.FileFormat;
import dev.millrace.engine.intake.SourceFile;
import dev.millrace.engine.intake.SourceFiles;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.table.Tables;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/**
 * What lies where files land, and what of it is new.
 *
 * @param fresh files of the next batch, which no batch has taken, sorted by path
 * @param sample all files of the run that no batch had taken when it began
 * @param earlier batches that this run has committed
 * @param format of the files; null when there are none
 * @param warnings what a person should know, though it stops nothing
 */
public record Landing(
        FileLog log,
        List<SourceFile> fresh,
        List<SourceFile> sample,
        int earlier,
        FileFormat format,
        List<String> warnings) {
    private static final int NAMED = 5;

    /** @throws MillraceException NOT_FOUND when there is no file, and never was one */
    public static Landing look(LandingDeclaration config, Tables tables, Configuration hadoop) {
        FileLog log = FileLog.open(tables, config.output().name(), hadoop);
        SourceFiles.Listing listing;
        try {
            listing = SourceFiles.list(config.path(), config.format(), hadoop);
        } catch (MillraceException none) {
            if (none.kind() != ErrorKind.NOT_FOUND || log.isEmpty()) throw none;
            return new Landing(log, List.of(), List.of(), 0, null, List.of(none.getMessage()));
        }
        List<SourceFile> fresh = log.newAmong(listing.files());
        return new Landing(log, fresh, fresh, 0, listing.format(), warnings(listing, log));
    }

    /** The new files in batches of bounded size, in the order of their paths; a larger file is a batch of its own. */
    public List<List<SourceFile>> batches(LandingDeclaration config) {
        List<List<SourceFile>> batches = new ArrayList<>();
        List<SourceFile> batch = new ArrayList<>();
        long bytes = 0;
        for (SourceFile file : fresh) {
            boolean full = batch.size() == config.batchFiles() || bytes + file.bytes() > config.batchBytes();
            if (full && !batch.isEmpty()) {
                batches.add(batch);
                batch = new ArrayList<>();
                bytes = 0;
            }
            batch.add(file);
            bytes += file.bytes();
        }
        if (!batch.isEmpty()) batches.add(batch);
        return batches;
    }

    /** For one of several batches; the log is read again, because the batches before it are in it now. */
    public Landing forBatch(int earlierBatches, List<SourceFile> files) {
        FileLog current = earlierBatches == 0 ? log : log.again();
        return new Landing(current, files, sample, earlierBatches, format, warnings);
    }

    /** What stands in the table after a failure, for messages. */
    public String uncommitted() {
        if (earlier == 0) return "Nothing was committed.";
        return "This batch was not committed; " + earlier + (earlier == 1 ? " batch" : " batches")
                + " of this run before it remain, and the next run ingests the rest.";
    }

    private static List<String> warnings(SourceFiles.Listing listing, FileLog log) {
        List<String> warnings = new ArrayList<>();
        if (!listing.hidden().isEmpty()) {
            warnings.add("Ignored, because their names begin with _ or .: " + some(listing.hidden()));
        }
        if (!listing.others().isEmpty()) {
            warnings.add("Ignored, because their extensions are unknown: " + some(listing.others()));
        }
        List<SourceFile> changed = log.changedAmong(listing.files());
        if (!changed.isEmpty()) {
            warnings.add("Changed after they were ingested, and not ingested again: "
                    + some(changed.stream().map(SourceFile::printed).toList()));
        }
        List<String> empty = log.newAmong(listing.files()).stream()
                .filter(file -> file.bytes() == 0 && listing.format().source().takesEmptyFiles())
                .map(SourceFile::printed)
                .toList();
        if (!empty.isEmpty()) warnings.add("Empty files: " + some(empty));
        return warnings;
    }

    /** The first few, and how many more there are. */
    public static String some(List<String> names) {
        String first = String.join(", ", names.subList(0, Math.min(NAMED, names.size())));
        return names.size() <= NAMED ? first : first + " and " + (names.size() - NAMED) + " more";
    }
}
