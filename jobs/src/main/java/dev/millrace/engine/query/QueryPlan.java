package dev.millrace.engine.query;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.ArraySort;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.OuterReference;
import org.apache.spark.sql.catalyst.expressions.PlanExpression;
import org.apache.spark.sql.catalyst.expressions.SortArray;
import org.apache.spark.sql.catalyst.expressions.WindowExpression;
import org.apache.spark.sql.catalyst.expressions.aggregate.Collect;
import org.apache.spark.sql.catalyst.expressions.aggregate.First;
import org.apache.spark.sql.catalyst.expressions.aggregate.Last;
import org.apache.spark.sql.catalyst.plans.logical.CTERelationDef;
import org.apache.spark.sql.catalyst.plans.logical.CTERelationRef;
import org.apache.spark.sql.catalyst.plans.logical.Expand;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.Generate;
import org.apache.spark.sql.catalyst.plans.logical.GlobalLimit;
import org.apache.spark.sql.catalyst.plans.logical.Join;
import org.apache.spark.sql.catalyst.plans.logical.LocalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Offset;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.Sample;
import org.apache.spark.sql.catalyst.plans.logical.Sort;
import org.apache.spark.sql.catalyst.plans.logical.SubqueryAlias;
import org.apache.spark.sql.catalyst.plans.logical.Union;
import org.apache.spark.sql.catalyst.plans.logical.View;
import scala.jdk.javaapi.CollectionConverters;

/**
 * What an analysed query says of its rows: whether they depend on the inputs alone, which columns of the inputs each
 * column comes from, and whether each row of an input is treated by itself.
 */
public final class QueryPlan {
    private final LogicalPlan analysed;
    private final Map<String, String> inputs;
    private final Map<Long, LogicalPlan> shared = new HashMap<>();

    /** @param inputs names of the inputs, whatever their case in the query */
    public QueryPlan(LogicalPlan analysed, Map<String, String> inputs) {
        this.analysed = analysed;
        this.inputs = inputs;
        index(analysed);
    }

    private void index(LogicalPlan plan) {
        if (plan instanceof CTERelationDef definition) shared.put(definition.id(), definition.child());
        for (LogicalPlan inner : inner(plan)) index(inner);
    }

    private static List<LogicalPlan> children(LogicalPlan plan) {
        return CollectionConverters.asJava(plan.children());
    }

    private static List<Expression> expressions(LogicalPlan plan) {
        return CollectionConverters.asJava(plan.expressions());
    }

    private static List<Expression> children(Expression expression) {
        return CollectionConverters.asJava(expression.children());
    }

    /** Children and plans of subqueries. */
    private static List<LogicalPlan> inner(LogicalPlan plan) {
        List<LogicalPlan> inner = new ArrayList<>(children(plan));
        expressions(plan).forEach(expression -> subqueries(expression, inner));
        return inner;
    }

    private static void subqueries(Expression expression, List<LogicalPlan> found) {
        if (expression instanceof PlanExpression<?> nested && nested.plan() instanceof LogicalPlan plan) {
            found.add(plan);
        }
        children(expression).forEach(child -> subqueries(child, found));
    }

    private Optional<String> input(LogicalPlan plan) {
        if (!(plan instanceof View view)) return Optional.empty();
        return Optional.ofNullable(inputs.get(view.desc().identifier().table()));
    }

    /** Why running it twice may give two results, or that it reads what was not declared; empty when it is fine. */
    public Optional<String> problem() {
        return problem(analysed);
    }

    private Optional<String> problem(LogicalPlan plan) {
        if (input(plan).isPresent()) return Optional.empty();
        if (isStored(plan)) {
            return Optional.of("reads a table that is not in `inputs` (" + String.join(", ", inputs.keySet())
                    + "). Declare it there, so that its version is pinned and recorded.");
        }
        if (plan instanceof Sample) return Optional.of("`TABLESAMPLE` returns other rows each time. Filter by a hash.");
        boolean isCut = plan instanceof GlobalLimit || plan instanceof Offset;
        if (isCut && !isOrdered(plan)) {
            return Optional.of(
                    "`LIMIT` or `OFFSET` without `ORDER BY` returns arbitrary rows. Order them by a unique key.");
        }
        for (Expression expression : expressions(plan)) {
            Optional<String> found = unrepeatable(expression, false);
            if (found.isPresent()) {
                return Optional.of("`" + found.get() + "` returns another value each time, so the result is not"
                        + " reproducible. Use a column of an input, or a literal, instead.");
            }
        }
        return inner(plan).stream().map(this::problem).flatMap(Optional::stream).findFirst();
    }

    private static boolean isStored(LogicalPlan plan) {
        String kind = plan.getClass().getSimpleName();
        return kind.equals("LogicalRelation") || kind.contains("V2Relation") || kind.equals("HiveTableRelation");
    }

    private static boolean isOrdered(LogicalPlan plan) {
        LogicalPlan below = plan;
        while (below instanceof GlobalLimit
                || below instanceof LocalLimit
                || below instanceof Offset
                || below instanceof Project) {
            below = children(below).get(0);
        }
        return below instanceof Sort;
    }

    /** @param ordered whether what is around puts rows or elements in an order */
    private static Optional<String> unrepeatable(Expression expression, boolean ordered) {
        boolean isOrdered = ordered
                || expression instanceof SortArray
                || expression instanceof ArraySort
                || (expression instanceof WindowExpression window
                        && !window.windowSpec().orderSpec().isEmpty());
        for (Expression child : children(expression)) {
            Optional<String> found = unrepeatable(child, isOrdered);
            if (found.isPresent()) return found;
        }
        if (expression instanceof PlanExpression) return Optional.empty(); // looked at as a plan
        boolean followsOrder =
                expression instanceof Collect || expression instanceof First || expression instanceof Last;
        if (followsOrder) return isOrdered ? Optional.empty() : Optional.of(expression.prettyName() + "()");
        return Repeatability.unrepeatable(expression);
    }

    /** The columns of the inputs ({@code input.column}) that each column of the result is computed from, in its order. */
    public List<Set<String>> origins() {
        Map<Long, Set<String>> known = origins(analysed, Map.of());
        return CollectionConverters.asJava(analysed.output()).stream()
                .map(column -> known.getOrDefault(column.exprId().id(), Set.of()))
                .toList();
    }

    private Map<Long, Set<String>> origins(LogicalPlan plan, Map<Long, Set<String>> outer) {
        Map<Long, Set<String>> known = new HashMap<>();
        Optional<String> input = input(plan);
        if (input.isPresent()) {
            for (Attribute column : output(plan)) {
                known.put(column.exprId().id(), Set.of(input.get() + "." + column.name()));
            }
            return known;
        }
        if (plan instanceof CTERelationRef reference) {
            LogicalPlan definition = shared.get(reference.cteId());
            addByPosition(known, output(plan), definition, outer);
            return known;
        }
        if (plan instanceof Union) {
            for (LogicalPlan child : children(plan)) addByPosition(known, output(plan), child, outer);
            return known;
        }
        for (LogicalPlan child : children(plan)) known.putAll(origins(child, outer));
        Map<Long, Set<String>> visible = new HashMap<>(outer);
        visible.putAll(known);
        if (plan instanceof Expand expand) {
            addExpanded(known, expand, visible);
            return known;
        }
        Set<String> all = new TreeSet<>();
        for (Expression expression : expressions(plan)) {
            Set<String> read = read(expression, visible);
            all.addAll(read);
            if (expression instanceof Alias alias) known.put(alias.exprId().id(), read);
        }
        for (Attribute column : output(plan)) known.putIfAbsent(column.exprId().id(), all);
        return known;
    }

    private static List<Attribute> output(LogicalPlan plan) {
        return CollectionConverters.asJava(plan.output());
    }

    private void addByPosition(
            Map<Long, Set<String>> known, List<Attribute> output, LogicalPlan from, Map<Long, Set<String>> outer) {
        Map<Long, Set<String>> below = origins(from, outer);
        List<Attribute> columns = output(from);
        for (int i = 0; i < output.size(); i++) {
            Set<String> read = known.computeIfAbsent(output.get(i).exprId().id(), column -> new TreeSet<>());
            read.addAll(below.getOrDefault(columns.get(i).exprId().id(), Set.of()));
        }
    }

    private void addExpanded(Map<Long, Set<String>> known, Expand expand, Map<Long, Set<String>> visible) {
        List<Attribute> output = output(expand);
        for (var projection : CollectionConverters.asJava(expand.projections())) {
            List<Expression> cells = CollectionConverters.asJava(projection);
            for (int i = 0; i < output.size(); i++) {
                Set<String> read = new TreeSet<>(read(cells.get(i), visible));
                known.merge(output.get(i).exprId().id(), read, (one, other) -> {
                    Set<String> both = new TreeSet<>(one);
                    both.addAll(other);
                    return both;
                });
            }
        }
    }

    private Set<String> read(Expression expression, Map<Long, Set<String>> visible) {
        Set<String> read = new TreeSet<>();
        if (expression instanceof Attribute column) {
            read.addAll(visible.getOrDefault(column.exprId().id(), Set.of()));
        } else if (expression instanceof OuterReference outer) {
            read.addAll(visible.getOrDefault(outer.e().exprId().id(), Set.of()));
        } else if (expression instanceof PlanExpression<?> nested && nested.plan() instanceof LogicalPlan plan) {
            Map<Long, Set<String>> below = origins(plan, visible);
            for (Attribute column : output(plan)) {
                read.addAll(below.getOrDefault(column.exprId().id(), Set.of()));
            }
        }
        for (Expression child : children(expression)) read.addAll(read(child, visible));
        return read;
    }

    /**
     * Why rows of {@code input} cannot be transformed without its other rows; empty when each gives its own rows of the
     * result.
     */
    public Optional<String> notByRow(String input) {
        long uses = uses(analysed, input);
        if (uses != 1) return Optional.of("the query reads this input " + uses + " times");
        return notByRow(analysed, input);
    }

    private long uses(LogicalPlan plan, String input) {
        if (input(plan).isPresent()) return input(plan).get().equals(input) ? 1 : 0;
        if (plan instanceof CTERelationRef reference) return uses(shared.get(reference.cteId()), input);
        if (plan instanceof CTERelationDef) return 0; // counted where it is used
        return inner(plan).stream().mapToLong(child -> uses(child, input)).sum();
    }

    private Optional<String> notByRow(LogicalPlan plan, String input) {
        if (input(plan).isPresent()) return Optional.empty();
        if (plan instanceof CTERelationRef reference) return notByRow(shared.get(reference.cteId()), input);
        boolean isByRow = plan instanceof Project
                || plan instanceof Filter
                || plan instanceof SubqueryAlias
                || plan instanceof Generate
                || plan instanceof org.apache.spark.sql.catalyst.plans.logical.WithCTE
                || (plan instanceof Join join && keepsRows(join, input));
        if (!isByRow) return Optional.of("the query has " + plan.nodeName().toUpperCase(java.util.Locale.ROOT));
        for (LogicalPlan child : children(plan)) {
            if (uses(child, input) > 0) return notByRow(child, input);
        }
        return Optional.of("a subquery reads this input");
    }

    /** Whether each row of the side with the input finds its partners by itself. */
    private boolean keepsRows(Join join, String input) {
        String type = join.joinType().sql();
        boolean isLeft = uses(join.left(), input) > 0;
        return switch (type) {
            case "INNER", "CROSS" -> true;
            case "LEFT OUTER", "LEFT SEMI", "LEFT ANTI" -> isLeft;
            case "RIGHT OUTER" -> !isLeft;
            default -> false;
        };
    }
}
