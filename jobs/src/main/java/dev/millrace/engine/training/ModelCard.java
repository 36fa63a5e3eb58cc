package dev.millrace.engine.training;

import dev.millrace.engine.learn.Params;
import dev.millrace.engine.measure.Scorecard;
import dev.millrace.platform.table.TableVersion;
import java.util.Locale;
import java.util.Map;

/** {@code model_card.md}: what a reader must know before using a model (Mitchell et al. 2019), as far as it is known. */
public record ModelCard(
        TrainingDeclaration config,
        TableVersion table,
        Labels labels,
        FittedModel fitted,
        Scorecard scores,
        long seed) {
    private static final int IMPORTANCES = 15;

    /** The card as Markdown. */
    public String text() {
        StringBuilder card = new StringBuilder();
        card.append("# Model card: ").append(config.label()).append("\n\n");
        card.append("Algorithm ")
                .append(config.algorithm().text())
                .append(" (")
                .append(config.algorithm().learner().size(fitted.model()))
                .append("), task ")
                .append(config.task().name().toLowerCase(Locale.ROOT))
                .append(", seed ")
                .append(seed)
                .append(".\n\n## Data\n\n");
        card.append("Table `").append(table.printed()).append("`; ");
        card.append(String.format(Locale.ROOT, "%,d", labels.trainRows())).append(" training rows, ");
        card.append(String.format(Locale.ROOT, "%,d", labels.testRows())).append(" test rows, ");
        card.append(String.format(Locale.ROOT, "%,d", labels.withoutLabel())).append(" left out without a label.\n");
        if (labels.late() > 0) {
            card.append(String.format(
                    Locale.ROOT, "%,d of these have a label that arrived after the test rows begin.\n", labels.late()));
        }
        labels.counts().forEach((value, count) -> card.append("- `")
                .append(value)
                .append("`: ")
                .append(String.format(Locale.ROOT, "%,d", count))
                .append(" training rows\n"));
        card.append("\n## Parameters\n\n| parameter | value |\n|---|---|\n");
        Params.of(config.algorithm(), config.params())
                .printed()
                .forEach(entry -> row(card, entry.getKey(), entry.getValue()));
        card.append("\n## Quality on the test rows\n\n");
        card.append(
                "Intervals are 95 %: average precision by bootstrap, AUC by DeLong.\n\n| metric | value |\n|---|---|\n");
        scores.printed("test_").forEach((name, value) -> row(card, name, String.valueOf(value)));
        card.append("\n## Feature importance\n\n| column | share |\n|---|---|\n");
        fitted.importances().entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .limit(IMPORTANCES)
                .forEach(entry -> row(card, entry.getKey(), String.format(Locale.ROOT, "%.4f", entry.getValue())));
        card.append(
                "\n## Limits\n\nThe metrics apply to rows like the test rows. Missing numbers are replaced by the"
                        + " training median; unknown categories form one category. Monitor the inputs with `millrace monitor`.\n");
        return card.toString();
    }

    private static void row(StringBuilder card, String name, String value) {
        card.append("| ")
                .append(name.replace("|", "\\|"))
                .append(" | ")
                .append(value)
                .append(" |\n");
    }
}
