package dev.millrace.registry.security.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.registry.boot.TestServer;
import dev.millrace.registry.boot.TestServer.Answer;
import dev.millrace.registry.platform.error.MillraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the scopes of a token allow, and which are narrower than which. */
class TokenScopesTest {
    private static final String TOKENS = "/api/v1/tokens";

    @TempDir
    static Path home;

    private static TestServer nobody;
    private static TestServer admin;
    private static String one;
    private static String two;

    @BeforeAll
    static void start() throws IOException {
        nobody = TestServer.start(home, "--auth");
        admin = nobody.as(Files.readString(home.resolve("registry/admin-token")).strip());
        one = admin.experiment("one");
        two = admin.experiment("two");
        admin.post("registered-models/create", "{'name': 'model'}");
    }

    @AfterAll
    static void stop() {
        nobody.close();
    }

    private static Answer create(TestServer by, String body) {
        return by.send("POST", TOKENS, body.replace('\'', '"'));
    }

    private static TestServer token(TestServer by, String body) {
        Answer made = create(by, body);
        assertThat(made.status()).as(made.body()).isEqualTo(200);
        return nobody.as(made.json().path("secret").asText());
    }

    private static TestServer scoped(String... scopes) {
        return token(admin, "{'scopes': ['" + String.join("', '", scopes) + "']}");
    }

    /** Of an administrator's token: read and write an experiment, another, a model; comment; see tables; manage users. */
    @ParameterizedTest
    @CsvSource({
        "read,                  200, 403, 200, 403, 200, 403, 403, 200, 403",
        "write,                 200, 200, 200, 200, 200, 200, 200, 200, 403",
        "admin,                 200, 200, 200, 200, 200, 200, 200, 200, 200",
        "read:experiments,      200, 403, 200, 403, 403, 403, 403, 403, 403",
        "write:models,          403, 403, 403, 403, 200, 200, 403, 403, 403",
        "admin:models,          403, 403, 403, 403, 200, 200, 403, 403, 403",
        "write:experiment:one,  200, 200, 403, 403, 403, 403, 200, 403, 403",
        "write:experiment:o*,   200, 200, 403, 403, 403, 403, 200, 403, 403",
        "read:experiment:one,   200, 403, 403, 403, 403, 403, 403, 403, 403",
        "write:model:model,     403, 403, 403, 403, 200, 200, 403, 403, 403",
        "endpoints,             403, 403, 403, 403, 403, 403, 403, 403, 403"
    })
    void aScopeAllowsWhatItNames(
            String scope,
            int readOne,
            int writeOne,
            int readTwo,
            int writeTwo,
            int readModel,
            int writeModel,
            int comment,
            int tables,
            int users) {
        TestServer token = scoped(scope);

        assertThat(token.get("experiments/get?experiment_id=" + one).status()).isEqualTo(readOne);
        assertThat(token.post("runs/create", "{'experiment_id': '" + one + "'}").status())
                .isEqualTo(writeOne);
        assertThat(token.get("experiments/get?experiment_id=" + two).status()).isEqualTo(readTwo);
        assertThat(token.post("runs/create", "{'experiment_id': '" + two + "'}").status())
                .isEqualTo(writeTwo);
        assertThat(token.get("registered-models/get?name=model").status()).isEqualTo(readModel);
        assertThat(token.post("registered-models/set-tag", "{'name': 'model', 'key': 'k', 'value': 'v'}")
                        .status())
                .isEqualTo(writeModel);
        assertThat(token.send("POST", "/api/v1/comments", "{\"target\": \"experiment:" + one + "\", \"text\": \"x\"}")
                        .status())
                .isEqualTo(comment);
        assertThat(token.getPath("/api/v1/tables").status()).isEqualTo(tables);
        assertThat(token.getPath("/api/v1/users").status()).isEqualTo(users);
        JsonNode me = token.getPath("/api/v1/me").json();
        assertThat(me.path("user").asText()).isEqualTo("admin");
        assertThat(me.at("/scopes/0").asText()).isEqualTo(scope);
        assertThat(me.path("administrator").asBoolean()).isEqualTo(users == 200);
    }

    @Test
    void listsShowWhatTheTokenMayRead() {
        TestServer token = scoped("read:experiment:one");

        JsonNode found = token.get("experiments/search?max_results=100").json().path("experiments");

        assertThat(found).hasSize(1);
        assertThat(found.at("/0/name").asText()).isEqualTo("one");
        assertThat(token.get("registered-models/search").body()).doesNotContain("model\"");
    }

    @Test
    void aTokenNeverAllowsMoreThanItsUsersGrants() {
        admin.send("PUT", "/api/v1/users/reader", "{\"grants\": [{\"role\": \"viewer\", \"scope\": \"*\"}]}");
        TestServer token = token(admin, "{'user': 'reader', 'scopes': ['admin']}");

        assertThat(token.get("experiments/get?experiment_id=" + one).status()).isEqualTo(200);
        assertThat(token.post("runs/create", "{'experiment_id': '" + one + "'}").status())
                .isEqualTo(403);
        assertThat(token.getPath("/api/v1/users").status()).isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Read",
                "own",
                "read:",
                "read:model",
                "read:model:",
                "read:endpoints",
                "write:*",
                "endpoints:x",
                "viewer=*"
            })
    void whatIsNotAScopeIsRefused(String scope) {
        Answer refused = create(admin, "{'scopes': ['" + scope + "']}");

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().path("detail").asText()).contains("`" + scope + "` is not a scope of a token");
        assertThat(create(admin, "{'scopes': []}").status()).isEqualTo(400);
        assertThat(create(admin, "{'scopes': 'read'}").status()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({
        "read,                read:model:m,           true",
        "write:models,        write:model:m*,         true",
        "write:model:m*,      write:model:m,          true",
        "write:model:m*,      write:model:mm*,        true",
        "write:model:m*,      write:model:*,          false",
        "write:model:m,       write:model:m*,         false",
        "write:model:m,       write:experiment:m,     false",
        "read:models,         write:model:m,          false",
        "admin,               endpoints,              true",
        "write,               endpoints,              false",
        "endpoints,           read:model:m,           false",
        "endpoints,           endpoints,              true",
        "admin:models,        endpoints,              false"
    })
    void aScopeIncludesNarrowerOnes(String wide, String narrow, boolean includes) {
        assertThat(TokenScope.parse(wide).includes(TokenScope.parse(narrow))).isEqualTo(includes);
        assertThat(TokenScope.parse(wide)).hasToString(wide);
    }

    @Test
    void manyScopesAreTooMany() {
        assertThatThrownBy(() -> new Limits(
                        java.util.Collections.nCopies(51, TokenScope.parse("read")), java.util.Optional.empty()))
                .isInstanceOf(MillraceException.class);
    }
}
