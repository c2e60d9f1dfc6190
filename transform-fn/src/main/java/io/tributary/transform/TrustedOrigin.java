package io.tributary.transform;

/**
 * Log groups whose events may speak for other accounts: nobody but AWS, or this project, writes to them.
 *
 * @param account the log groups' owner, 12 digits
 * @param logGroup a log group name, in which {@code *} stands for any text
 */
public record TrustedOrigin(String account, String logGroup) {
    public TrustedOrigin {
        if (!account.matches("\\d{12}") || logGroup.isBlank()) {
            throw new IllegalArgumentException("expected \"12-digit account id:log group\", found \"" + account
                    + (logGroup.isEmpty() ? "" : ":" + logGroup) + "\"");
        }
    }

    /**
     * Reads {@code account:log group}.
     *
     * @throws IllegalArgumentException if it is none
     */
    static TrustedOrigin parse(String text) {
        String[] parts = text.strip().split(":", 2);
        return new TrustedOrigin(parts[0].strip(), parts.length < 2 ? "" : parts[1].strip());
    }

    /** Whether the log group is one of these. CloudWatch Logs tells names apart by their case. */
    boolean matches(String owner, String name) {
        return account.equals(owner) && LogGroup.matches(logGroup, name);
    }

    @Override
    public String toString() {
        return account + ":" + logGroup;
    }
}
