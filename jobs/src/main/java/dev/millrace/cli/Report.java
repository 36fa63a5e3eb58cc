package dev.millrace.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.spark.SparkSessions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;

/** Prints what a command found, as {@code --json} and {@code --result} ask. */
record Report(Shell shell, CommonOptions options) {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** The machine's form: on stdout with {@code --json}, in the file of {@code --result}. */
    void document(Map<String, Object> document) {
        if (!options.json() && options.result().isEmpty()) return;
        String text = text(document);
        // The file first: a command whose result cannot be written has failed, and says so on stdout instead.
        options.result().ifPresent(file -> write(file, text));
        if (options.json()) shell.out().print(text);
    }

    /** As {@link #document}, of a command that has failed already: a file that cannot be written is only told. */
    void failure(Map<String, Object> document, String told) {
        try {
            options.result().ifPresent(file -> write(file, text(document)));
        } catch (MillraceException unwritable) {
            if (!told.contains(unwritable.getMessage())) shell.err().println("error: " + unwritable.getMessage());
        }
        if (options.json()) shell.out().print(text(document));
    }

    /** The person's form: on stdout, unless {@code --json} has it. */
    void text(String text) {
        if (!options.json()) shell.out().print(text);
    }

    static String text(Object document) {
        try {
            return JSON.writeValueAsString(document) + "\n";
        } catch (JsonProcessingException impossible) {
            throw new AssertionError("A report must have a JSON form", impossible);
        }
    }

    private static void write(String file, String text) {
        Path path = new Path(file);
        try (FSDataOutputStream out = path.getFileSystem(SparkSessions.hadoop()).create(path, true)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException unwritable) {
            throw new MillraceException(
                    ErrorKind.OUTPUT_UNWRITABLE,
                    "Cannot write the result to `" + file + "`: " + unwritable.getMessage()
                            + ". The tables and runs of the job are not affected. Set `--result` to a writable file.",
                    unwritable);
        }
    }
}
