package dev.millrace.registry.resource.tracking;

import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.http.Fields;
import java.util.Arrays;
import java.util.List;

/** Which lifecycle stages a search sees. */
enum ViewType {
    ACTIVE_ONLY(List.of(Lifecycle.ACTIVE)),
    DELETED_ONLY(List.of(Lifecycle.DELETED)),
    ALL(List.of(Lifecycle.ACTIVE, Lifecycle.DELETED));

    private static final List<String> NAMES =
            Arrays.stream(values()).map(ViewType::name).toList();

    @SuppressWarnings("ImmutableEnumChecker") // List.of
    private final List<String> stages;

    ViewType(List<String> stages) {
        this.stages = stages;
    }

    List<String> stages() {
        return stages;
    }

    /** @throws MillraceException USAGE for unknown names, which MLflow's calls take for unset */
    static ViewType of(String name) {
        if (NAMES.contains(name)) return valueOf(name);
        throw MillraceException.invalid("`run_view_type` must be one of " + NAMES + ", not '" + name + "'.");
    }

    /** Unknown names count as unset, as in MLflow. */
    static ViewType of(Fields request, String field) {
        return request.oneOf(field, NAMES).map(ViewType::valueOf).orElse(ACTIVE_ONLY);
    }
}
