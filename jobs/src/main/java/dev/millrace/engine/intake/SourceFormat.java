package dev.millrace.engine.intake;

import java.util.List;
import org.apache.spark.sql.types.StructType;

/**
 * A format of files: how their columns are found, and how their records become rows. A new format is one class and one
 * constant of {@link FileFormat}.
 */
public interface SourceFormat {
    /**
     * The columns of files under their new names, from every value where files do not say their types. Files that cannot
     * be read count for nothing; {@link #read} says what is wrong with them.
     */
    Found look(Cluster cluster, List<SourceFile> files, ReadOptions options);

    /**
     * The records of files as rows of {@code target}. Nothing is read yet but what is needed to plan it. A bad record is
     * a row with its reason, and so is a file that turns out to be unreadable; it never throws for what is in a file.
     */
    Parsed read(Cluster cluster, List<SourceFile> files, StructType target, ReadOptions options);

    /** Whether nothing but its extension says that a file is one of this format, so that an empty file is one too. */
    boolean takesEmptyFiles();
}
