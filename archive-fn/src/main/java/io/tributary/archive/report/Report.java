package io.tributary.archive.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.archive.StorageClass;
import io.tributary.archive.cost.Prices;
import java.time.Instant;
import java.util.Locale;

/**
 * A report on a bucket.
 *
 * @param title what it is about
 * @param made when
 */
public record Report(String title, Instant made, Usage usage, Costs costs, Prices prices) {
    private static final double ROUNDING = 1e6;

    /** Puts a report together. */
    public static Report of(String title, Instant made, Usage usage, Prices prices) {
        return new Report(title, made, usage, Costs.of(usage, prices), prices);
    }

    /** All of it, for programs. */
    public ObjectNode toJson() {
        ObjectNode json =
                new ObjectMapper().createObjectNode().put("title", title).put("made", made.toString());
        json.putObject("prices")
                .put("region", prices.region())
                .put("date", prices.date())
                .put("currency", prices.currency())
                .put("note", prices.note());
        ObjectNode month = json.putObject("cost_a_month");
        month.put("now", rounded(costs.now()))
                .put("archive_now", rounded(costs.archiveNow()))
                .put("archive_uncompacted", rounded(costs.archiveUncompacted()));
        ObjectNode classes = month.putObject("archive_in");
        for (StorageClass storageClass : StorageClass.values()) {
            classes.put(storageClass.name(), rounded(costs.archiveIn().get(storageClass)));
        }
        json.put("transitions_uncompacted", rounded(costs.transitionsUncompacted()));
        json.putObject("delivered")
                .put("objects", usage.delivered().small() + usage.delivered().large())
                .put("below_128_kb", usage.delivered().small());
        var holdings = json.putArray("holdings");
        usage.holdings()
                .forEach(holding -> holdings.addObject()
                        .put("place", holding.place())
                        .put("source", holding.source())
                        .put("storage_class", holding.storageClass().name())
                        .put("month", holding.month().toString())
                        .put("objects", holding.objects())
                        .put("bytes", holding.bytes())
                        .put("events", holding.events()));
        var shares = json.putArray("shares");
        usage.shares()
                .forEach(share -> shares.addObject()
                        .put("account", share.account())
                        .put("source", share.source())
                        .put("storage_class", share.storageClass().name())
                        .put("month", share.month().toString())
                        .put("bytes", share.bytes())
                        .put("events", share.events()));
        var problems = json.putArray("problems");
        usage.problems().forEach(problem -> problem.write(problems.addObject()));
        return json;
    }

    private static double rounded(double amount) {
        return Math.round(amount * ROUNDING) / ROUNDING;
    }

    /** Holdings and shares as one table, for spreadsheets (RFC 4180). */
    public String toCsv() {
        StringBuilder csv = new StringBuilder("place,source,account,storage_class,month,objects,bytes,events\r\n");
        usage.holdings()
                .forEach(holding -> csv.append(String.format(
                        Locale.ROOT,
                        "%s,%s,,%s,%s,%d,%d,%d\r\n",
                        holding.place(),
                        holding.source(),
                        holding.storageClass(),
                        holding.month(),
                        holding.objects(),
                        holding.bytes(),
                        holding.events())));
        usage.shares()
                .forEach(share -> csv.append(String.format(
                        Locale.ROOT,
                        "share,%s,%s,%s,%s,,%d,%d\r\n",
                        share.source(),
                        share.account(),
                        share.storageClass(),
                        share.month(),
                        share.bytes(),
                        share.events())));
        return csv.toString();
    }
}
