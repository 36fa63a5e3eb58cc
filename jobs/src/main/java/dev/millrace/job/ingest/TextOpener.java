package dev.millrace.job.ingest;

import dev.millrace.engine.intake.Characters;
import dev.millrace.engine.intake.CsvReader;
import dev.millrace.engine.intake.JsonLinesReader;
import dev.millrace.engine.intake.TextFile;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;

/** Opens text files on any Hadoop file system; compressed ones by their extension. */
record TextOpener(TextSpec spec, Configuration hadoop) {

    CsvReader csv(SourceFile file) throws IOException {
        return new CsvReader(characters(file), spec.dialect());
    }

    JsonLinesReader json(SourceFile file) throws IOException {
        return new JsonLinesReader(characters(file), spec.dialect().maxChars());
    }

    private Characters characters(SourceFile file) throws IOException {
        Path path = new Path(file.path());
        FSDataInputStream raw = path.getFileSystem(hadoop).open(path);
        try {
            // Java's own gzip reader tells a cut stream from a finished one; Hadoop's codecs do the rest.
            boolean gzip = path.getName().toLowerCase(Locale.ROOT).endsWith(".gz");
            InputStream in = raw;
            if (!gzip) {
                CompressionCodec codec = new CompressionCodecFactory(hadoop).getCodec(path);
                if (codec != null) in = codec.createInputStream(raw);
            }
            return TextFile.open(in, gzip, spec.charset());
        } catch (IOException | RuntimeException unreadable) {
            raw.close();
            throw unreadable;
        }
    }
}
