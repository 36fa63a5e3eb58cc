package dev.millrace.registry.boot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.registry.platform.error.ErrorKind;
import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.http.StrictJson;
import dev.millrace.registry.platform.tls.Pinned;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code user} and {@code token}: asks the running server of a home over its API. Who asks is MLFLOW_TRACKING_TOKEN, or
 * the first administrator for whoever can read the home.
 */
final class AccessCommand {
    static final String USAGE =
            """
            Usage: registry user NAME [--grant ROLE=SCOPE]... [--delete]   makes a user, or changes what it may do
                   registry token [--user NAME] [--label TEXT] [--days N] [--scope SCOPE]...
                                                                           creates a token and prints it, once
              ROLE   viewer, editor, approver or admin
              SCOPE  of a grant: *, experiment:NAME or model:NAME; NAME may end in *
                     of a token: read, write, approve or admin, alone or with :experiments, :models,
                     :experiment:NAME or :model:NAME; or endpoints. Without one: all that the user may
              --home DIR  of the registry that runs (default: ./.millrace)""";

    private final String url;
    private final Optional<String> token;
    private final HttpClient client;

    private AccessCommand(String url, Optional<String> token, HttpClient client) {
        this.url = url;
        this.token = token;
        this.client = client;
    }

    static boolean isOne(List<String> arguments) {
        return !arguments.isEmpty()
                && (arguments.get(0).equals("user") || arguments.get(0).equals("token"));
    }

    /**
     * @return what to print
     * @throws MillraceException with the exit code
     */
    static String run(List<String> arguments, Map<String, String> environment) {
        List<String> names = new ArrayList<>();
        List<String> grants = new ArrayList<>();
        List<String> scopes = new ArrayList<>();
        Path home = Path.of(environment.getOrDefault("MILLRACE_HOME", ".millrace"));
        String user = "";
        String label = "";
        String days = "";
        boolean delete = false;
        for (int i = 1; i < arguments.size(); i++) {
            String option = arguments.get(i);
            if (option.equals("--delete")) {
                delete = true;
                continue;
            }
            if (!option.startsWith("--")) {
                names.add(option);
                continue;
            }
            if (i + 1 == arguments.size()) throw usage("`" + option + "` needs a value.");
            String value = arguments.get(++i);
            switch (option) {
                case "--home" -> home = Path.of(value);
                case "--grant" -> grants.add(value);
                case "--scope" -> scopes.add(value);
                case "--user" -> user = value;
                case "--label" -> label = value;
                case "--days" -> days = value;
                default -> throw usage("`" + option + "` is no option.");
            }
        }
        AccessCommand command = at(home, environment);
        if (arguments.get(0).equals("token")) {
            if (!names.isEmpty()) throw usage("`" + names.get(0) + "` is no option.");
            return command.token(user, label, days, scopes);
        }
        if (names.size() != 1) throw usage("Name one user.");
        return delete ? command.delete(names.get(0)) : command.put(names.get(0), grants);
    }

    private static AccessCommand at(Path home, Map<String, String> environment) {
        Path folder = home.toAbsolutePath().normalize().resolve("registry");
        JsonNode server = ServerFile.read(folder)
                .map(StrictJson::tree)
                .orElseThrow(() -> new MillraceException(
                        ErrorKind.NOT_FOUND,
                        "No registry runs on `" + home + "`. Start it, or name another home by `--home`."));
        HttpClient.Builder client = HttpClient.newBuilder();
        if (server.has("certificate")) {
            client.sslContext(Pinned.context(server.path("certificate").asText()));
        }
        return new AccessCommand(
                server.path("url").asText(),
                Optional.ofNullable(environment.get("MLFLOW_TRACKING_TOKEN")).or(() -> AdminToken.read(folder)),
                client.build());
    }

    private String put(String name, List<String> grants) {
        ObjectNode body = (ObjectNode) StrictJson.tree("{}");
        var list = body.putArray("grants");
        for (String grant : grants) {
            String[] parts = grant.split("=", 2);
            if (parts.length != 2) throw usage("`--grant " + grant + "`: write ROLE=SCOPE.");
            list.addObject().put("role", parts[0]).put("scope", parts[1]);
        }
        JsonNode user = send("PUT", "users/" + encoded(name), body.toString());
        StringBuilder told = new StringBuilder(name + " is");
        user.path("grants").forEach(grant -> told.append(' ')
                .append(grant.path("role").asText())
                .append(" of ")
                .append(grant.path("scope").asText())
                .append(','));
        if (grants.isEmpty()) told.append(" allowed nothing,");
        return told.substring(0, told.length() - 1);
    }

    private String delete(String name) {
        send("DELETE", "users/" + encoded(name), "");
        return name + " is deleted, with all tokens";
    }

    private String token(String user, String label, String days, List<String> scopes) {
        ObjectNode body = (ObjectNode) StrictJson.tree("{}");
        if (!user.isEmpty()) body.put("user", user);
        body.put("name", label);
        if (!scopes.isEmpty()) scopes.forEach(body.putArray("scopes")::add);
        if (!days.isEmpty()) {
            if (!days.matches("[0-9]{1,4}")) throw usage("`--days " + days + "` is no number of days.");
            body.put("lifetime_days", Integer.parseInt(days));
        }
        return send("POST", "tokens", body.toString()).path("secret").asText();
    }

    private JsonNode send(String verb, String path, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + "/api/v1/" + path))
                .header("Content-Type", "application/json")
                .method(verb, HttpRequest.BodyPublishers.ofString(body));
        token.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
        try {
            HttpResponse<String> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            JsonNode document = StrictJson.tree(answer.body());
            if (answer.statusCode() == 200) return document;
            throw new MillraceException(
                    kind(answer.statusCode()), document.path("detail").asText(answer.body()));
        } catch (IOException unreachable) {
            throw new MillraceException(
                    ErrorKind.TEMPORARY, "The registry at " + url + " does not answer: " + unreachable, unreachable);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private static ErrorKind kind(int status) {
        return switch (status) {
            case 400 -> ErrorKind.USAGE;
            case 401 -> ErrorKind.UNAUTHENTICATED;
            case 403 -> ErrorKind.FORBIDDEN;
            case 404 -> ErrorKind.NOT_FOUND;
            case 409 -> ErrorKind.POLICY_REFUSED;
            default -> ErrorKind.INTERNAL;
        };
    }

    private static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static MillraceException usage(String what) {
        return new MillraceException(ErrorKind.USAGE, what + "\n" + USAGE);
    }
}
