package dev.millrace.registry.platform.settings;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Everything the server can be told. Each is an option, a variable of the environment, and a key of the file. */
public enum Setting {
    HOME(Form.TEXT),
    HOST(Form.TEXT),
    PORT(Form.TEXT),
    AUTH(Form.FLAG),
    INSECURE(Form.FLAG),
    BEHIND_PROXY(Form.FLAG),
    DATABASE(Form.TEXT),
    ARTIFACT_ROOT(Form.TEXT),
    ARTIFACT_FOLDER(Form.LIST),
    LAKE(Form.TEXT),
    ALLOWED_HOST(Form.LIST),
    WEBHOOK_HOST(Form.LIST),
    TLS_CERT(Form.TEXT),
    TLS_KEY(Form.TEXT),
    TLS_KEYSTORE(Form.TEXT),
    TLS_PASSWORD(Form.TEXT),
    LOG_FORMAT(Form.TEXT);

    /** How a value is written. */
    enum Form {
        TEXT,
        /** An option without a value; {@code true} or {@code false} elsewhere. */
        FLAG,
        /** An option given more than once; with commas in the environment; a list in the file. */
        LIST
    }

    private final Form form;

    Setting(Form form) {
        this.form = form;
    }

    Form form() {
        return form;
    }

    /** {@code tls-cert}: the key in the file, and behind two dashes the option. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** {@code MILLRACE_TLS_CERT}. */
    public String variable() {
        return "MILLRACE_" + name();
    }

    static Optional<Setting> of(String word) {
        return Arrays.stream(values())
                .filter(setting -> setting.word().equals(word))
                .findFirst();
    }

    static List<String> words() {
        return Arrays.stream(values()).map(Setting::word).sorted().toList();
    }
}
