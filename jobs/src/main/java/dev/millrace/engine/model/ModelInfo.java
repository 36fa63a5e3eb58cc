package dev.millrace.engine.model;

import dev.millrace.engine.onnx.Target;
import java.util.List;
import java.util.Optional;

/**
 * What the {@code MLmodel} file says of a model.
 *
 * @param runId the run that made it; empty when unknown
 * @param inputs raw columns it wants
 * @param target what it predicts; of a foreign model an amount, until its outputs say otherwise
 * @param label the column it learned from; empty for a foreign model
 * @param algorithm {@code random-forest}; empty for a foreign model
 * @param onnx file of the graph, relative to the directory
 * @param spark folder of the native pipeline, relative to the directory
 */
public record ModelInfo(
        Optional<String> runId,
        List<Input> inputs,
        Target target,
        Optional<String> label,
        Optional<String> algorithm,
        Optional<String> onnx,
        Optional<String> spark) {

    /**
     * @param type MLflow's: double, string, long, integer, float, boolean
     * @param required false where NULL may stand
     */
    public record Input(String name, String type, boolean required) {
        public boolean isText() {
            return type.equals("string");
        }
    }

    public ModelInfo {
        inputs = List.copyOf(inputs);
    }

    public List<String> columns() {
        return inputs.stream().map(Input::name).toList();
    }
}
