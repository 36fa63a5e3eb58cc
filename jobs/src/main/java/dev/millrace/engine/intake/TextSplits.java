package dev.millrace.engine.intake;

import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Splits large text files between records, so that every core has something to read: one pass over the bytes, in
 * parallel, says what each chunk does to every state it may begin in ({@link ChunkScan}); from the file's beginning on,
 * the chunks are then put together. The parts hold the same records with the same line numbers as the whole file
 * (docs/decisions/0511). On the driver: some 200 bytes per chunk.
 */
final class TextSplits {
    /** Smaller parts cost more than they gain, unless the session's own limit is smaller. */
    private static final long LEAST_BYTES = 4L << 20;

    /** Beyond it, chunks grow instead. */
    private static final long MOST_CHUNKS = 20_000;

    private TextSplits() {}

    private record Chunk(SourceFile file, int index, long start, long length) implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    private record Scanned(Chunk chunk, ChunkScan scan) implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    static List<TextSplit> of(Cluster cluster, List<SourceFile> files, TextFormat format, ReadOptions options) {
        long bytes = files.stream().mapToLong(SourceFile::bytes).sum();
        long perCore = bytes / Math.max(1, cluster.context().defaultParallelism());
        long chunkBytes =
                Math.max(Math.min(cluster.maxSplitBytes(), Math.max(LEAST_BYTES, perCore)), bytes / MOST_CHUNKS + 1);
        Configuration hadoop = cluster.context().hadoopConfiguration();
        TextOpener opener = new TextOpener(options, hadoop);
        Optional<RecordLexer> lexer = format.lexer(options);
        List<TextSplit> splits = new ArrayList<>();
        List<SourceFile> large = new ArrayList<>();
        for (SourceFile file : files) {
            if (file.bytes() <= chunkBytes + chunkBytes / 2) {
                splits.add(TextSplit.whole(file));
                continue;
            }
            String whole = whole(file, lexer, opener);
            if (whole.isEmpty()) large.add(file);
            else splits.add(TextSplit.whole(file));
            if (!whole.isEmpty() && file.bytes() > cluster.maxSplitBytes()) {
                cluster.progress()
                        .warn("`" + file.printed() + "` (" + (file.bytes() >> 20)
                                + " MiB) is read by one task, because " + whole);
            }
        }
        if (!large.isEmpty()) splits.addAll(scanned(cluster, large, chunkBytes, lexer.orElseThrow()));
        return splits;
    }

    /** Why a file must be read from its beginning by one task; empty when it can be split. */
    private static String whole(SourceFile file, Optional<RecordLexer> lexer, TextOpener opener) {
        if (opener.isCompressed(file)) return "it is compressed; uncompressed files are split";
        Charset charset = opener.options().charset().orElse(StandardCharsets.UTF_8);
        if (!isAsciiBased(charset)) return "its encoding is " + charset + "; files of UTF-8 are split";
        return lexer.isPresent() ? "" : "a separator, quote or escape character is not ASCII";
    }

    /** Whether a byte below 128 is always the character of ASCII. */
    static boolean isAsciiBased(Charset charset) {
        String name = charset.name();
        return charset.equals(StandardCharsets.UTF_8)
                || charset.equals(StandardCharsets.US_ASCII)
                || name.startsWith("ISO-8859-")
                || name.startsWith("windows-125");
    }

    private static List<TextSplit> scanned(
            Cluster cluster, List<SourceFile> files, long chunkBytes, RecordLexer lexer) {
        List<Chunk> chunks = new ArrayList<>();
        for (SourceFile file : files) {
            int index = 0;
            for (long start = 0; start < file.bytes(); start += chunkBytes) {
                chunks.add(new Chunk(file, index++, start, Math.min(chunkBytes, file.bytes() - start)));
            }
        }
        Scan scan =
                new Scan(lexer, new SerializableConfiguration(cluster.context().hadoopConfiguration()));
        List<Scanned> all =
                cluster.context().parallelize(chunks, chunks.size()).map(scan).collect();
        Set<String> unreadable = new HashSet<>();
        Map<String, TreeMap<Integer, ChunkScan>> byFile = new HashMap<>();
        for (Scanned one : all) {
            if (one.scan() == null) unreadable.add(one.chunk().file().path());
            byFile.computeIfAbsent(one.chunk().file().path(), path -> new TreeMap<>())
                    .put(one.chunk().index(), one.scan());
        }
        List<TextSplit> splits = new ArrayList<>();
        for (SourceFile file : files) {
            // Reading the whole file says what is wrong with it.
            if (unreadable.contains(file.path())) splits.add(TextSplit.whole(file));
            else
                splits.addAll(composed(
                        file, chunkBytes, List.copyOf(byFile.get(file.path()).values())));
        }
        return splits;
    }

    /**
     * The parts between records, one per chunk in which a record begins.
     *
     * @param scans of all chunks of the file, in their order
     */
    static List<TextSplit> composed(SourceFile file, long chunkBytes, List<ChunkScan> scans) {
        List<TextSplit> splits = new ArrayList<>();
        int state = RecordLexer.RECORD_START;
        long line = 1;
        long start = 0;
        long startLine = 1;
        for (int i = 0; i < scans.size(); i++) {
            ChunkScan scan = scans.get(i);
            if (i > 0 && scan.first(state) >= 0) {
                long next = i * chunkBytes + scan.first(state);
                splits.add(new TextSplit(file, start, next, startLine));
                start = next;
                startLine = line + scan.linesBefore(state);
            }
            line += scan.lines();
            state = scan.after(state);
        }
        splits.add(new TextSplit(file, start, file.bytes(), startLine));
        return splits;
    }

    private record Scan(RecordLexer lexer, SerializableConfiguration hadoop) implements Function<Chunk, Scanned> {
        private static final long serialVersionUID = 1L;

        @Override
        public Scanned call(Chunk chunk) {
            Path path = new Path(chunk.file().path());
            try (FSDataInputStream in = path.getFileSystem(hadoop.value()).open(path)) {
                long begin = chunk.start();
                byte before = 0;
                if (begin == 0) {
                    begin = byteOrderMark(in);
                } else {
                    in.seek(begin - 1);
                    before = (byte) in.read();
                }
                in.seek(begin);
                return new Scanned(chunk, ChunkScan.of(in, before, chunk.start() + chunk.length() - begin, lexer));
            } catch (IOException unreadable) {
                return new Scanned(chunk, null);
            }
        }

        /** The length of UTF-8's mark, which belongs to no cell. */
        private static long byteOrderMark(FSDataInputStream in) throws IOException {
            byte[] head = in.readNBytes(3);
            boolean mark =
                    head.length == 3 && head[0] == (byte) 0xEF && head[1] == (byte) 0xBB && head[2] == (byte) 0xBF;
            return mark ? 3 : 0;
        }
    }
}
