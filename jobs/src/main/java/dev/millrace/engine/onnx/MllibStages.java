package dev.millrace.engine.onnx;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.feature.OneHotEncoder;
import org.apache.spark.ml.feature.SQLTransformer;
import org.apache.spark.ml.feature.StringIndexerModel;
import org.apache.spark.ml.feature.VectorAssembler;

/**
 * A {@link FeaturePlan} as stages of an MLlib pipeline: what {@link FeatureGraph} writes for ONNX, MLlib does here, and
 * the tests hold both equal. Fitting them reads no row.
 */
public final class MllibStages {
    /** The column of the feature vector. */
    public static final String VECTOR = "_millrace_features";

    private static final String NUMBER = "_millrace_number_";
    private static final String TEXT = "_millrace_text_";
    private static final String INDEX = "_millrace_index_";
    private static final String HOT = "_millrace_hot_";
    /** Put before every category: OneHotEncoder refuses attributes without a name, which "" would be. */
    private static final String MARK = "=";

    private MllibStages() {}

    /** Stages from raw columns to {@link #VECTOR}. Input columns are kept; helpers named {@code _millrace_*} are added. */
    public static List<PipelineStage> of(FeaturePlan plan) {
        List<PipelineStage> stages = new ArrayList<>();
        stages.add(new SQLTransformer().setStatement(statement(plan)));
        int categories = plan.categories().size();
        List<String> vector = new ArrayList<>(numbered(NUMBER, plan.numbers().size()));
        if (categories > 0) {
            String[][] labels = plan.categories().stream()
                    .map(category -> category.values().stream()
                            .map(value -> MARK + value)
                            .toArray(String[]::new))
                    .toArray(String[][]::new);
            stages.add(new StringIndexerModel(labels)
                    .setHandleInvalid("keep")
                    .setInputCols(array(numbered(TEXT, categories)))
                    .setOutputCols(array(numbered(INDEX, categories))));
            if (plan.encoding() == FeaturePlan.Encoding.ONE_HOT) {
                // The indexer's attributes hold the sizes, so fitting the encoder scans nothing. The last category,
                // which it drops, is the indexer's "unknown".
                stages.add(new OneHotEncoder()
                        .setInputCols(array(numbered(INDEX, categories)))
                        .setOutputCols(array(numbered(HOT, categories))));
                vector.addAll(numbered(HOT, categories));
            } else {
                vector.addAll(numbered(INDEX, categories));
            }
        }
        stages.add(new VectorAssembler().setInputCols(array(vector)).setOutputCol(VECTOR));
        return stages;
    }

    /** One projection for all columns, so that Spark generates one loop. */
    private static String statement(FeaturePlan plan) {
        StringBuilder sql = new StringBuilder("SELECT *");
        for (int i = 0; i < plan.numbers().size(); i++) {
            FeaturePlan.Numeric number = plan.numbers().get(i);
            sql.append(", coalesce(nanvl(CAST(")
                    .append(quoted(number.column()))
                    .append(" AS DOUBLE), NULL), ")
                    .append(number.fill())
                    .append("D) AS ")
                    .append(NUMBER)
                    .append(i);
        }
        for (int i = 0; i < plan.categories().size(); i++) {
            sql.append(", '")
                    .append(MARK)
                    .append("' || ")
                    .append(text(plan.categories().get(i)))
                    .append(" AS ")
                    .append(TEXT)
                    .append(i);
        }
        return sql.append(" FROM __THIS__").toString();
    }

    /** Whole numbers are one category in every type: 1, 1.0 and 1.00 are 1; what is no whole number is unknown. */
    private static String text(FeaturePlan.Categorical category) {
        String column = quoted(category.column());
        if (category.kind() == FeaturePlan.Kind.TEXT) return "CAST(" + column + " AS STRING)";
        String whole = "TRY_CAST(" + column + " AS BIGINT)";
        return "CASE WHEN " + column + " = " + whole + " THEN CAST(" + whole + " AS STRING) END";
    }

    private static String quoted(String name) {
        return "`" + name.replace("`", "``") + "`";
    }

    private static List<String> numbered(String stem, int count) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) names.add(stem + i);
        return names;
    }

    private static String[] array(List<String> names) {
        return names.toArray(String[]::new);
    }
}
