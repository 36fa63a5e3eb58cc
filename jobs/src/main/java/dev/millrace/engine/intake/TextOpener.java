package dev.millrace.engine.intake;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;

/** Opens text files on any Hadoop file system; compressed ones by their extension. */
record TextOpener(ReadOptions options, Configuration hadoop) {

    /** The characters of a whole file. */
    Characters open(SourceFile file) throws IOException {
        return open(TextSplit.whole(file));
    }

    /** The characters of a part. */
    Characters open(TextSplit split) throws IOException {
        Path path = new Path(split.file().path());
        FSDataInputStream raw = path.getFileSystem(hadoop).open(path);
        try {
            if (!split.isWhole()) {
                raw.seek(split.start());
                InputStream part = new Part(raw, split.bytes());
                return split.isFirst()
                        ? TextFile.open(part, false, options.charset())
                        : TextFile.openPart(part, options.charset(), split.line());
            }
            // Java's own gzip reader tells a cut stream from a finished one; Hadoop's codecs do the rest.
            boolean gzip = isGzip(path);
            InputStream in = raw;
            if (!gzip) {
                CompressionCodec codec = new CompressionCodecFactory(hadoop).getCodec(path);
                if (codec != null) in = codec.createInputStream(raw);
            }
            return TextFile.open(in, gzip, options.charset());
        } catch (IOException | RuntimeException unreadable) {
            raw.close();
            throw unreadable;
        }
    }

    private static boolean isGzip(Path path) {
        return path.getName().toLowerCase(Locale.ROOT).endsWith(".gz");
    }

    /** Whether a file's bytes are those of its text. */
    boolean isCompressed(SourceFile file) {
        Path path = new Path(file.path());
        return isGzip(path) || new CompressionCodecFactory(hadoop).getCodec(path) != null;
    }

    /** So many bytes of a stream. */
    private static final class Part extends FilterInputStream {
        private long left;

        Part(InputStream in, long length) {
            super(in);
            this.left = length;
        }

        @Override
        public int read() throws IOException {
            if (left == 0) return -1;
            int value = super.read();
            if (value >= 0) left--;
            return value;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (left == 0) return -1;
            int read = super.read(bytes, offset, (int) Math.min(length, left));
            if (read > 0) left -= read;
            return read;
        }

        @Override
        public boolean markSupported() {
            return false;
        }
    }
}
