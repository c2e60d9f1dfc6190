package io.tributary.alert;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/**
 * Stands for the uid of an event, or for a key, where many are remembered: always as long, whoever chose the uid, so that
 * what remembers a number of them has a bounded size.
 */
public final class Fingerprint {
    /** Enough of SHA-256 that no two of an organization's events meet by chance: 16 characters. */
    private static final int BYTES = 12;

    private Fingerprint() {}

    /** 16 characters of letters, digits, {@code -} and {@code _}. */
    public static String of(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
