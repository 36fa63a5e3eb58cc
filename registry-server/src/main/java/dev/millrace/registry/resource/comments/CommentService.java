package dev.millrace.registry.resource.comments;

import dev.millrace.registry.platform.error.ErrorKind;
import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.storage.Database;
import java.time.Clock;
import java.util.List;
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

    Comment add(String target, String author, String text) {
        requireTarget(target);
        requireText(text);
        Comment added = database.write(tx -> repository
                .find(tx, repository.insert(tx, target, author, text, clock.millis()))
                .orElseThrow());
        announce.accept("comments:" + target);
        return added;
    }

    Comment edit(long id, String by, String text) {
        requireText(text);
        Comment edited = database.write(tx -> {
            Comment comment = require(tx, id);
            requireAuthor(comment, by);
            repository.update(tx, id, text, clock.millis());
            return repository.find(tx, id).orElseThrow();
        });
        announce.accept("comments:" + edited.target());
        return edited;
    }

    void delete(long id, String by, boolean anybodys) {
        Comment deleted = database.write(tx -> {
            Comment comment = require(tx, id);
            if (!anybodys) requireAuthor(comment, by);
            repository.delete(tx, id);
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
