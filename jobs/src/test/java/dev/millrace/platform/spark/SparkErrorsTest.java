package dev.millrace.platform.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SparkErrorsTest {
    private static Exception inSpark(Throwable cause) {
        return new SparkException("Job aborted", new SparkException("Task failed", cause));
    }

    @ParameterizedTest
    @CsvSource({
        "No space left on device, no space is left on the device",
        "Disk quota exceeded, the disk quota is exceeded",
        "/x: Read-only file system, the file system is read-only",
        "/x/y (Permission denied), permission denied",
        "Mkdirs failed to create file:/x, its folder cannot be created",
        "Parent path is not a directory: file:/x, its folder cannot be created"
    })
    void aDiskThatDoesNotTakeTheRowsIsToldAsSuch(String thrown, String told) {
        RuntimeException translated = SparkErrors.onWrite("raw.x", inSpark(new IOException(thrown)));

        assertThat(translated)
                .isInstanceOfSatisfying(MillraceException.class, refused -> assertThat(refused.kind())
                        .isEqualTo(ErrorKind.OUTPUT_UNWRITABLE))
                .hasMessageStartingWith("Cannot write table `raw.x`: " + told)
                .hasMessageContaining("The table is unchanged");
    }

    @Test
    void accessDeniedIsKnownByItsType() {
        assertThat(SparkErrors.onWrite("raw.x", inSpark(new AccessDeniedException("/x"))))
                .hasMessageContaining("permission denied (/x)");
    }

    @Test
    void ourOwnWordsComeThroughWhateverIsWrappedAroundThem() {
        MillraceException ours = new MillraceException(ErrorKind.MODEL_UNUSABLE, "no model");

        assertThat(SparkErrors.translated(inSpark(ours))).isSameAs(ours);
        assertThat(SparkErrors.onWrite("raw.x", inSpark(ours))).isSameAs(ours);
        assertThat(SparkErrors.onRead("/x", inSpark(ours))).isSameAs(ours);
    }

    @Test
    void aMissingFileOfATableIsAnUnreadableInput() {
        assertThat(SparkErrors.translated(inSpark(new FileNotFoundException("/x/part-0.parquet"))))
                .isInstanceOfSatisfying(MillraceException.class, refused -> assertThat(refused.kind())
                        .isEqualTo(ErrorKind.INPUT_UNREADABLE))
                .hasMessageContaining("It was vacuumed or deleted.");
    }

    @Test
    void anUnknownFailureKeepsItsType() {
        IllegalStateException bug = new IllegalStateException("bug");

        assertThat(SparkErrors.translated(bug)).isSameAs(bug);
        assertThat(SparkErrors.translated(inSpark(null)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Job aborted")
                .hasCauseInstanceOf(SparkException.class);
    }

    @Test
    void aCauseThatIsItsOwnCauseEndsTheSearch() {
        Exception outer = new IOException("outer");
        Exception inner = new IOException("inner", outer);
        outer.initCause(inner);

        assertThat(SparkErrors.onRead("/x", outer))
                .hasMessageStartingWith("Cannot read `/x`: outer. Read an older version");
        assertThat(SparkErrors.isConcurrentWrite(outer)).isFalse();
    }
}
