package dev.millrace.cli;

import dev.millrace.inspect.Lineage;
import dev.millrace.inspect.LineageWalk;
import dev.millrace.platform.run.RunRecords;
import dev.millrace.platform.table.Tables;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows what something was made from and what used it. */
@Command(
        mixinStandardHelpOptions = true,
        description = "Show upstream and downstream of a table, run, model or row; works without the registry.")
final class LineageCommand implements Callable<Integer> {
    private final Shell shell;

    @Mixin
    private CommonOptions common;

    @Parameters(
            paramLabel = "REF",
            description = "table@version, run:ID, model:NAME/VERSION, or a row of a prediction table:"
                    + " predictions.fraud:transaction_id=123")
    private String ref;

    LineageCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        Tables tables = new Workplace(shell, common).tables("lineage", Optional.empty());
        RunRecords records = new RunRecords(
                tables.lake().root(), tables.lake().spark().sparkContext().hadoopConfiguration());
        Lineage lineage = new LineageWalk(tables, records).of(ref);
        Report report = new Report(shell, common);
        report.document(lineage.toJson());
        report.text(lineage.text());
        return 0;
    }
}
