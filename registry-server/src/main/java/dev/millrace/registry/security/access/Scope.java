package dev.millrace.registry.security.access;

import dev.millrace.registry.platform.error.MillraceException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a grant is for: {@code *} (all there is and will be), {@code experiment:NAME} or {@code model:NAME}; a name may
 * end in {@code *}. By names, not ids, so that a team's rights stand before its first experiment does.
 *
 * @param kind empty for everything
 */
record Scope(Optional<Target.Kind> kind, String name) {
    private static final Pattern FORM = Pattern.compile("(experiment|model):(.{1,500})", Pattern.DOTALL);

    /** @throws MillraceException USAGE */
    static Scope parse(String text) {
        if (text.equals("*")) return new Scope(Optional.empty(), "*");
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw MillraceException.invalid(
                    "`" + text + "` is no scope. Write `*`, `experiment:NAME` or `model:NAME`; NAME may end in `*`.");
        }
        return new Scope(
                Optional.of(form.group(1).equals("model") ? Target.Kind.MODEL : Target.Kind.EXPERIMENT), form.group(2));
    }

    boolean covers(Target target) {
        if (kind.isEmpty()) return true;
        if (kind.get() != target.kind()) return false;
        return name.endsWith("*")
                ? target.name().startsWith(name.substring(0, name.length() - 1))
                : target.name().equals(name);
    }

    /** Whether everything that the other covers is covered by this. */
    boolean includes(Scope other) {
        if (kind.isEmpty()) return true;
        if (!kind.equals(other.kind)) return false;
        if (!name.endsWith("*")) return name.equals(other.name);
        String prefix = name.substring(0, name.length() - 1);
        return other.name.startsWith(prefix); // a pattern that begins so leads nowhere else
    }

    @Override
    public String toString() {
        return kind.map(known -> (known == Target.Kind.MODEL ? "model:" : "experiment:") + name)
                .orElse("*");
    }
}
