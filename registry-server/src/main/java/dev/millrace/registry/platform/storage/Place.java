package dev.millrace.registry.platform.storage;

import dev.millrace.registry.platform.error.ErrorKind;
import dev.millrace.registry.platform.error.MillraceException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Where a server's tables are. */
public sealed interface Place permits Place.SqliteFile, Place.Postgres {

    /** How it may be written into messages and logs: without a password. */
    String shown();

    /** A file of this machine; the usual place. */
    record SqliteFile(Path file) implements Place {
        @Override
        public String shown() {
            return file.toString();
        }
    }

    /**
     * A database of a PostgreSQL server.
     *
     * @param url {@code jdbc:postgresql://…}; may carry the driver's own parameters, user and password included
     * @param user absent: the URL's, else the operating system's
     * @param password absent: the URL's, else that of {@code ~/.pgpass}
     */
    record Postgres(String url, Optional<String> user, Optional<String> password) implements Place {
        private static final Pattern SECRETS = Pattern.compile("(?i)([?&](?:password|sslpassword)=)[^&]*");

        @Override
        public String shown() {
            return SECRETS.matcher(url).replaceAll("$1***");
        }

        /** Nothing prints the password by accident. */
        @Override
        public String toString() {
            return shown();
        }
    }

    /**
     * Reads what {@code --database} takes: {@code jdbc:postgresql://host/db?user=…}, the driver's form, or {@code
     * postgresql://user:password@host:port/db?…}, that of libpq and SQLAlchemy, in which user and password may be
     * percent-encoded.
     *
     * @throws MillraceException CONFIG for anything else; the message holds no password
     */
    static Postgres postgres(String text) {
        if (text.startsWith("jdbc:postgresql:")) return new Postgres(text, Optional.empty(), Optional.empty());
        try {
            URI uri = URI.create(text);
            String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
            boolean known =
                    scheme.equals("postgres") || scheme.equals("postgresql") || scheme.startsWith("postgresql+");
            if (known && uri.getHost() != null && uri.getPath().length() > 1) return postgres(uri);
        } catch (IllegalArgumentException malformed) {
            // Said below, without the text: it may hold a password.
        }
        throw new MillraceException(
                ErrorKind.CONFIG,
                "`--database` must be `postgresql://USER:PASSWORD@HOST:PORT/DATABASE` or `jdbc:postgresql://…`"
                        + " (percent-encode special characters). Leave it out to keep the tables in a file of the home.");
    }

    private static Postgres postgres(URI uri) {
        String[] account = Optional.ofNullable(uri.getRawUserInfo()).orElse("").split(":", 2);
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        return new Postgres(
                "jdbc:postgresql://" + uri.getHost() + port + uri.getRawPath() + query,
                Optional.of(decoded(account[0])).filter(user -> !user.isEmpty()),
                account.length > 1 ? Optional.of(decoded(account[1])) : Optional.empty());
    }

    /** Percent signs only: a plus is a plus here. */
    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
