package dev.millrace.registry.security.audit;

import dev.millrace.registry.platform.error.ErrorKind;
import dev.millrace.registry.platform.error.MillraceException;
import dev.millrace.registry.platform.storage.Attachment;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.ResultIterator;

/**
 * Reads the audit from its first row to its last and computes the chain again. Rows are not held: memory does not grow with
 * their number. Works beside a running server, on one snapshot.
 */
public final class AuditVerification {
    private final AuditRepository repository = new AuditRepository();
    private final Optional<ChainHead> noted;

    /** @param noted a head from an earlier verification, which the chain must lead through */
    public AuditVerification(Optional<ChainHead> noted) {
        this.noted = noted;
    }

    /**
     * What holds.
     *
     * @param before rows from before there was a chain, which nothing covers
     */
    public record Report(ChainHead head, long before) {}

    /** @throws MillraceException INPUT_UNREADABLE with the first row that does not hold */
    public Report of(Attachment database) {
        return database.read(this::read);
    }

    private Report read(Handle tx) {
        AuditRepository.Chain chain = repository.chain(tx);
        ChainHead head = ChainHead.NONE;
        long before = 0;
        long last = 0;
        boolean isThere = noted.filter(ChainHead.NONE::equals).isPresent();
        try (ResultIterator<AuditRepository.Stored> rows = repository.rows(tx)) {
            while (rows.hasNext()) {
                AuditRepository.Stored row = rows.next();
                last = row.entry().id();
                if (last <= chain.beforeId() && row.digest().isEmpty()) {
                    before++;
                    continue;
                }
                head = head.and(row.entry());
                if (!row.digest().equals(Optional.of(head.digest()))) throw changed(last);
                if (noted.isPresent() && noted.get().entries() == head.entries()) {
                    if (!noted.get().equals(head)) throw rewritten(last, head);
                    isThere = true;
                }
            }
        }
        if (!head.equals(chain.head())) throw ends(last, head, chain.head());
        if (noted.isPresent() && !isThere) throw missing(last, head, noted.get());
        return new Report(head, before);
    }

    private static MillraceException changed(long id) {
        return broken(
                "Row " + id + " of the audit log does not match its digest: it was changed, or rows before it were"
                        + " changed, removed or put in another order.");
    }

    private static MillraceException rewritten(long id, ChainHead found) {
        return broken("Row " + id + " of the audit log is not the one that was noted: its head is " + found
                + ". The log was rewritten up to there.");
    }

    private static MillraceException ends(long id, ChainHead found, ChainHead expected) {
        long gone = expected.entries() - found.entries();
        return broken(
                "The audit log ends with row " + id + " after " + found.entries() + " chained rows; its head counts "
                        + expected.entries() + ". "
                        + (gone > 0 ? gone + " rows after row " + id + " are missing." : "The head was changed."));
    }

    private static MillraceException missing(long id, ChainHead found, ChainHead noted) {
        return broken("The audit log ends with row " + id + " after " + found.entries() + " chained rows; "
                + noted.entries() + " were noted. The rows after row " + id + " are missing.");
    }

    private static MillraceException broken(String what) {
        return new MillraceException(
                ErrorKind.INPUT_UNREADABLE,
                what + " Compare with a backup: `audit verify` works on a home that was restored from it.");
    }
}
