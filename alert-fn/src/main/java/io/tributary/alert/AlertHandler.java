package io.tributary.alert;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;

/**
 * What AWS Lambda calls: an EventBridge event in, alerts out by the channels, metrics to the log. Every minute a schedule has it
 * tell what was not told when it happened. What fails is an exception: Lambda repeats the event, and then keeps it with the reason in the function's failure destination.
 */
@Named("alert")
public class AlertHandler implements RequestStreamHandler {
    /** What the infrastructure's schedule says every minute. */
    private static final byte[] SUMMARISE = "{\"action\":\"summarise\"}".getBytes(StandardCharsets.UTF_8);

    private static final long LONGEST_LAMBDA_MILLIS = 15 * 60_000;
    private static final Duration USUAL_TIME = Duration.ofMinutes(1);

    /** What remains for telling Lambda about a failure. */
    private static final Duration RESERVED = Duration.ofSeconds(1);

    private final AlertEngine engine;
    private final FallbackState state;
    private final InstantSource clock;
    private final PrintStream metricsLog;

    @Inject
    public AlertHandler(AlertEngine engine, FallbackState state, InstantSource clock) {
        this(engine, state, clock, System.out);
    }

    /**
     * A handler outside of AWS.
     *
     * @param metricsLog where metrics are printed
     */
    public AlertHandler(AlertEngine engine, FallbackState state, InstantSource clock, PrintStream metricsLog) {
        this.engine = engine;
        this.state = state;
        this.clock = clock;
        this.metricsLog = metricsLog;
    }

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        try {
            byte[] request = input.readAllBytes();
            AlertMetrics metrics = isSummarise(request)
                    ? engine.summarise(end(context))
                    : engine.handle(Event.parse(request), context.getAwsRequestId(), end(context));
            report(metrics);
            output.write(metrics.summary().getBytes(StandardCharsets.UTF_8));
        } catch (AlertFailedException e) {
            report(e.metrics());
            throw new IllegalStateException(e.getMessage(), e);
        } catch (UnreadableEventException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** Whether it is the constant input of the infrastructure's own schedule, which is no event. */
    private static boolean isSummarise(byte[] request) {
        return Arrays.equals(request, SUMMARISE);
    }

    private void report(AlertMetrics metrics) {
        metrics.lines(clock.millis(), state.takeUnavailable()).forEach(metricsLog::println);
    }

    private Instant end(Context context) {
        long remaining = context.getRemainingTimeInMillis();
        // Quarkus's event server sets no deadline, which its context takes for one in 1970
        Duration left = Math.abs(remaining) > LONGEST_LAMBDA_MILLIS ? USUAL_TIME : Duration.ofMillis(remaining);
        return clock.instant().plus(left).minus(RESERVED);
    }
}
