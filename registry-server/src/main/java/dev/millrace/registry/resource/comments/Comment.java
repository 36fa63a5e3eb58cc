package dev.millrace.registry.resource.comments;

import java.util.Optional;

/**
 * What somebody said about something.
 *
 * @param target {@code run:ID}, {@code experiment:ID}, {@code model:NAME} or {@code version:NAME/N}
 * @param text Markdown
 * @param createdAt epoch milliseconds, as {@code editedAt}
 */
record Comment(long id, String target, String author, String text, long createdAt, Optional<Long> editedAt) {}
