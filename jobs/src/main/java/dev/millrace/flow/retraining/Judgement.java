package dev.millrace.flow.retraining;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.engine.measure.Comparison;
import dev.millrace.engine.measure.Judged;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Champion and challenger on the same held-out rows.
 *
 * @param comparisons by measure; {@code first} is the champion
 * @param promote whether the challenger wins
 */
record Judgement(RetrainConfig config, int rows, Map<String, Comparison> comparisons, boolean promote) {

    /** The challenger wins when it gains enough and its gain is not too uncertain. */
    static Judgement of(RetrainConfig config, Judged champion, Judged challenger, long seed) {
        Map<String, Comparison> comparisons = new LinkedHashMap<>();
        if (champion instanceof Judged.Amounts first && challenger instanceof Judged.Amounts second) {
            comparisons.put("rmse", Comparison.ofRmse(first.predicted(), second.predicted(), second.truth(), seed));
        } else if (champion instanceof Judged.Binary first && challenger instanceof Judged.Binary second) {
            comparisons.put(
                    "average_precision",
                    Comparison.ofAveragePrecision(first.scores(), second.scores(), second.positive(), seed));
            comparisons.put("auc", Comparison.ofAuc(first.scores(), second.scores(), second.positive()));
        } else {
            throw new MillraceException(
                    ErrorKind.CONFIG,
                    "`retrain` compares models with two classes and regression models; `"
                            + config.train().label()
                            + "` has more classes. Use `train` and `promote` for such models.");
        }
        Comparison decisive = comparisons.get(config.metric());
        boolean promote = decisive.gain().value() >= config.minGain()
                && decisive.gain().low() >= config.minGain() - config.tolerance();
        return new Judgement(config, challenger.rows(), comparisons, promote);
    }

    /** One sentence with the figures. */
    String reason() {
        Comparison decisive = comparisons.get(config.metric());
        return String.format(
                Locale.ROOT,
                "%s of the champion %.4f, of the challenger %.4f on the same %,d held-out rows; gain %s, p = %.3g; needed:"
                        + " gain >= %s, lower end >= %s",
                config.metric(),
                decisive.first(),
                decisive.second(),
                rows,
                decisive.gain(),
                decisive.pValue(),
                config.minGain(),
                config.minGain() - config.tolerance());
    }

    ObjectNode toJson() {
        ObjectNode json = new ObjectMapper().createObjectNode();
        json.put("held_out_rows", rows).put("promote", promote).put("reason", reason());
        comparisons.forEach((measure, comparison) -> json.putObject(measure)
                .put("champion", comparison.first())
                .put("challenger", comparison.second())
                .put("gain", comparison.gain().value())
                .put("gain_low", comparison.gain().low())
                .put("gain_high", comparison.gain().high())
                .put("p_value", comparison.pValue()));
        return json;
    }
}
