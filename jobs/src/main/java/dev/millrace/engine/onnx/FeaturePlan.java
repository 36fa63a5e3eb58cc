package dev.millrace.engine.onnx;

import java.util.ArrayList;
import java.util.List;

/**
 * How raw columns become the feature vector of a model: first the numbers, then the categories, each in order.
 *
 * @param numbers become one element each
 * @param categories become one element each, or one per category
 * @param encoding how categories are written into the vector
 */
public record FeaturePlan(List<Numeric> numbers, List<Categorical> categories, Encoding encoding) {
    /** 2^53: below it a double, which a model's numeric input is, holds every whole number. */
    public static final double EXACT = 0x1p53;

    /** How a category stands in the vector. */
    public enum Encoding {
        /** Its index; trees take it as a category. */
        INDEX,
        /** One element per category, all zero for what is unknown. */
        ONE_HOT
    }

    /**
     * A column of numbers (booleans count as 0 and 1).
     *
     * @param fill stands for NULL and NaN
     * @param flag whether the model's input is a boolean, which cannot be missing
     */
    public record Numeric(String column, double fill, boolean flag) {
        /** A number, which may be missing. */
        public Numeric(String column, double fill) {
            this(column, fill, false);
        }
    }

    /**
     * A column of names or whole numbers. What is not among {@code values}, NULL too, has the index {@code
     * values.size()}.
     *
     * @param values texts of the known categories, in index order
     */
    public record Categorical(String column, Kind kind, List<String> values) {
        public Categorical {
            values = List.copyOf(values);
        }
    }

    /** What a categorical column holds. */
    public enum Kind {
        TEXT,
        /** Whole numbers below 2^53, which a model's inputs hold as doubles. */
        INTEGER
    }

    public FeaturePlan {
        numbers = List.copyOf(numbers);
        categories = List.copyOf(categories);
        if (numbers.isEmpty() && categories.isEmpty()) {
            throw new IllegalArgumentException("a model needs at least one feature");
        }
    }

    /** The raw columns, in the order of the vector. */
    public List<String> columns() {
        List<String> columns = new ArrayList<>();
        numbers.forEach(number -> columns.add(number.column()));
        categories.forEach(category -> columns.add(category.column()));
        return columns;
    }

    /** The raw column behind each element of the vector. */
    public List<String> elements() {
        List<String> elements = new ArrayList<>();
        numbers.forEach(number -> elements.add(number.column()));
        for (Categorical category : categories) {
            int width = encoding == Encoding.INDEX ? 1 : category.values().size();
            for (int i = 0; i < width; i++) elements.add(category.column());
        }
        return elements;
    }
}
