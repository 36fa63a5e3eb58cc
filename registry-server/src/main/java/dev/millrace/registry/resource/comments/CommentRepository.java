package dev.millrace.registry.resource.comments;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** SQL of comments. */
final class CommentRepository {
    private static final String COLUMNS = "SELECT id, target, author, text, created_at, edited_at FROM comments";

    long insert(Handle tx, String target, String author, String text, long now) {
        return tx.createUpdate("INSERT INTO comments (target, author, text, created_at)"
                        + " VALUES (:target, :author, :text, :now)")
                .bind("target", target)
                .bind("author", author)
                .bind("text", text)
                .bind("now", now)
                .executeAndReturnGeneratedKeys("id")
                .mapTo(Long.class)
                .one();
    }

    Optional<Comment> find(Handle tx, long id) {
        return tx.createQuery(COLUMNS + " WHERE id = :id")
                .bind("id", id)
                .map((row, context) -> comment(row))
                .findOne();
    }

    /** The newest, in the order in which they were written. */
    List<Comment> of(Handle tx, String target, int limit) {
        List<Comment> newest = tx.createQuery(COLUMNS + " WHERE target = :target ORDER BY id DESC LIMIT :limit")
                .bind("target", target)
                .bind("limit", limit)
                .map((row, context) -> comment(row))
                .list();
        return newest.stream()
                .sorted(java.util.Comparator.comparingLong(Comment::id))
                .toList();
    }

    void update(Handle tx, long id, String text, long now) {
        tx.createUpdate("UPDATE comments SET text = :text, edited_at = :now WHERE id = :id")
                .bind("text", text)
                .bind("now", now)
                .bind("id", id)
                .execute();
    }

    void delete(Handle tx, long id) {
        tx.createUpdate("DELETE FROM comments WHERE id = :id").bind("id", id).execute();
    }

    private static Comment comment(ResultSet row) throws SQLException {
        long edited = row.getLong("edited_at");
        Optional<Long> editedAt = row.wasNull() ? Optional.empty() : Optional.of(edited);
        return new Comment(
                row.getLong("id"),
                row.getString("target"),
                row.getString("author"),
                row.getString("text"),
                row.getLong("created_at"),
                editedAt);
    }
}
