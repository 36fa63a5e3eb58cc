package dev.millrace.engine.generate;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.run.Interval;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * A folder of landing files, named by day of arrival and by the digest of what made them: {@code
 * transactions/2026-01-05-3f2a91bc.csv}. A file is written elsewhere and renamed when it is whole, so whoever watches
 * the folder sees whole files only; a killed run leaves a hidden folder, which the next one removes. Same digest, same
 * bytes: a file that is there already is left alone.
 */
public final class LandingFiles {
    private static final Pattern FILE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}-([0-9a-f]{8})(-[0-9]+)?\\..*");
    private static final Pattern STAGED = Pattern.compile(".*/day=([0-9-]+)/part=([0-9]+)/part-[^/]*");

    /** The form of the files. */
    public enum Format {
        CSV,
        JSON,
        PARQUET
    }

    private final Path root;
    private final FileSystem files;
    private final Format format;
    private final String digest;

    public LandingFiles(String root, Configuration hadoop, Format format, String digest) {
        this.root = new Path(root);
        this.format = format;
        this.digest = digest;
        try {
            this.files = this.root.getFileSystem(hadoop);
        } catch (IOException unreachable) {
            throw unwritable(unreachable);
        }
    }

    /** @param files names relative to the folder */
    public record Written(long rows, List<String> files) {}

    /** Where the files are. */
    public String location() {
        return root.toString();
    }

    /** Whether an earlier run for this interval came to its end and its files have not been removed. */
    public boolean complete(Optional<Interval> interval) {
        try {
            Path manifest = manifest(interval);
            if (!files.exists(manifest)) return false;
            try (InputStream in = files.open(manifest)) {
                for (var name : new ObjectMapper().readTree(in).path("files")) {
                    if (!files.exists(new Path(root, name.asText()))) return false;
                }
            }
            return true;
        } catch (IOException unreadable) {
            return false;
        }
    }

    /** @throws MillraceException ALREADY_EXISTS when the folder holds the files of another simulation */
    public void requireOwn(String kind) {
        for (FileStatus file : list(new Path(root, kind))) {
            Matcher name = FILE.matcher(file.getPath().getName());
            if (name.matches() && name.group(1).equals(digest)) continue;
            if (file.getPath().getName().startsWith(".")) continue;
            throw new MillraceException(
                    ErrorKind.ALREADY_EXISTS,
                    "The folder `" + file.getPath().getParent() + "` contains `"
                            + file.getPath().getName()
                            + "`, a file of another simulation (different configuration or seed). Set a different"
                            + " `files.path`, or remove the folder.");
        }
    }

    /**
     * Writes rows as one file per day, or several where a day is large. Costs one shuffle by day and a sort.
     *
     * @param arrival TIMESTAMP column that decides the day
     * @param key unique together with {@code arrival}; orders the rows of a file, and deals them to the files of a day
     * @param filesPerDay how many
     */
    public Written write(String kind, Dataset<Row> rows, String arrival, String key, int filesPerDay) {
        Path staging = new Path(root, ".staging-" + kind + "-" + digest);
        remove(staging);
        Column day = functions.date_format(functions.col(arrival), "yyyy-MM-dd").as("day");
        Column part = functions
                .pmod(functions.xxhash64(functions.col(key)), functions.lit(filesPerDay))
                .as("part");
        Observation count = new Observation();
        rows.select(functions.col("*"), day, part)
                .observe(count, functions.count(functions.lit(1)).as("rows"))
                .repartition(functions.col("day"), functions.col("part"))
                .sortWithinPartitions("day", "part", arrival, key)
                .write()
                .partitionBy("day", "part")
                .format(format.name().toLowerCase(Locale.ROOT))
                .options(Map.of("header", "true", "compression", compression()))
                .save(staging.toString());
        List<String> names = publish(kind, staging, filesPerDay);
        remove(staging);
        return new Written(rows(count), names);
    }

    private static long rows(Observation count) {
        try {
            return (Long) count.getAsJava().get("rows");
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new MillraceException(ErrorKind.TEMPORARY, "Interrupted while counting rows; run again.", stopped);
        }
    }

    private String compression() {
        return format == Format.PARQUET ? "snappy" : "none";
    }

    private List<String> publish(String kind, Path staging, int filesPerDay) {
        List<String> names = new ArrayList<>();
        try {
            Path folder = new Path(root, kind);
            files.mkdirs(folder);
            var staged = files.listFiles(staging, true);
            while (staged.hasNext()) {
                Path file = staged.next().getPath();
                Matcher where = STAGED.matcher(file.toUri().getPath());
                if (!where.matches()) continue;
                String part = filesPerDay == 1 ? "" : "-" + where.group(2);
                String name = where.group(1) + "-" + digest + part + "."
                        + format.name().toLowerCase(Locale.ROOT);
                Path target = new Path(folder, name);
                if (!files.exists(target) && !files.rename(file, target)) {
                    throw new IOException("cannot rename " + file + " to " + target);
                }
                names.add(kind + "/" + name);
            }
        } catch (IOException failed) {
            throw unwritable(failed);
        }
        names.sort(null);
        return names;
    }

    /** Says that the run came to its end: what {@link #complete} looks for. */
    public void finish(Optional<Interval> interval, List<String> names) {
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("digest", digest);
        content.put("files", names);
        try (FSDataOutputStream out = files.create(manifest(interval), true)) {
            out.write(new ObjectMapper().writeValueAsString(content).getBytes(StandardCharsets.UTF_8));
        } catch (IOException failed) {
            throw unwritable(failed);
        }
    }

    private Path manifest(Optional<Interval> interval) {
        String span = interval.map(given -> "-"
                        + given.start().toString().substring(0, 10) + "-"
                        + given.end().toString().substring(0, 10))
                .orElse("");
        return new Path(root, ".generated-" + digest + span + ".json");
    }

    private FileStatus[] list(Path folder) {
        try {
            return files.listStatus(folder);
        } catch (FileNotFoundException none) {
            return new FileStatus[0];
        } catch (IOException failed) {
            throw unwritable(failed);
        }
    }

    private void remove(Path folder) {
        try {
            files.delete(folder, true);
        } catch (IOException failed) {
            throw unwritable(failed);
        }
    }

    private MillraceException unwritable(IOException failed) {
        return new MillraceException(
                ErrorKind.OUTPUT_UNWRITABLE, "Cannot write to `" + root + "`: " + failed.getMessage(), failed);
    }
}
