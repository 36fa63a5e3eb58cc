package dev.millrace.registry.lake.tables;

import static dev.millrace.registry.security.access.Rule.view;
import static dev.millrace.registry.security.access.Where.SERVER;

import dev.millrace.registry.platform.http.MlflowApi;
import dev.millrace.registry.platform.http.Query;
import dev.millrace.registry.security.access.Rule;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code /api/v1/tables}. */
public final class TableRoutes {
    private static final int USUAL_COMMITS = 50;
    private static final int MOST_COMMITS = 500;
    private static final int USUAL_ROWS = 50;
    private static final int MOST_ROWS = 500;

    private final TableService tables;

    public TableRoutes(TableService tables) {
        this.tables = tables;
    }

    public void register(RoutesConfig routes) {
        Rule viewer = view(SERVER); // a table holds everybody's data
        routes.get("/api/v1/tables", this::list, viewer);
        routes.get("/api/v1/tables/{table}", this::state, viewer);
        routes.get("/api/v1/tables/{table}/history", this::history, viewer);
        routes.get("/api/v1/tables/{table}/rows", this::rows, viewer);
    }

    private void list(Context http) {
        Query.of(http);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("lake", tables.lake().root().toString());
        answer.put("exists", tables.lake().exists());
        answer.put("tables", tables.list());
        MlflowApi.answer(http, answer);
    }

    private void state(Context http) {
        Query query = Query.of(http, "version");
        TableName name = TableName.parse(http.pathParam("table"));
        TableState state = tables.state(name, query.whole("version"));
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("state", state);
        answer.put("versions", tables.versions(name));
        tables.commit(name, state.version()).ifPresent(commit -> answer.put("commit", commit));
        MlflowApi.answer(http, answer);
    }

    private void history(Context http) {
        Query query = Query.of(http, "max_results", "page_token");
        TableName name = TableName.parse(http.pathParam("table"));
        int most = query.wholeUpTo("max_results", USUAL_COMMITS, MOST_COMMITS);
        TableService.History history = tables.history(name, query.whole("page_token"), most);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("table", name);
        answer.put("versions", history.versions());
        answer.put("commits", history.commits());
        history.next().ifPresent(token -> answer.put("next_page_token", token.toString()));
        MlflowApi.answer(http, answer);
    }

    private void rows(Context http) {
        Query query = Query.of(http, "version", "limit", "columns");
        Optional<String> columns = query.text("columns");
        TablePreview preview = tables.preview(
                TableName.parse(http.pathParam("table")),
                query.whole("version"),
                columns.map(text -> List.of(text.split(","))).orElse(List.of()),
                query.wholeUpTo("limit", USUAL_ROWS, MOST_ROWS));
        MlflowApi.answer(http, preview);
    }
}
