package dev.millrace.cli;

import dev.millrace.inspect.TableDetail;
import dev.millrace.inspect.TableList;
import dev.millrace.inspect.TablesReport;
import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.table.TableName;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what is in the lake. */
@Command(
        mixinStandardHelpOptions = true,
        description = "List the tables of the data lake, or describe one: versions, rows, size, the run that wrote it.")
final class TablesCommand implements Callable<Integer> {
    private final Shell shell;

    @Mixin
    private CommonOptions common;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "schema.table")
    private String name;

    @Option(names = "--at", paramLabel = "T", description = "Show the state at that time (ISO-8601).")
    private String at;

    TablesCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        Optional<TableName> table = Optional.ofNullable(name).map(TablesCommand::parsed);
        Optional<Instant> moment = Optional.ofNullable(at).map(text -> JobOptions.time("--at", text));
        TablesReport tables = new TablesReport(new Workplace(shell, common).tables("tables", moment));
        Report report = new Report(shell, common);
        if (table.isPresent()) {
            TableDetail detail = tables.of(table.get());
            report.document(detail.toJson());
            report.text(detail.text());
        } else {
            TableList list = tables.all();
            report.document(list.toJson());
            report.text(list.text());
        }
        return 0;
    }

    private static TableName parsed(String text) {
        try {
            return TableName.parse(text);
        } catch (IllegalArgumentException wrong) {
            throw new MillraceException(
                    ErrorKind.USAGE, "`" + text + "` is not a valid table name: " + wrong.getMessage() + ".", wrong);
        }
    }
}
