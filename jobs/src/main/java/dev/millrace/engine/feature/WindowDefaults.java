package dev.millrace.engine.feature;

import dev.millrace.engine.window.Boundary;
import dev.millrace.platform.config.Checked;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What holds for the features of a section unless a feature says otherwise.
 *
 * @param createdColumn when a row of the source became known
 * @param whenEmpty value where a window gives none
 */
public record WindowDefaults(
        List<WindowLength> windows,
        Boundary boundary,
        Duration delay,
        Optional<String> createdColumn,
        Optional<Double> whenEmpty) {

    /** Every feature needs a window, its own or the section's; reported at the feature. */
    public void checkWindows(List<FeatureDeclaration> features, Checked.Findings findings) {
        for (int i = 0; i < features.size(); i++) {
            if (!windows.isEmpty() || !features.get(i).windows().isEmpty()) continue;
            findings.add(
                    "features[" + i + "]",
                    "feature `" + features.get(i).name()
                            + "` has no window; set `windows` for the feature or for all features");
        }
    }
}
