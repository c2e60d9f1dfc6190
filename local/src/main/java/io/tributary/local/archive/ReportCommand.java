package io.tributary.local.archive;

import io.tributary.archive.Problem;
import io.tributary.archive.report.Report;
import io.tributary.archive.report.ReportPage;
import io.tributary.archive.report.Reporter;
import io.tributary.local.input.InputException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Reports on an archive. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Tells what the archive holds, by source, account, storage class and month; what storing it costs a month, and"
                        + " what it would without compaction or in other classes.",
        footer = {
            "",
            "Examples:",
            "  tributary archive report out",
            "  tributary archive report --out report.html s3://example-archive",
            "  tributary archive report --out report.csv --from 2026-01 s3://example-archive"
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:here it is",
            "2:the command line is wrong",
            "3:the archive cannot be read",
            "4:here it is, but something of the archive is gone or changed, which is named and not counted"
        })
final class ReportCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ArchiveOptions options;

    @Mixin
    private PriceFile prices;

    @Mixin
    private HeadsOption heads;

    @Option(names = "--from", paramLabel = "MONTH", description = "The first month, such as 2026-01. Default: all.")
    private YearMonth from = YearMonth.of(1970, 1);

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "A file that ends with .html, .csv or .json. Default: a summary is printed.")
    private Optional<Path> file = Optional.empty();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try (ArchiveOptions archive = options) {
            Report report = Report.of(
                    "Log archive", Instant.now(), new Reporter(heads.chains(archive)).usage(from), prices.prices());
            if (file.isPresent()) {
                Files.writeString(file.get(), text(report, file.get()));
                out.println(file.get());
            } else {
                print(report, out);
            }
            out.flush();
            List<Problem> problems = report.usage().problems();
            problems.forEach(problem -> spec.commandLine().getErr().println("wrong: " + problem));
            spec.commandLine().getErr().flush();
            return problems.isEmpty() ? 0 : ArchiveCommand.NOT_INTACT;
        } catch (IOException e) {
            spec.commandLine().getErr().println("tributary: " + e.getMessage());
            return 3;
        }
    }

    private static String text(Report report, Path file) throws InputException {
        String name = file.toString();
        if (name.endsWith(".html")) {
            return ReportPage.of(report);
        }
        if (name.endsWith(".csv")) {
            return report.toCsv();
        }
        if (name.endsWith(".json")) {
            return report.toJson().toPrettyString() + "\n";
        }
        throw new InputException(name + ": a report is .html, .csv or .json");
    }

    private static void print(Report report, PrintWriter out) {
        report.usage()
                .holdings()
                .forEach(holding -> out.printf(
                        Locale.ROOT,
                        "%-8s %-18s %s %-12s %,10d objects %,16d bytes %,12d events%n",
                        holding.place(),
                        holding.source(),
                        holding.month(),
                        holding.storageClass(),
                        holding.objects(),
                        holding.bytes(),
                        holding.events()));
        out.printf(
                Locale.ROOT,
                "%.4f %s a month; the archive %.4f, if it were not compacted %.4f (prices of %s, %s)%n",
                report.costs().now(),
                report.prices().currency(),
                report.costs().archiveNow(),
                report.costs().archiveUncompacted(),
                report.prices().region(),
                report.prices().date());
    }
}
