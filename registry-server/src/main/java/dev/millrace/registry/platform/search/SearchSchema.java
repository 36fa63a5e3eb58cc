package dev.millrace.registry.platform.search;

import dev.millrace.registry.platform.error.MillraceException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What can be searched and sorted in one resource.
 *
 * @param attributes by name; aliases are entries of their own
 * @param datasets attributes behind {@code dataset.}
 * @param keyed tables behind {@code metrics. params. tags.}
 * @param sortable attribute name → expression; may be NULL, NULLs come last
 * @param defaultOrder the order when none is asked for
 * @param ties expressions that are never NULL and unique together: they end every order that is asked for
 * @param hiddenFlags tags that hide a row when they are {@code true}, unless the filter asks for them: MLflow's searches of
 *     models find no prompts ({@code mlflow.prompt.is_prompt})
 * @param sortKeys what MLflow calls the names in {@code sortable} when one of them does not exist
 */
public record SearchSchema(
        Map<String, Attribute> attributes,
        Map<String, Attribute> datasets,
        Map<Entity, KeyedValues> keyed,
        Map<String, String> sortable,
        List<OrderPart> defaultOrder,
        List<OrderPart> ties,
        List<String> hiddenFlags,
        String sortKeys) {
    public SearchSchema {
        attributes = Map.copyOf(attributes);
        datasets = Map.copyOf(datasets);
        keyed = Map.copyOf(keyed);
        sortable = Map.copyOf(sortable);
        defaultOrder = List.copyOf(defaultOrder);
        ties = List.copyOf(ties);
        hiddenFlags = List.copyOf(hiddenFlags);
    }

    public SearchSchema(
            Map<String, Attribute> attributes,
            Map<String, Attribute> datasets,
            Map<Entity, KeyedValues> keyed,
            Map<String, String> sortable,
            List<OrderPart> defaultOrder,
            List<String> hiddenFlags) {
        this(attributes, datasets, keyed, sortable, defaultOrder, defaultOrder, hiddenFlags, "attribute");
    }

    /** What is wrong with a key of an entity that this resource does not have, in MLflow's words. */
    MillraceException lacks(Entity entity) {
        String known = Stream.concat(
                        Stream.of(Entity.ATTRIBUTE), keyed.keySet().stream().sorted())
                .flatMap(one -> one == Entity.ATTRIBUTE ? Stream.of(one.word()) : Stream.of(one.word(), one.written()))
                .map(word -> "'" + word + "'")
                .collect(Collectors.joining(", ", "(", ")"));
        return MillraceException.invalid(
                "Invalid entity type '" + entity.written() + "'. Valid entity types are " + known);
    }
}
