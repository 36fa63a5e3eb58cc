package dev.millrace.registry.platform.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.naming.Excerpt;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import io.javalin.security.RouteRole;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where resources register calls of MLflow's REST API. Each stands under {@code /api/2.0/mlflow} for clients and {@code
 * /ajax-api/2.0/mlflow} for web pages. A call gets its fields and returns what is written as JSON.
 *
 * @param <A> what a change is made with, from its request: in whose name, for one
 */
public final class MlflowApi<A> {
    private static final List<String> PREFIXES = List.of("/api/2.0/mlflow", "/ajax-api/2.0/mlflow");

    private static final Logger LOG = LoggerFactory.getLogger(MlflowApi.class);
    private static final Pattern SEARCH = Pattern.compile("/(search|search-datasets|get-history[a-z-]*)$");
    private static final Pattern ASCII = Pattern.compile("[^\\x20-\\x7e]");
    private static final String IGNORED = "Millrace-Ignored-Fields";
    private static final int SHOWN = 200;

    /** Pages of more items must ask for memory. */
    private static final int LARGE = 1_000;

    private final RoutesConfig routes;
    private final Function<Context, A> actOf;

    public MlflowApi(RoutesConfig routes, Function<Context, A> actOf) {
        this.routes = routes;
        this.actOf = actOf;
    }

    /** One call of the API. */
    @FunctionalInterface
    public interface Call {
        /** @return a record or a map; {@code Map.of()} where MLflow answers {} */
        Object answer(Fields request);
    }

    /** A call that answers {@code {}}. */
    @FunctionalInterface
    public interface Command {
        void run(Fields request);
    }

    /** A change that is made in somebody's name. */
    @FunctionalInterface
    public interface Change<A> {
        /** @return as {@link Call#answer} */
        Object answer(Fields request, A act);
    }

    /** A change that answers {@code {}}. */
    @FunctionalInterface
    public interface Order<A> {
        void run(Fields request, A act);
    }

    /** @param roles what the call demands and touches, for those who stand before and after it; as in all methods here */
    public MlflowApi<A> get(String path, Call call, RouteRole... roles) {
        return add(HandlerType.GET, path, call, roles);
    }

    public MlflowApi<A> post(String path, Call call, RouteRole... roles) {
        return add(HandlerType.POST, path, call, roles);
    }

    public MlflowApi<A> patch(String path, Call call, RouteRole... roles) {
        return add(HandlerType.PATCH, path, call, roles);
    }

    public MlflowApi<A> change(HandlerType verb, String path, Change<A> change, RouteRole... roles) {
        return route(verb, path, http -> answer(http, change.answer(fields(http), actOf.apply(http))), roles);
    }

    public MlflowApi<A> order(HandlerType verb, String path, Order<A> order, RouteRole... roles) {
        return change(
                verb,
                path,
                (request, act) -> {
                    order.run(request, act);
                    return Map.of();
                },
                roles);
    }

    public MlflowApi<A> command(HandlerType verb, String path, Command command, RouteRole... roles) {
        return add(
                verb,
                path,
                request -> {
                    command.run(request);
                    return Map.of();
                },
                roles);
    }

    /**
     * A search by POST whose large pages are sent as they are written, without a second copy in memory. What may be seen
     * must be decided before: nobody looks at the answer any more.
     */
    public MlflowApi<A> pages(String path, Call call, RouteRole... roles) {
        return route(
                HandlerType.POST,
                path,
                http -> {
                    Fields fields = fields(http);
                    if (!expect(http, fields)) {
                        Object page = call.answer(fields);
                        requireAllRead(http, fields);
                        answer(http, page);
                        return;
                    }
                    Object page = call.answer(fields);
                    requireAllRead(http, fields);
                    http.contentType("application/json");
                    StrictJson.write(page, http.outputStream());
                },
                roles);
    }

    /** Takes memory for a large page; whether it is one. */
    private static boolean expect(Context http, Fields fields) {
        if (fields.wanted() <= LARGE) return false;
        Bodies.expect(http, fields.wanted());
        return true;
    }

    private MlflowApi<A> add(HandlerType verb, String path, Call call, RouteRole... roles) {
        return route(
                verb,
                path,
                http -> {
                    Fields fields = fields(http);
                    expect(http, fields);
                    Object value = call.answer(fields);
                    requireAllRead(http, fields);
                    answer(http, value);
                },
                roles);
    }

    private MlflowApi<A> route(HandlerType verb, String path, Handler handler, RouteRole... roles) {
        for (String prefix : PREFIXES) routes.addHttpHandler(verb, prefix + path, handler, roles);
        return this;
    }

    /**
     * A field that this server does not know is told, in a header and to the log: the caller may have meant something by
     * it. Where it could have narrowed or ordered what is found, there is no answer: it would look like the right one.
     */
    private static void requireAllRead(Context http, Fields fields) {
        List<String> unread = fields.unread();
        if (unread.isEmpty()) return;
        String names = Excerpt.of(String.join(", ", unread), SHOWN);
        if (SEARCH.matcher(http.path()).find()) {
            throw MillraceException.invalid("This call has no field `" + names
                    + "`. Take it out: with or without it, the" + " answer would not be what was meant.");
        }
        LOG.warn("{} was sent fields that it does not have: {}", http.path(), names);
        http.header(IGNORED, ASCII.matcher(names).replaceAll("?"));
    }

    /** Writes {@code value} as JSON. */
    public static void answer(Context http, Object value) {
        http.contentType("application/json").result(StrictJson.bytes(value));
    }

    /** Whether a path is one of MLflow's calls. */
    static boolean isCall(String path) {
        return PREFIXES.stream().anyMatch(prefix -> path.startsWith(prefix + "/"));
    }

    /** Some clients send the fields of a GET as its body; a query goes before it, as with MLflow. */
    private static Fields fields(Context http) {
        boolean query =
                http.method().equals(HandlerType.GET) && (!http.queryParamMap().isEmpty() || !Bodies.isJson(http));
        Fields fields = query ? ofQuery(http) : ofBody(http);
        for (Map.Entry<String, String> entry : http.pathParamMap().entrySet()) {
            fields = fields.with(entry.getKey(), entry.getValue());
        }
        return fields;
    }

    private static Fields ofQuery(Context http) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        http.queryParamMap().forEach((name, values) -> {
            if (values.size() == 1) node.put(name, values.get(0));
            else values.forEach(node.putArray(name)::add);
        });
        return Fields.ofQuery(node);
    }

    /** The fields of the body alone, where the path has one of the same name. */
    public static Fields ofBody(Context http) {
        JsonNode node = Bodies.json(http);
        if (!node.isObject()) {
            throw MillraceException.invalid("The request's body must be a JSON object, not " + node.getNodeType());
        }
        return Fields.ofBody(node);
    }
}
