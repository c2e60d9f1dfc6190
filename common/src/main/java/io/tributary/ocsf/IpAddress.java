package io.tributary.ocsf;

import io.tributary.json.JsonText;

/** Recognises IP addresses, which OCSF's {@code ip_t} demands and sources often put names in place of. */
public final class IpAddress {
    private IpAddress() {}

    /** Whether a string node is an IPv4 or IPv6 address. */
    public static boolean is(JsonText json, int node) {
        return json.isString(node) && is(json.bytes(), json.start(node) + 1, json.end(node) - 1);
    }

    /** Whether the bytes are an IPv4 or IPv6 address (without zone or prefix length). */
    public static boolean is(byte[] text, int from, int to) {
        return isV4(text, from, to) || isV6(text, from, to);
    }

    public static boolean isV4(byte[] text, int from, int to) {
        if (to - from < 7 || to - from > 15) {
            return false;
        }
        int dots = 0;
        int digits = 0;
        int value = 0;
        for (int i = from; i < to; i++) {
            int digit = text[i] - '0';
            if (digit >= 0 && digit <= 9) {
                // no leading zeros: some readers take them for octal
                if (digits == 3 || digits > 0 && value == 0) {
                    return false;
                }
                value = value * 10 + digit;
                digits++;
            } else if (text[i] == '.' && digits > 0 && value <= 255) {
                dots++;
                digits = 0;
                value = 0;
            } else {
                return false;
            }
        }
        return dots == 3 && digits > 0 && value <= 255;
    }

    public static boolean isV6(byte[] text, int from, int to) {
        int groups = 0;
        boolean compressed = false;
        int i = from;
        if (to - from < 2) {
            return false;
        }
        if (text[i] == ':') {
            if (text[i + 1] != ':') {
                return false;
            }
            compressed = true;
            i += 2;
        }
        while (i < to) {
            int start = i;
            while (i < to && i - start < 5 && Character.digit(text[i], 16) >= 0) {
                i++;
            }
            if (i < to && text[i] == '.' && i > start) {
                return isV4(text, start, to) && (compressed ? groups <= 5 : groups == 6);
            }
            if (i == start || i - start > 4) {
                return false;
            }
            groups++;
            if (i == to) {
                break;
            }
            if (text[i++] != ':') {
                return false;
            }
            if (i < to && text[i] == ':') {
                if (compressed) {
                    return false;
                }
                compressed = true;
                i++;
            } else if (i == to) {
                return false;
            }
        }
        return compressed ? groups <= 7 : groups == 8;
    }
}
