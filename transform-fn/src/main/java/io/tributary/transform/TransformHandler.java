package io.tributary.transform;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.tributary.stream.Deadline;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.List;
import org.jboss.logging.Logger;

/** What AWS Lambda calls: a Firehose transformation request in, its answer out, metrics and reasons to the log. */
@Named("transform")
public class TransformHandler implements RequestStreamHandler {
    private static final Logger LOG = Logger.getLogger(TransformHandler.class);

    private static final long LONGEST_LAMBDA_MILLIS = 15 * 60_000;

    /** How long Firehose waits for an answer. */
    private static final long FIREHOSE_MILLIS = 5 * 60_000;

    private final Transformer transformer;
    private final SourceStreams sourceStreams;
    private final InstantSource clock;
    private final PrintStream metricsLog;

    @Inject
    public TransformHandler(Transformer transformer, SourceStreams sourceStreams, InstantSource clock) {
        this(transformer, sourceStreams, clock, System.out);
    }

    /**
     * A handler outside of AWS.
     *
     * @param metricsLog where metrics are printed
     */
    public TransformHandler(
            Transformer transformer, SourceStreams sourceStreams, InstantSource clock, PrintStream metricsLog) {
        this.transformer = transformer;
        this.sourceStreams = sourceStreams;
        this.clock = clock;
        this.metricsLog = metricsLog;
    }

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        FirehoseRequest request = FirehoseRequest.parse(input.readAllBytes(), clock.millis());
        Transformer.Result result = transformer.transform(
                request.region(), request.records(), sourceStreams.of(request), deadline(context));
        FirehoseResponse.write(request.records(), result.outcomes(), output);
        report(request, result.outcomes());
        result.metrics().lines(clock.millis()).forEach(metricsLog::println);
    }

    private Deadline deadline(Context context) {
        long remaining = context.getRemainingTimeInMillis();
        if (Math.abs(remaining) > LONGEST_LAMBDA_MILLIS) {
            // Quarkus's event server sets no deadline, which its context takes for one in 1970
            remaining = FIREHOSE_MILLIS;
        }
        long end = clock.millis() + remaining;
        return () -> Math.max(0, end - clock.millis());
    }

    private static void report(FirehoseRequest request, List<Outcome> outcomes) {
        for (int i = 0; i < outcomes.size(); i++) {
            if (outcomes.get(i) instanceof Outcome.Failed failed) {
                LOG.warnf(
                        "Invocation %s, record %s: ProcessingFailed: %s",
                        request.invocationId(), request.records().get(i).id(), failed.reason());
            }
        }
    }
}
