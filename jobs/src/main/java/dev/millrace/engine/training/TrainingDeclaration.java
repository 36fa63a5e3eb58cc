package dev.millrace.engine.training;

import dev.millrace.engine.learn.Algorithm;
import dev.millrace.engine.learn.Task;
import dev.millrace.engine.split.Split;
import dev.millrace.engine.truth.LabelSource;
import dev.millrace.platform.table.TableRef;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a user declared of one model. A job's config is one. */
public interface TrainingDeclaration {
    /** The table with the features and the label. */
    TableRef table();

    /** The column to predict. */
    String label();

    /** The value of the label that {@code probability} is about. */
    Optional<Object> positiveClass();

    /** Classification or regression. */
    Task task();

    /** The columns the model sees. */
    Features features();

    /** What is fitted. */
    Algorithm algorithm();

    /** Parameters of the algorithm. */
    Map<String, Object> params();

    /** Which rows train and which test. */
    Split split();

    /** Categories kept per column, the most frequent. */
    int maxCategories();

    /** Whether the model directory has {@code model.onnx}. */
    boolean writesOnnx();

    /** What samples and examples may not show. */
    Privacy privacy();

    /** Columns whose values are counted apart. */
    List<String> slices();

    /** Where labels are and when they arrived; empty: in the table itself, known at once. */
    Optional<LabelSource> labels();

    /** The declared column with the moment of a row. */
    Optional<String> timeColumn();

    /** Columns that identify a row; empty when nothing says so. */
    List<String> identity();

    /** The column that holds the moment of a row, when one is known. */
    default Optional<String> moment() {
        return timeColumn().or(() -> split().time());
    }

    /** Whether training rows have only the labels known when the test rows begin. */
    default boolean cutsLabels() {
        return labels().filter(LabelSource::isTimed).isPresent() && split().cutsLabels();
    }
}
