package io.tributary.yaml;

/** A file that is no YAML, or says what it may not; the message begins with {@code file:line: }. */
public final class YamlException extends Exception {
    public YamlException(String message) {
        super(message);
    }

    public YamlException(String message, Throwable cause) {
        super(message, cause);
    }
}
