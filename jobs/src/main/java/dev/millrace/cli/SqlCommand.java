package dev.millrace.cli;

import dev.millrace.inspect.SqlQuery;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Answers a question in SQL. */
@Command(
        mixinStandardHelpOptions = true,
        description = "Run a SELECT on the tables of the data lake: schema.table, or schema.table VERSION AS OF 3.")
final class SqlCommand implements Callable<Integer> {
    private final Shell shell;

    @Mixin
    private CommonOptions common;

    @Parameters(paramLabel = "SQL", description = "One read-only SQL statement.")
    private String sql;

    @Option(names = "--format", description = "Output format: table, csv or json (default: table; json with --json).")
    private SqlQuery.Format format;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "Maximum number of rows to print (default: 100 for format table, otherwise all).")
    private Long limit;

    SqlCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        SqlQuery.Format wanted =
                Optional.ofNullable(format).orElse(common.json() ? SqlQuery.Format.JSON : SqlQuery.Format.TABLE);
        SqlQuery query = new SqlQuery(
                new Workplace(shell, common).tables("sql", Optional.empty()).lake());
        query.run(sql, wanted, limit == null ? OptionalLong.empty() : OptionalLong.of(limit), shell.out());
        shell.out().flush();
        return 0;
    }
}
