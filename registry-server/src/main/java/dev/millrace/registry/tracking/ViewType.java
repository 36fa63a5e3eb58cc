package dev.millrace.registry.tracking;

import dev.millrace.registry.http.Fields;
import java.util.List;
import java.util.Optional;

/** Which lifecycle stages a search sees. */
enum ViewType {
    ACTIVE_ONLY(List.of(Lifecycle.ACTIVE)),
    DELETED_ONLY(List.of(Lifecycle.DELETED)),
    ALL(List.of(Lifecycle.ACTIVE, Lifecycle.DELETED));

    @SuppressWarnings("ImmutableEnumChecker") // List.of
    private final List<String> stages;

    ViewType(List<String> stages) {
        this.stages = stages;
    }

    List<String> stages() {
        return stages;
    }

    /** Unknown names count as unset, as in MLflow. */
    static ViewType of(Fields request, String field) {
        Optional<String> given = request.text(field);
        for (ViewType type : values()) {
            if (given.isPresent() && given.get().equals(type.name())) return type;
        }
        return ACTIVE_ONLY;
    }
}
