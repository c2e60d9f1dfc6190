package io.tributary.archive.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.archive.EventObjects;
import io.tributary.archive.FakeStore;
import io.tributary.archive.Problem;
import io.tributary.archive.Problem.Kind;
import io.tributary.archive.StorageClass;
import io.tributary.archive.cost.Prices;
import io.tributary.archive.report.Usage.Holding;
import io.tributary.archive.restore.Archive;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static final YearMonth MARCH = YearMonth.parse("2026-03");
    private static final Prices PRICES = Prices.usual();

    private final FakeStore store = new FakeStore();

    @BeforeEach
    void fill() throws IOException {
        Archive.fill(store, StorageClass.DEEP_ARCHIVE);
        store.put(
                "events/source=waf/date=2026-04-01/o-1",
                EventObjects.member(EventObjects.document("a", "123456789012", Instant.EPOCH)));
        store.put("raw/1970/01/01/00/r", "12345");
    }

    @Test
    void everyObjectIsCountedOnce() throws IOException {
        Usage usage = new Reporter(EventObjects.chains(store)).usage(YearMonth.of(1970, 1));
        assertThat(usage.holdings())
                .extracting(
                        Holding::place,
                        Holding::source,
                        Holding::storageClass,
                        Holding::month,
                        Holding::objects,
                        Holding::events)
                .containsExactlyInAnyOrder(
                        tuple("archive", "cloudtrail", StorageClass.DEEP_ARCHIVE, MARCH, 3L, 48L),
                        tuple("archive", "waf", StorageClass.DEEP_ARCHIVE, MARCH, 3L, 48L),
                        tuple("events", "waf", StorageClass.STANDARD, MARCH.plusMonths(1), 1L, 0L),
                        tuple("raw", "", StorageClass.STANDARD, YearMonth.of(1970, 1), 1L, 0L));
        long archived = usage.holdings().stream()
                .filter(holding -> holding.place().equals("archive"))
                .mapToLong(Holding::bytes)
                .sum();
        assertThat(usage.shares()).hasSize(4);
        assertThat(usage.shares().stream().mapToLong(Usage.Share::bytes).sum()).isEqualTo(archived);
        assertThat(usage.shares().stream().mapToLong(Usage.Share::events)).containsOnly(24L);
        assertThat(usage.delivered().small()).isEqualTo(24);
        assertThat(usage.delivered().smallBytes()).isEqualTo(archived);
    }

    @Test
    void whatIsLostIsNamedAndAllElseIsCounted() throws IOException {
        List<String> parts = store.keys("archive/source=waf/");
        store.delete(List.of(parts.get(0)));
        store.put(parts.get(1), "other");
        store.delete(store.keys("manifests/source=waf/date=2026-03-03/"));
        Usage usage = new Reporter(EventObjects.chains(store)).usage(YearMonth.of(1970, 1));
        assertThat(usage.problems())
                .extracting(Problem::kind)
                .containsExactlyInAnyOrder(Kind.PART_MISSING, Kind.PART_REPLACED, Kind.MANIFEST_MISSING);
        assertThat(usage.holdings())
                .extracting(Holding::place, Holding::source, Holding::objects, Holding::events)
                .contains(tuple("archive", "cloudtrail", 3L, 48L), tuple("archive", "waf", 1L, 0L));
        Report report = Report.of("Archive", Instant.parse("2026-05-01T00:00:00Z"), usage, PRICES);
        assertThat(report.toJson().path("problems")).hasSize(3);
        assertThat(report.toJson().at("/problems/0/problem").asText()).isEqualTo("PART_MISSING");
        assertThat(ReportPage.of(report)).contains("<h2>Not intact</h2>", "PART_REPLACED " + parts.get(1));
    }

    @Test
    void monthsBeforeTheFirstAreLeftOut() throws IOException {
        assertThat(new Reporter(EventObjects.chains(store))
                        .usage(MARCH.plusMonths(1))
                        .holdings())
                .extracting(Holding::place)
                .containsExactly("events");
    }

    /** A million objects of 20 KB in 40 parts, and 1,000 of 1 MB: by hand. */
    @Test
    void costsAreThoseOfThePriceList() {
        long bytes = 1_000_000L * 20_000 + 1_000L * 1_000_000;
        Usage usage = new Usage(
                List.of(new Holding("archive", "waf", StorageClass.DEEP_ARCHIVE, MARCH, 40, bytes, 5)),
                List.of(),
                new Usage.Delivered(1_000_000, 20_000_000_000L, 1_000, 1_000_000_000L),
                List.of());
        Costs costs = Costs.of(usage, PRICES);
        double gb = bytes / (double) (1 << 30);
        assertThat(costs.archiveNow())
                .isCloseTo(gb * 0.00099 + 40 * (32.0 / (1 << 20) * 0.00099 + 8.0 / (1 << 20) * 0.023), within(1e-9));
        assertThat(costs.archiveIn().get(StorageClass.STANDARD)).isCloseTo(gb * 0.023, within(1e-9));
        // what is below 128 KB stays in Standard
        assertThat(costs.archiveUncompacted())
                .isCloseTo(
                        20e9 / (1 << 30) * 0.023
                                + (1e9 + 1_000 * 32_768.0) / (1 << 30) * 0.00099
                                + 1_000 * 8_192.0 / (1 << 30) * 0.023,
                        within(1e-9));
        assertThat(costs.transitionsUncompacted()).isCloseTo(0.05, within(1e-9));
    }

    @Test
    void theLeastSizeOfAnObjectIsChargedFor() {
        assertThat(PRICES.storage(StorageClass.GLACIER_IR, 1_000, 1_000))
                .isCloseTo(1_000 * 128.0 / (1 << 20) * 0.004, within(1e-12));
        assertThat(PRICES.storage(StorageClass.STANDARD, 1_000, 1_000))
                .isCloseTo(1_000.0 / (1 << 30) * 0.023, within(1e-12));
    }

    @Test
    void itIsWrittenForProgramsSpreadsheetsAndPeople() throws Exception {
        Report report = Report.of(
                "Archive <of> example",
                Instant.parse("2026-05-01T00:00:00Z"),
                new Reporter(EventObjects.chains(store)).usage(MARCH),
                PRICES);
        JsonNode json = report.toJson();
        assertThat(json.path("holdings")).hasSize(3);
        assertThat(json.at("/cost_a_month/archive_in")).hasSize(StorageClass.values().length);
        assertThat(json.at("/prices/date").asText()).isEqualTo(PRICES.date());
        assertThat(report.toCsv().lines())
                .hasSize(1 + 3 + 4)
                .allMatch(line -> line.split(",", -1).length == 8)
                .anyMatch(line -> line.startsWith("share,waf,123456789012,DEEP_ARCHIVE,2026-03,,"));
        String page = ReportPage.of(report);
        assertThat(page)
                .contains("<title>Archive &lt;of&gt; example</title>", "Glacier Deep Archive", "210987654321")
                .doesNotContain("http:", "https:", "<script", "url(");
        // well-formed, but for what HTML alone allows
        DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(page.replace("<!DOCTYPE html>", "")
                        .replaceAll("<meta ([^>]*)>", "<meta $1/>")
                        .getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void pricesThatAreNotCompleteAreRefused() {
        assertThatThrownBy(() -> Prices.parse("{\"classes\":{\"STANDARD\":{}}}".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IOException.class)
                .hasMessage("a price is missing: gb_month");
    }
}
