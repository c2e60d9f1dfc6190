package io.tributary.ocsf;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.json.JsonOutput;
import io.tributary.json.JsonText;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link Timestamps} against {@code java.time}. */
class TimestampsTest {
    private static final DateTimeFormatter ISO = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSX", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    @Property
    void everyTimeIsWrittenAsJavaTimeWritesIt(@ForAll @LongRange(max = Timestamps.MAX) long millis) {
        JsonOutput iso = new JsonOutput(0);
        Timestamps.writeIso(iso, millis);
        assertThat(iso).hasToString(ISO.format(Instant.ofEpochMilli(millis)));
        JsonOutput date = new JsonOutput(0);
        Timestamps.writeDate(date, millis);
        assertThat(date).hasToString(iso.toString().substring(0, 10));
    }

    @Property
    void whatWasWrittenIsReadBack(@ForAll @LongRange(max = Timestamps.MAX) long millis) {
        JsonOutput iso = new JsonOutput(0);
        Timestamps.writeIso(iso, millis);
        assertThat(parse(iso.toString())).isEqualTo(millis);
    }

    @Test
    void everyDayOfFourCenturiesIsWrittenAndReadAsJavaTimeDoes() {
        for (long day = 0; day < 146_097; day++) {
            long millis = day * 86_400_000;
            String expected = ISO.format(Instant.ofEpochMilli(millis));
            JsonOutput iso = new JsonOutput(0);
            Timestamps.writeIso(iso, millis);
            assertThat(iso).hasToString(expected);
            assertThat(parse(expected)).isEqualTo(millis);
        }
    }

    @Property(tries = 3000)
    void anyDateAndTimeIsReadAsJavaTimeReadsIt(
            @ForAll @IntRange(min = 1960, max = 10_010) int year,
            @ForAll @IntRange(max = 13) int month,
            @ForAll @IntRange(max = 32) int day,
            @ForAll @IntRange(max = 25) int hour,
            @ForAll @IntRange(max = 61) int minute,
            @ForAll @IntRange(max = 59) int second,
            @ForAll("fractions") String fraction,
            @ForAll("offsets") String offset) {
        String text = String.format("%04d-%02d-%02dT%02d:%02d:%02d", year, month, day, hour, minute, second)
                + fraction
                + offset;
        assertThat(parse(text)).as(text).isEqualTo(expected(text));
        assertThat(parse(text.replace('T', ' ').replace('.', ','))).as(text).isEqualTo(expected(text));
    }

    @Provide
    Arbitrary<String> fractions() {
        return Arbitraries.oneOf(
                Arbitraries.just(""),
                Arbitraries.strings().numeric().ofMinLength(1).ofMaxLength(9).map(digits -> "." + digits));
    }

    @Provide
    Arbitrary<String> offsets() {
        return Arbitraries.of(
                "", "Z", "z", "+00:00", "-00:30", "+0100", "-1130", "+17:59", "-18:00", "+5", "+1:00", "+01:60", "UTC");
    }

    @Property(tries = 2000)
    void aDamagedTimeIsReadAsJavaTimeReadsItOrNotAtAll(
            @ForAll @IntRange(max = 23) int position, @ForAll("damage") String replacement) {
        String text = "2026-01-31T23:59:59.123Z";
        String damaged = text.substring(0, position) + replacement + text.substring(position + 1);
        assertThat(parse(damaged)).as(damaged).isEqualTo(expected(damaged));
    }

    @Provide
    Arbitrary<String> damage() {
        return Arbitraries.strings()
                .withChars("0123456789-:T.Z +xé")
                .ofMinLength(0)
                .ofMaxLength(2)
                .filter(text -> !text.contains(","));
    }

    /** By java.time, with an offset of hours and minutes with or without a colon; {@code NONE} outside of 1970 to 9999. */
    private static long expected(String text) {
        if (!text.matches("\\d{4}-\\d{2}-\\d{2}[T ]\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?(Z|z|[+-]\\d{2}:?\\d{2})?")) {
            return Timestamps.NONE;
        }
        String iso = text.replace(' ', 'T').replaceFirst("([+-]\\d{2})(\\d{2})$", "$1:$2");
        try {
            long millis = iso.matches(".*(Z|z|[+-]\\d{2}:\\d{2})")
                    ? OffsetDateTime.parse(iso).toInstant().toEpochMilli()
                    : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC).toEpochMilli();
            return millis >= 0 && millis <= Timestamps.MAX ? millis : Timestamps.NONE;
        } catch (DateTimeException e) {
            return Timestamps.NONE;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2016-12-31T23:59:60Z, 2017-01-01T00:00:00Z",
        "2026-01-31T23:59:59.1239999Z, 2026-01-31T23:59:59.123Z",
        "2024-02-29T00:00:00Z, 2024-02-29T00:00:00Z",
        "2026-01-31T23:59:59.000000000000000000001Z, 2026-01-31T23:59:59Z"
    })
    void leapSecondsAndFineFractionsAreRead(String text, Instant expected) {
        assertThat(parse(text)).isEqualTo(expected.toEpochMilli());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2026-01-31",
                "2026-01-31T23:59Z",
                "1969-12-31T23:59:59.999Z",
                "2026-02-29T00:00:00Z",
                "2100-02-29T00:00:00Z",
                "2026-01-31T23:59:59.Z",
                "2026-01-31T23:59:61Z"
            })
    void whatIsNoTimeIsNone(String text) {
        assertThat(parse(text)).isEqualTo(Timestamps.NONE);
    }

    @Test
    void onlyStringsHoldTimes() {
        byte[] text = "[\"2026-01-31T23:59:59Z\",20260131,null]".getBytes(StandardCharsets.UTF_8);
        JsonText json = new JsonText();
        json.parse(text, 0, text.length);
        int first = json.first(json.root());
        assertThat(Timestamps.parseIso(json, first))
                .isEqualTo(Instant.parse("2026-01-31T23:59:59Z").toEpochMilli());
        assertThat(Timestamps.parseIso(json, json.next(first))).isEqualTo(Timestamps.NONE);
        assertThat(Timestamps.parseIso(json, JsonText.NONE)).isEqualTo(Timestamps.NONE);
    }

    private static long parse(String text) {
        byte[] padding = "0".getBytes(StandardCharsets.UTF_8);
        byte[] bytes = ("0" + text + "0").getBytes(StandardCharsets.UTF_8);
        return Timestamps.parseIso(bytes, padding.length, bytes.length - padding.length);
    }
}
