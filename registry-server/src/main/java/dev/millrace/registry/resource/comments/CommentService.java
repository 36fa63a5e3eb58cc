package dev.millrace.registry.resource.comments;

import dev.millrace.registry.platform.error.ErrorKind;
import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.storage.Database;
import dev.millrace.registry.security.audit.Act;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Comments on runs, experiments, models and versions. Each is its author's; an administrator may delete it. */
public final class CommentService {
    private static final int SHOWN = 500;
    private static final int CHARS = 10_000;

    private final Database database;
    private final Clock clock;
    private final Consumer<String> announce;
    private final CommentRepository repository = new CommentRepository();

    /** @param announce tells whoever follows this topic that it changed */
    public CommentService(Database database, Clock clock, Consumer<String> announce) {
        this.database = database;
        this.clock = clock;
        this.announce = announce;
    }

    /** The newest 500, the oldest of them first. */
    List<Comment> of(String target) {
        return database.read(tx -> repository.of(tx, requireTarget(target), SHOWN));
    }

    /** What a comment is on; empty when there is none of this id. */
    public Optional<String> targetOf(String id) {
        if (!id.matches("[0-9]{1,18}")) return Optional.empty();
        return database.look(tx -> repository.find(tx, Long.parseLong(id))).map(Comment::target);
    }

    Comment add(String target, String author, String text, Act act) {
        requireTarget(target);
        requireText(text);
        Comment added = database.write(tx -> {
            long id = repository.insert(tx, target, author, text, clock.millis());
            act.done(tx, Map.of("id", id));
            return repository.find(tx, id).orElseThrow();
        });
        announce.accept("comments:" + target);
        return added;
    }

    Comment edit(long id, String by, String text, Act act) {
        requireText(text);
        Comment edited = database.write(tx -> {
            Comment comment = require(tx, id);
            requireAuthor(comment, by);
            repository.update(tx, id, text, clock.millis());
            act.done(tx, Map.of("target", comment.target(), "old_text", comment.text()));
            return repository.find(tx, id).orElseThrow();
        });
        announce.accept("comments:" + edited.target());
        return edited;
    }

    void delete(long id, String by, boolean anybodys, Act act) {
        Comment deleted = database.write(tx -> {
            Comment comment = require(tx, id);
            if (!anybodys) requireAuthor(comment, by);
            repository.delete(tx, id);
            act.done(tx, Map.of("target", comment.target(), "author", comment.author(), "text", comment.text()));
            return comment;
        });
        announce.accept("comments:" + deleted.target());
    }

    private Comment require(org.jdbi.v3.core.Handle tx, long id) {
        return repository.find(tx, id).orElseThrow(() -> MillraceException.notFound("There is no comment " + id + "."));
    }

    private static void requireAuthor(Comment comment, String by) {
        if (comment.author().equals(by)) return;
        throw new MillraceException(ErrorKind.FORBIDDEN, "This comment is " + comment.author() + "'s.");
    }

    private static String requireTarget(String target) {
        if (target.length() <= 1_000 && target.matches("(?s)(run|experiment|model|version):.+")) return target;
        throw MillraceException.invalid("`target` must be run:ID, experiment:ID, model:NAME or version:NAME/N.");
    }

    private static void requireText(String text) {
        if (text.isBlank()) throw MillraceException.invalid("A comment needs a `text`.");
        if (text.length() > CHARS) {
            throw MillraceException.invalid(
                    "A comment has " + CHARS + " characters at most, this has " + text.length() + ".");
        }
    }
}
