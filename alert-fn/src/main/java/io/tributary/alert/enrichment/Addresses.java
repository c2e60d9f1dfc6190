package io.tributary.alert.enrichment;

import java.util.Arrays;

/** IP addresses as bytes. Nothing is looked up: a text that is no address is none, not a name. */
final class Addresses {
    private static final byte[] NONE = {};
    private static final int GROUPS = 8;

    private Addresses() {}

    /** The four bytes; none if it is no IPv4 address. */
    static byte[] v4(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return NONE;
        }
        byte[] bytes = new byte[4];
        for (int i = 0; i < 4; i++) {
            if (!parts[i].matches("\\d{1,3}") || Integer.parseInt(parts[i]) > 255) {
                return NONE;
            }
            bytes[i] = (byte) Integer.parseInt(parts[i]);
        }
        return bytes;
    }

    /** The sixteen bytes; none if it is no IPv6 address. */
    static byte[] v6(String text) {
        String address = text;
        int dot = address.indexOf('.');
        if (dot >= 0) {
            // the last two groups as an IPv4 address
            int colon = address.lastIndexOf(':', dot);
            byte[] v4 = v4(address.substring(colon + 1));
            if (v4.length == 0) {
                return NONE;
            }
            address = address.substring(0, colon + 1) + String.format("%02x%02x:%02x%02x", v4[0], v4[1], v4[2], v4[3]);
        }
        int gap = address.indexOf("::");
        int[] before = groups(gap < 0 ? address : address.substring(0, gap));
        int[] after = groups(gap < 0 ? "" : address.substring(gap + 2));
        if (before == null
                || after == null
                || (gap < 0 ? before.length != GROUPS : before.length + after.length >= GROUPS)) {
            return NONE;
        }
        int[] all = Arrays.copyOf(before, GROUPS);
        System.arraycopy(after, 0, all, GROUPS - after.length, after.length);
        byte[] bytes = new byte[2 * GROUPS];
        for (int i = 0; i < GROUPS; i++) {
            bytes[2 * i] = (byte) (all[i] >> 8);
            bytes[2 * i + 1] = (byte) all[i];
        }
        return bytes;
    }

    /** Null if one of them is none. */
    private static int[] groups(String text) {
        if (text.isEmpty()) {
            return new int[0];
        }
        String[] parts = text.split(":", -1);
        int[] groups = new int[parts.length];
        for (int i = 0; i < parts.length; i++) {
            if (parts.length > GROUPS || !parts[i].matches("[0-9A-Fa-f]{1,4}")) {
                return null;
            }
            groups[i] = Integer.parseInt(parts[i], 16);
        }
        return groups;
    }
}
