package io.tributary.alert.sigma;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.ocsf.IpAddress;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/** What a value must be like. */
sealed interface ValueTest {
    boolean passes(String value);

    /** There must be none. */
    record Absent() implements ValueTest {
        @Override
        public boolean passes(String value) {
            return false;
        }
    }

    /** There must be one. */
    record Present() implements ValueTest {
        @Override
        public boolean passes(String value) {
            return true;
        }
    }

    /** It must match a text with wildcards. */
    record Matching(Glob glob) implements ValueTest {
        @Override
        public boolean passes(String value) {
            return glob.matches(value);
        }
    }

    /** A regular expression must be found in it. */
    record Regex(Pattern pattern) implements ValueTest {
        @Override
        public boolean passes(String value) {
            return pattern.matcher(new BoundedText(value)).find();
        }
    }

    /** It must be an address of a network. */
    record Network(byte[] prefix, int bits) implements ValueTest {
        /**
         * Reads an address and a number of bits.
         *
         * @throws IllegalArgumentException if it is none
         */
        static Network of(String cidr) {
            int slash = cidr.indexOf('/');
            byte[] prefix = address(slash < 0 ? cidr : cidr.substring(0, slash));
            int bits;
            try {
                bits = slash < 0 ? prefix.length * 8 : Integer.parseInt(cidr.substring(slash + 1));
            } catch (NumberFormatException e) {
                bits = -1;
            }
            if (prefix.length == 0 || bits < 0 || bits > prefix.length * 8) {
                throw new IllegalArgumentException("'" + cidr + "' is no network, such as 192.0.2.0/24");
            }
            return new Network(prefix, bits);
        }

        @Override
        public boolean passes(String value) {
            byte[] address = address(value);
            if (address.length != prefix.length) {
                return false;
            }
            for (int i = 0; i < bits; i++) {
                int mask = 0x80 >> i % 8;
                if ((address[i / 8] & mask) != (prefix[i / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }

        /** The bytes of an address; none if it is no address. No name is ever looked up. */
        private static byte[] address(String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            try {
                return IpAddress.is(bytes, 0, bytes.length)
                        ? InetAddress.getByName(text).getAddress()
                        : new byte[0];
            } catch (UnknownHostException e) {
                return new byte[0];
            }
        }
    }

    /** It must be a number that compares with another so. */
    record Comparing(BigDecimal number, boolean isGreater, boolean isEqual) implements ValueTest {
        @Override
        public boolean passes(String value) {
            try {
                int order = new BigDecimal(value).compareTo(number);
                return order == 0 ? isEqual : order > 0 == isGreater;
            } catch (NumberFormatException e) {
                return false;
            }
        }
    }

    /** It must be, begin with, end with or contain what another field has. */
    record SameAs(FieldPath other, boolean before, boolean after, boolean isCased) implements ValueTest {
        @Override
        public boolean passes(String value) {
            return false;
        }

        boolean any(List<JsonNode> values, JsonNode cloudTrailRecord) {
            for (JsonNode expected : other.of(cloudTrailRecord)) {
                Glob glob = Glob.literal(Expression.text(expected), isCased).within(before, after);
                for (JsonNode value : values) {
                    if (glob.matches(Expression.text(value))) {
                        return true;
                    }
                }
            }
            return false;
        }
    }

    /** One of several tests must pass on one value. */
    record AnyOf(List<ValueTest> tests) implements ValueTest {
        public AnyOf {
            tests = List.copyOf(tests);
        }

        @Override
        public boolean passes(String value) {
            return tests.stream().anyMatch(test -> test.passes(value));
        }
    }
}
