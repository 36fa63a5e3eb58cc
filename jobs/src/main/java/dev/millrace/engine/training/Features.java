package dev.millrace.engine.training;

import dev.millrace.platform.config.Default;
import dev.millrace.platform.config.Doc;
import dev.millrace.platform.config.FromText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which columns a model sees. {@code features: auto} takes every column of a usable type but the label, those that make
 * the split, and those whose names begin with an underscore.
 *
 * @param auto take all usable columns
 * @param numeric columns used as numbers
 * @param categorical columns used as categories; with {@code auto}, also whole numbers named here
 * @param exclude columns that {@code auto} leaves out
 */
public record Features(
        @Doc("use all numeric, boolean and string columns") @Default("false") boolean auto,
        @Doc("columns used as numbers") List<String> numeric,
        @Doc("columns used as categories") List<String> categorical,
        @Doc("columns that `auto` leaves out") List<String> exclude) {

    public Features {
        numeric = List.copyOf(numeric);
        categorical = List.copyOf(categorical);
        exclude = List.copyOf(exclude);
        if (!auto && numeric.isEmpty() && categorical.isEmpty()) {
            throw new IllegalArgumentException("has no features; set `numeric`, `categorical` or `auto: true`");
        }
        if (!auto && !exclude.isEmpty()) {
            throw new IllegalArgumentException(
                    "`exclude` requires `auto: true`; remove `exclude`, or set `auto: true`");
        }
        List<String> named = new ArrayList<>(numeric);
        named.addAll(categorical);
        named.addAll(exclude);
        Set<String> seen = new HashSet<>();
        for (String column : named) {
            if (!seen.add(column)) throw new IllegalArgumentException("names `" + column + "` twice");
        }
    }

    /** {@code auto}. */
    @FromText
    public static Features parse(String text) {
        if (text.equals("auto")) return new Features(true, List.of(), List.of(), List.of());
        throw new IllegalArgumentException("expected `auto` or {numeric: […], categorical: […]}");
    }
}
