package dev.millrace.registry.search;

import java.util.List;
import java.util.Map;

/**
 * What can be searched and sorted in one resource.
 *
 * @param attributes by name; aliases are entries of their own
 * @param datasets attributes behind {@code dataset.}
 * @param keyed tables behind {@code metrics. params. tags.}
 * @param sortable attribute name → expression; may be NULL, NULLs come last
 * @param defaultOrder expressions that are never NULL, the last one unique: ends every order
 * @param hiddenFlags tags that hide a row when they are {@code true}, unless the filter asks for them: MLflow's searches of
 *     models find no prompts ({@code mlflow.prompt.is_prompt})
 */
public record SearchSchema(
        Map<String, Attribute> attributes,
        Map<String, Attribute> datasets,
        Map<Entity, KeyedValues> keyed,
        Map<String, String> sortable,
        List<OrderPart> defaultOrder,
        List<String> hiddenFlags) {
    public SearchSchema {
        attributes = Map.copyOf(attributes);
        datasets = Map.copyOf(datasets);
        keyed = Map.copyOf(keyed);
        sortable = Map.copyOf(sortable);
        defaultOrder = List.copyOf(defaultOrder);
        hiddenFlags = List.copyOf(hiddenFlags);
    }
}
