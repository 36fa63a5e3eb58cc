package dev.millrace.platform.config;

/**
 * Where a value stands: in a file, or in a {@code --set} option.
 *
 * @param source the file as the user named it, or {@code --set key}
 * @param line 1-based; 0 when the source has no lines
 */
public record Where(String source, int line) {
    @Override
    public String toString() {
        return line == 0 ? source : source + ":" + line;
    }
}
