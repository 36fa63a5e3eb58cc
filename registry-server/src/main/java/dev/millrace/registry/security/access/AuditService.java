package dev.millrace.registry.security.access;

import dev.millrace.registry.platform.search.Page;
import dev.millrace.registry.platform.search.Search;
import dev.millrace.registry.platform.search.SearchRequest;
import dev.millrace.registry.platform.storage.Database;
import java.util.Optional;

/** The record of every attempt to change what others rely on. */
public final class AuditService {
    private final Database database;
    private final AuditRepository repository = new AuditRepository();

    public AuditService(Database database) {
        this.database = database;
    }

    /** On disk when it returns, so before the caller gets its answer. */
    void add(AuditEntry entry) {
        database.change(tx -> repository.add(tx, entry));
    }

    /** The newest first. */
    Page<AuditEntry> page(AuditRepository.Asked asked, int maxResults, Optional<String> token) {
        Search search = Search.of(AuditRepository.SCHEMA, SearchRequest.all(asked.toString(), maxResults, token));
        return database.read(tx -> repository.page(tx, search, asked));
    }
}
