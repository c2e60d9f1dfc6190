package io.tributary.ocsf;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {
    private static final Pattern V4 = Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(?:\\.(?!$)|$)){4}");

    /** OCSF's ip_t, as in the dictionary of version 1.8.0. It is looser: its dots are any character. */
    private static final Pattern OCSF = Pattern.compile(ocsf());

    private static String ocsf() {
        String octet = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
        String v4 = "(" + octet + "(." + octet + "){3})";
        String hex = "[0-9A-Fa-f]{1,4}";
        StringBuilder v6 =
                new StringBuilder("((" + hex + ":){7}(" + hex + "|:))|((" + hex + ":){6}(:" + hex + "|" + v4 + "|:))");
        for (int groups = 5; groups >= 1; groups--) {
            int least = 5 - groups;
            v6.append("|((")
                    .append(hex)
                    .append(":){")
                    .append(groups)
                    .append("}(((:")
                    .append(hex)
                    .append("){1,")
                    .append(7 - groups)
                    .append("})|((:")
                    .append(hex)
                    .append("){0,")
                    .append(least)
                    .append("}:")
                    .append(v4)
                    .append(")|:))");
        }
        v6.append("|(:(((:")
                .append(hex)
                .append("){1,7})|((:")
                .append(hex)
                .append("){0,5}:")
                .append(v4)
                .append(")|:))");
        return "\\s*(" + v4 + "|" + v6 + ")(%.+)?\\s*";
    }

    @Provide
    Arbitrary<String> addressLike() {
        Arbitrary<String> piece = Arbitraries.of(
                "0",
                "1",
                "255",
                "256",
                "192",
                "00",
                "01",
                "db8",
                "2001",
                "ffff",
                "FFFF",
                "fffff",
                "g",
                ":",
                "::",
                ".",
                ":",
                ":",
                ".",
                ".",
                "",
                "%",
                "/",
                " ",
                "192.0.2.1");
        return piece.list().ofMaxSize(18).map(pieces -> String.join("", pieces));
    }

    @Provide
    Arbitrary<String> v4Like() {
        return Arbitraries.of(
                        "0", "9", "10", "99", "100", "199", "200", "249", "250", "255", "256", "300", "007", "", "1000")
                .list()
                .ofMinSize(3)
                .ofMaxSize(5)
                .map(parts -> String.join(".", parts));
    }

    @Provide
    Arbitrary<String> v6Like() {
        return Arbitraries.of("0", "1", "db8", "2001", "ffff", "FFFF", "0db8", "", "", "12345", "192.0.2.1")
                .list()
                .ofMinSize(2)
                .ofMaxSize(9)
                .map(parts -> String.join(":", parts));
    }

    @Property(tries = 2000)
    void textsOfTheKindAreJudgedAsTheReferencesDo(@ForAll("addressLike") String text) {
        assertAsTheReferences(text);
    }

    @Property(tries = 2000)
    void fourNumbersAreJudgedAsTheReferencesDo(@ForAll("v4Like") String text) {
        assertAsTheReferences(text);
    }

    @Property(tries = 4000)
    void groupsAreJudgedAsTheReferencesDo(@ForAll("v6Like") String text) {
        assertAsTheReferences(text);
    }

    private static void assertAsTheReferences(String text) {
        assertThat(isV4(text)).as("IPv4: %s", text).isEqualTo(V4.matcher(text).matches());
        assertThat(isV6(text)).as("IPv6: %s", text).isEqualTo(referenceV6(text));
        assertThat(is(text)).isEqualTo(isV4(text) || isV6(text));
        if (is(text)) {
            assertThat(OCSF.matcher(text).matches()).as("OCSF's ip_t: %s", text).isTrue();
        }
    }

    /** RFC 4291, section 2.2, by splitting. */
    private static boolean referenceV6(String text) {
        int gap = text.indexOf("::");
        if (gap != text.lastIndexOf("::") || text.contains(":::")) {
            return false;
        }
        if (gap < 0) {
            return groups(text) == 8;
        }
        String before = text.substring(0, gap);
        String after = text.substring(gap + 2);
        if (before.contains(".")) {
            return false;
        }
        int left = before.isEmpty() ? 0 : groups(before);
        int right = after.isEmpty() ? 0 : groups(after);
        return left >= 0 && right >= 0 && left + right <= 7;
    }

    /** How many groups of 16 bits stand there, an IPv4 address at the end counting as two; -1 if anything else does. */
    private static int groups(String text) {
        List<String> parts = List.of(text.split(":", -1));
        int groups = 0;
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i).matches("[0-9A-Fa-f]{1,4}")) {
                groups++;
            } else if (i == parts.size() - 1 && V4.matcher(parts.get(i)).matches()) {
                groups += 2;
            } else {
                return -1;
            }
        }
        return groups;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "192.0.2.1",
                "0.0.0.0",
                "255.255.255.255",
                "2001:db8::1",
                "::",
                "::1",
                "1::",
                "::ffff:192.0.2.1",
                "2001:DB8:0:0:0:0:0:1",
                "1:2:3:4:5:6:7::",
                "::2:3:4:5:6:7:8",
                "64:ff9b::198.51.100.1"
            })
    void addressesAreRecognised(String text) {
        assertThat(is(text)).isTrue();
        assertThat(OCSF.matcher(text).matches()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "AWS Internal",
                "cloudtrail.amazonaws.com",
                "192.0.2",
                "192.0.2.256",
                "192.0.2.01",
                "192.0.2.1.",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1::2::3",
                ":1::2",
                "fe80::1%eth0",
                "2001:db8::/32",
                " 192.0.2.1",
                "::192.0.2.1:1",
                "1:2:3:4:5:6:7:192.0.2.1"
            })
    void whatIsNoAddressIsNot(String text) {
        assertThat(is(text)).isFalse();
    }

    private static boolean is(String text) {
        byte[] bytes = ("1" + text + "1").getBytes(StandardCharsets.UTF_8);
        return IpAddress.is(bytes, 1, bytes.length - 1);
    }

    private static boolean isV4(String text) {
        byte[] bytes = ("1" + text + "1").getBytes(StandardCharsets.UTF_8);
        return IpAddress.isV4(bytes, 1, bytes.length - 1);
    }

    private static boolean isV6(String text) {
        byte[] bytes = ("1" + text + "1").getBytes(StandardCharsets.UTF_8);
        return IpAddress.isV6(bytes, 1, bytes.length - 1);
    }
}
