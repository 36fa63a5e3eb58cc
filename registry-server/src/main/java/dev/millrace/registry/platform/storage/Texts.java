package dev.millrace.registry.platform.storage;

import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.naming.Excerpt;
import java.sql.Types;
import org.jdbi.v3.core.argument.AbstractArgumentFactory;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.config.ConfigRegistry;

/**
 * Binds texts, and refuses those with a NUL character: PostgreSQL cannot keep one, so no database of ours takes it. The
 * place all texts pass, whichever call they came with.
 */
final class Texts extends AbstractArgumentFactory<String> {
    Texts() {
        super(Types.VARCHAR);
    }

    @Override
    protected Argument build(String value, ConfigRegistry config) {
        if (value.indexOf('\0') >= 0) {
            throw MillraceException.invalid("Texts may not hold the NUL character (\\u0000): '"
                    + Excerpt.of(value, 50).replace("\0", "\\u0000")
                    + "'. Leave it out.");
        }
        return (position, statement, context) -> statement.setString(position, value);
    }
}
