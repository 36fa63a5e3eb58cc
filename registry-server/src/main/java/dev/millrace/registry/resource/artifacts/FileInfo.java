package dev.millrace.registry.resource.artifacts;

import java.util.Optional;

/**
 * A file or folder as MLflow lists it.
 *
 * @param path relative to what the listing call says
 * @param fileSize in bytes; absent for folders
 */
record FileInfo(String path, boolean isDir, Optional<Long> fileSize) {
    FileInfo below(String folder) {
        return folder.isEmpty() ? this : new FileInfo(folder + "/" + path, isDir, fileSize);
    }
}
