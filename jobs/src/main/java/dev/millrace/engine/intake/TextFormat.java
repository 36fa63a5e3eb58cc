package dev.millrace.engine.intake;

import java.io.Serializable;
import java.util.Optional;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/**
 * A format of text files. What is common to them (encodings, compression, parts, line numbers, bad records, inference)
 * is done by {@link TextFiles}; a format says how characters become records and values.
 */
interface TextFormat extends SourceFormat, Serializable {
    /** Reads records from {@code chars}, which stand before the header or, in a later part, before a record. */
    TextReader reader(Characters chars, ReadOptions options);

    /** Whether files begin with the names of their columns, once for all records. */
    boolean hasHeader(ReadOptions options);

    /** Whether records name no columns at all, so that files cannot say what their columns are. */
    boolean takesPositions(ReadOptions options);

    /** Where records end, when bytes can say it; empty when a file must be read from its beginning. */
    Optional<RecordLexer> lexer(ReadOptions options);

    /** Whether a record can hold a value of the type. */
    boolean holds(DataType type);

    @Override
    default Found look(Cluster cluster, java.util.List<SourceFile> files, ReadOptions options) {
        return TextFiles.look(cluster, files, this, options);
    }

    @Override
    default Parsed read(Cluster cluster, java.util.List<SourceFile> files, StructType target, ReadOptions options) {
        return TextFiles.read(cluster, files, this, target, options);
    }
}
