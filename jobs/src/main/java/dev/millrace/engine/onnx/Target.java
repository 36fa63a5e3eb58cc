package dev.millrace.engine.onnx;

import java.util.List;

/** What a model predicts. */
public sealed interface Target extends java.io.Serializable {

    /** A number, as it is. */
    record Amount() implements Target {}

    /**
     * One of two or more classes, in the order of the model's indices. With two, the second is the positive one.
     *
     * @param values texts of the classes; of numbers in their shortest form ({@code 1}, {@code 0.5})
     */
    record Classes(Kind kind, List<String> values) implements Target {
        public Classes {
            values = List.copyOf(values);
            if (values.size() < 2) {
                throw new IllegalArgumentException("A classifier requires at least two classes, not " + values);
            }
        }

        public boolean isBinary() {
            return values.size() == 2;
        }
    }

    /** The type of a label, which its predictions have too. */
    enum Kind {
        TEXT,
        INTEGER,
        NUMBER,
        BOOLEAN
    }
}
