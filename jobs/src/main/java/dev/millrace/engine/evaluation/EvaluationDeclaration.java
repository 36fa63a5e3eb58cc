package dev.millrace.engine.evaluation;

import dev.millrace.engine.truth.LabelSource;
import dev.millrace.platform.table.TableRef;
import java.util.List;
import java.util.Optional;

/** What a user declared of an evaluation. A job's config is one. */
public interface EvaluationDeclaration {
    /** The table to score and judge. */
    Optional<TableRef> table();

    /** The table of predictions to judge instead. */
    Optional<TableRef> predictions();

    /** Moment of a row of the table. */
    Optional<String> timeColumn();

    /** Columns whose values are judged apart. */
    List<String> slices();

    /** Where the labels are; empty: in the table that is scored. */
    Optional<LabelSource> source();
}
