package io.tributary.archive.report;

import io.tributary.archive.Problem;
import io.tributary.archive.StorageClass;
import io.tributary.archive.report.Usage.Holding;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** A report as one page of HTML that needs nothing else: no script, no font, no network. */
public final class ReportPage {
    private static final int MOST_PROBLEMS = 100;
    private static final int BAR_WIDTH = 520;
    private static final int BAR_HEIGHT = 18;
    private static final int ROW = 26;
    private static final int LABEL = 190;
    private static final int VALUE = 130;
    private static final Map<StorageClass, String> NAMES = Map.of(
            StorageClass.STANDARD, "Standard",
            StorageClass.STANDARD_IA, "Standard-IA",
            StorageClass.GLACIER_IR, "Glacier Instant Retrieval",
            StorageClass.GLACIER, "Glacier Flexible Retrieval",
            StorageClass.DEEP_ARCHIVE, "Glacier Deep Archive");

    private static final String STYLE = """
            :root { color-scheme: light dark; --ink: #1c2430; --soft: #5c6675; --line: #d9dee5; --paper: #fff;
              --c0: #3b6fb6; --c1: #3a9d8f; --c2: #8a6fc0; --c3: #c98a2b; --c4: #6b7786; }
            @media (prefers-color-scheme: dark) {
              :root { --ink: #e6eaf0; --soft: #9aa5b4; --line: #38414d; --paper: #151a21;
                --c0: #6f9fe0; --c1: #5cc4b5; --c2: #b09be0; --c3: #e0ad5c; --c4: #95a1b0; } }
            body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); margin: 2rem auto;
              max-width: 60rem; padding: 0 1rem; }
            h1 { font-size: 1.5rem; margin-bottom: 0; } h2 { font-size: 1.1rem; margin-top: 2.2rem; }
            p, caption { color: var(--soft); } figure { margin: 0; overflow-x: auto; }
            svg { max-width: 100%; height: auto; } svg text { fill: var(--ink); font: 13px system-ui, sans-serif; }
            .c0 { fill: var(--c0); } .c1 { fill: var(--c1); } .c2 { fill: var(--c2); } .c3 { fill: var(--c3); } .c4 { fill: var(--c4); }
            .key span { display: inline-block; width: .8em; height: .8em; border-radius: 2px; margin: 0 .3em 0 1em; }
            .table { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
            th, td { text-align: left; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid var(--line); white-space: nowrap; }
            td.n, th.n { text-align: right; }
            """;

    private final Report report;
    private final StringBuilder page = new StringBuilder();

    private ReportPage(Report report) {
        this.report = report;
    }

    /** The page. */
    public static String of(Report report) {
        return new ReportPage(report).write();
    }

    private String write() {
        page.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>")
                .append(escaped(report.title()))
                .append("</title>\n<style>\n")
                .append(STYLE)
                .append("</style>\n</head>\n<body>\n<h1>")
                .append(escaped(report.title()))
                .append("</h1>\n<p>As of ")
                .append(report.made().toString(), 0, 10)
                .append(". Amounts are for storage a month, by the prices of ")
                .append(escaped(
                        report.prices().region() + ", " + report.prices().date()))
                .append(". ")
                .append(escaped(report.prices().note()))
                .append("</p>\n");
        costs();
        months();
        table(
                "By source",
                List.of("Source", "Objects", "Bytes", "Events"),
                holdings(holding -> holding.source().isEmpty() ? holding.place() + "/" : holding.source()));
        table(
                "By storage class",
                List.of("Class", "Objects", "Bytes", "Events"),
                holdings(holding -> NAMES.get(holding.storageClass())));
        accounts();
        problems();
        return page.append("</body>\n</html>\n").toString();
    }

    private void problems() {
        List<Problem> problems = report.usage().problems();
        if (problems.isEmpty()) {
            return;
        }
        page.append("<h2>Not intact</h2>\n<p>What is gone is not counted above.</p>\n<ul>\n");
        problems.stream()
                .limit(MOST_PROBLEMS)
                .forEach(problem ->
                        page.append("<li>").append(escaped(problem.toString())).append("</li>\n"));
        page.append("</ul>\n");
        if (problems.size() > MOST_PROBLEMS) {
            page.append(String.format(
                    Locale.ROOT,
                    "<p>And %,d more: archive verify tells them all.</p>%n",
                    problems.size() - MOST_PROBLEMS));
        }
    }

    private void costs() {
        Costs costs = report.costs();
        Map<String, Double> bars = new LinkedHashMap<>();
        bars.put("Everything, now", costs.now());
        bars.put("Archive, now", costs.archiveNow());
        bars.put("Archive, if not compacted", costs.archiveUncompacted());
        for (StorageClass storageClass : StorageClass.values()) {
            bars.put("Archive in " + shortName(storageClass), costs.archiveIn().get(storageClass));
        }
        page.append("<h2>Cost a month</h2>\n<figure>\n");
        open(bars.size(), "Cost a month, now and otherwise");
        double most =
                bars.values().stream().mapToDouble(Double::doubleValue).max().orElse(0);
        int row = 0;
        for (Map.Entry<String, Double> bar : bars.entrySet()) {
            label(row, bar.getKey());
            rectangle(row, 0, width(bar.getValue(), most), row < 3 ? 0 : 4);
            value(row, width(bar.getValue(), most), money(bar.getValue()));
            row++;
        }
        page.append("</svg>\n</figure>\n");
        long delivered =
                report.usage().delivered().small() + report.usage().delivered().large();
        page.append(String.format(
                Locale.ROOT,
                "<p>%,d objects were joined, %,d of them below 128 KB, which S3 moves to no other class by itself. Moving the"
                        + " others one by one would have cost %s, once.</p>%n",
                delivered,
                report.usage().delivered().small(),
                money(report.costs().transitionsUncompacted())));
    }

    private void months() {
        Map<YearMonth, Map<StorageClass, Long>> months = new TreeMap<>();
        report.usage()
                .holdings()
                .forEach(holding -> months.computeIfAbsent(holding.month(), month -> new TreeMap<>())
                        .merge(holding.storageClass(), holding.bytes(), Long::sum));
        page.append("<h2>Bytes by month and class</h2>\n<p class=\"key\">");
        for (StorageClass storageClass : StorageClass.values()) {
            page.append("<span style=\"background:var(--c")
                    .append(storageClass.ordinal())
                    .append(")\"></span>")
                    .append(NAMES.get(storageClass));
        }
        page.append("</p>\n<figure>\n");
        open(months.size(), "Bytes by month and storage class");
        double most = months.values().stream()
                .mapToLong(classes ->
                        classes.values().stream().mapToLong(Long::longValue).sum())
                .max()
                .orElse(0);
        int row = 0;
        for (Map.Entry<YearMonth, Map<StorageClass, Long>> month : months.entrySet()) {
            label(row, month.getKey().toString());
            double x = 0;
            long sum = 0;
            for (Map.Entry<StorageClass, Long> each : month.getValue().entrySet()) {
                double width = width(each.getValue(), most);
                rectangle(row, x, width, each.getKey().ordinal());
                x += width;
                sum += each.getValue();
            }
            value(row, x, bytes(sum));
            row++;
        }
        page.append("</svg>\n</figure>\n");
    }

    private List<List<String>> holdings(Function<Holding, String> by) {
        Map<String, long[]> sums = new TreeMap<>();
        report.usage().holdings().forEach(holding -> {
            long[] sum = sums.computeIfAbsent(by.apply(holding), name -> new long[3]);
            sum[0] += holding.objects();
            sum[1] += holding.bytes();
            sum[2] += holding.events();
        });
        List<List<String>> rows = new ArrayList<>();
        sums.forEach((name, sum) -> rows.add(List.of(name, number(sum[0]), bytes(sum[1]), number(sum[2]))));
        return rows;
    }

    private void accounts() {
        Map<String, long[]> sums = new TreeMap<>();
        report.usage().shares().forEach(share -> {
            long[] sum = sums.computeIfAbsent(
                    share.account().isEmpty() ? "(not known)" : share.account(), name -> new long[2]);
            sum[0] += share.bytes();
            sum[1] += share.events();
        });
        List<List<String>> rows = new ArrayList<>();
        sums.forEach((name, sum) -> rows.add(List.of(name, bytes(sum[0]), number(sum[1]))));
        table("By account, of the archive", List.of("Account", "Bytes", "Events"), rows);
    }

    private void table(String title, List<String> heads, List<List<String>> rows) {
        page.append("<h2>").append(title).append("</h2>\n<div class=\"table\"><table>\n<thead><tr>");
        for (int i = 0; i < heads.size(); i++) {
            page.append(i == 0 ? "<th scope=\"col\">" : "<th scope=\"col\" class=\"n\">")
                    .append(heads.get(i))
                    .append("</th>");
        }
        page.append("</tr></thead>\n<tbody>\n");
        for (List<String> row : rows) {
            page.append("<tr>");
            for (int i = 0; i < row.size(); i++) {
                page.append(i == 0 ? "<td>" : "<td class=\"n\">")
                        .append(escaped(row.get(i)))
                        .append("</td>");
            }
            page.append("</tr>\n");
        }
        page.append("</tbody>\n</table></div>\n");
    }

    // ---- drawing

    private void open(int rows, String title) {
        page.append(String.format(
                Locale.ROOT,
                "<svg viewBox=\"0 0 %d %d\" width=\"%d\" role=\"img\" aria-label=\"%s\">%n",
                LABEL + BAR_WIDTH + VALUE,
                Math.max(1, rows) * ROW,
                LABEL + BAR_WIDTH + VALUE,
                title));
    }

    private static double width(double value, double most) {
        return most == 0 ? 0 : value / most * BAR_WIDTH;
    }

    private void label(int row, String text) {
        page.append(String.format(
                Locale.ROOT,
                "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>%n",
                LABEL - 8,
                row * ROW + 15,
                escaped(text)));
    }

    private void rectangle(int row, double x, double width, int colour) {
        page.append(String.format(
                Locale.ROOT,
                "<rect class=\"c%d\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"2\"/>%n",
                colour,
                LABEL + x,
                row * ROW + 2,
                Math.max(1, width),
                BAR_HEIGHT));
    }

    private void value(int row, double x, String text) {
        page.append(String.format(
                Locale.ROOT, "<text x=\"%.1f\" y=\"%d\">%s</text>%n", LABEL + x + 8, row * ROW + 15, escaped(text)));
    }

    private static String shortName(StorageClass storageClass) {
        return NAMES.get(storageClass).replace("Glacier ", "").replace(" Retrieval", "");
    }

    private String money(double amount) {
        return String.format(
                Locale.ROOT,
                amount < 1 ? "%.4f %s" : "%,.2f %s",
                amount,
                report.prices().currency());
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String bytes(long bytes) {
        String[] units = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < units.length - 1) {
            value /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", value, units[unit]);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
