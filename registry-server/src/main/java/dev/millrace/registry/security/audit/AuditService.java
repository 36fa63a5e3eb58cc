package dev.millrace.registry.security.audit;

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

    /** Records what was refused, or failed. On disk when it returns, so before the caller gets its answer. */
    public void refused(Act act, int status) {
        database.change(tx -> repository.append(tx, act.refused(status)));
    }

    /** Records a change to what is not in the database, before it is made: no change without its trace. */
    public void begun(Act act) {
        database.change(act::done);
    }

    /** The newest first. */
    public Page<AuditEntry> page(AuditQuery asked, int maxResults, Optional<String> token) {
        Search search = Search.of(AuditRepository.SCHEMA, SearchRequest.all(asked.toString(), maxResults, token));
        return database.read(tx -> repository.page(tx, search, asked));
    }
}
