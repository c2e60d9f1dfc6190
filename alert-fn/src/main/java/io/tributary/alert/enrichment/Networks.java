package io.tributary.alert.enrichment;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Networks by their width. AWS takes {@code 198.51.100.7/0} and makes {@code 0.0.0.0/0} of it; two halves of the internet are all of it; so what
 * counts is how many public addresses all networks of a list have together.
 */
final class Networks {
    /** As many addresses as an IPv4 /8 has: more than anybody's own. */
    private static final BigInteger INTERNET_V4 = BigInteger.ONE.shiftLeft(24);

    /** As many as a /32 has, which is what providers get. */
    private static final BigInteger INTERNET_V6 = BigInteger.ONE.shiftLeft(96);

    /** Not routed on the internet: RFC 1918, RFC 6598, loopback, link-local; unique local and link-local addresses of IPv6. */
    private static final List<Network> PRIVATE = List.of(
            network("10.0.0.0/8"),
            network("172.16.0.0/12"),
            network("192.168.0.0/16"),
            network("100.64.0.0/10"),
            network("127.0.0.0/8"),
            network("169.254.0.0/16"),
            network("fc00::/7"),
            network("fe80::/10"));

    private final List<Network> all = new ArrayList<>();

    /**
     * A network.
     *
     * @param first its first address
     * @param length of its prefix
     * @param bits of an address: 32 or 128
     */
    record Network(BigInteger first, int length, int bits) {
        BigInteger size() {
            return BigInteger.ONE.shiftLeft(bits - length);
        }

        boolean isWithin(Network other) {
            return bits == other.bits
                    && length >= other.length
                    && first.shiftRight(bits - other.length).equals(other.first.shiftRight(bits - other.length));
        }

        boolean isPrivate() {
            return PRIVATE.stream().anyMatch(this::isWithin);
        }
    }

    private static Network network(String text) {
        return parse(text).orElseThrow();
    }

    /** An address with or without the length of a prefix; nothing is looked up. */
    static Optional<Network> parse(String text) {
        int slash = text.indexOf('/');
        String address = (slash < 0 ? text : text.substring(0, slash)).strip();
        byte[] bytes = address.indexOf(':') >= 0 ? Addresses.v6(address) : Addresses.v4(address);
        if (bytes.length == 0) {
            return Optional.empty();
        }
        int bits = bytes.length * Byte.SIZE;
        int length = bits;
        if (slash >= 0) {
            String digits = text.substring(slash + 1).strip();
            if (!digits.matches("\\d{1,3}") || Integer.parseInt(digits) > bits) {
                return Optional.empty();
            }
            length = Integer.parseInt(digits);
        }
        BigInteger mask = BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE.shiftLeft(bits - length));
        return Optional.of(new Network(new BigInteger(1, bytes).and(mask), length, bits));
    }

    void add(String text) {
        parse(text).ifPresent(all::add);
    }

    /** Whether they let in the internet. */
    boolean areInternet() {
        return size(32).compareTo(INTERNET_V4) >= 0 || size(128).compareTo(INTERNET_V6) >= 0;
    }

    private BigInteger size(int bits) {
        return all.stream()
                .filter(network -> network.bits() == bits && !network.isPrivate())
                .distinct()
                .map(Network::size)
                .reduce(BigInteger.ZERO, BigInteger::add);
    }
}
