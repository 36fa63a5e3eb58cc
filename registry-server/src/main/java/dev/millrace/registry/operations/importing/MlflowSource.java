package dev.millrace.registry.operations.importing;

import java.sql.SQLException;

/** Something that holds what an MLflow server kept. */
interface MlflowSource {
    /** Hands over everything, owners before what belongs to them. */
    void readInto(ImportedRows rows) throws SQLException;
}
