package dev.millrace.platform.table;

import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/**
 * The first write of a table into a folder that held nothing before. When the disk stops it, what it left looks like a
 * table and is none, so it is taken away again. A folder that held anything is never touched.
 */
final class FirstWrite {
    /** Where ingest remembers, within a table's folder, which files it has taken; it undoes its own part. */
    private static final String INGESTED = "_millrace";

    private final FileSystem files;
    private final Path folder;

    private FirstWrite(FileSystem files, Path folder) {
        this.files = files;
        this.folder = folder;
    }

    /** @return empty when something else is there already, or nobody can say */
    static Optional<FirstWrite> into(SparkSession spark, String location) {
        Path folder = new Path(location);
        try {
            FileSystem files = folder.getFileSystem(spark.sparkContext().hadoopConfiguration());
            if (files.exists(folder)) {
                // Asked of a file, listStatus gives the file itself, and that one is not ours.
                if (!files.getFileStatus(folder).isDirectory()) return Optional.empty();
                for (FileStatus child : files.listStatus(folder)) if (!isIngests(child)) return Optional.empty();
            }
            return Optional.of(new FirstWrite(files, folder));
        } catch (IOException unknown) {
            return Optional.empty();
        }
    }

    /** Removes what was written; to be called only when no commit is there. */
    void undo() {
        try {
            if (!files.exists(folder)) return;
            for (FileStatus child : files.listStatus(folder)) {
                if (!isIngests(child)) files.delete(child.getPath(), true);
            }
            if (files.listStatus(folder).length == 0) files.delete(folder, false);
        } catch (IOException unmendable) {
            // The disk that refused to be written may refuse this too; the failure itself is told.
        }
    }

    private static boolean isIngests(FileStatus child) {
        return child.getPath().getName().equals(INGESTED);
    }
}
