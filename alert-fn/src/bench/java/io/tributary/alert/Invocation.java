package io.tributary.alert;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.alert.aws.AlertPorts;
import io.tributary.alert.aws.AwsServer;
import io.tributary.alert.aws.DynamoDbLocal;
import io.tributary.alert.rule.RuleJson;
import io.tributary.alert.rule.RuleSet;
import io.tributary.ocsf.Severity;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Warm invocations, from the event's bytes to the last accepted message: an event that breaks no rule, a new alert (four calls
 * to DynamoDB, two to SNS, one to Kinesis), and a repeat (one or two to DynamoDB), against servers on this machine.
 */
final class Invocation {
    private static final int WARM_UP = 500;
    private static final int MEASURED = 500;

    private Invocation() {}

    static void run() throws IOException {
        try (AwsServer aws = new AwsServer();
                DynamoDbLocal dynamoDb = new DynamoDbLocal();
                AlertPorts ports = new AlertPorts(aws, dynamoDb)) {
            print("no rule", aws, handler(new InMemoryAlertState(), ports), false);
            print("new alert, state in memory", aws, handler(new InMemoryAlertState(), ports), true);
            print("new alert, DynamoDB Local", aws, handler(ports.state(), ports), true);
        }
    }

    private static AlertHandler handler(AlertState state, AlertPorts ports) {
        FallbackState fallback = new FallbackState(state);
        AlertEngine engine = new AlertEngine(
                RuleSet.of(RuleJson.readResource()),
                fallback,
                ports.recorder(),
                List.of(
                        new Route(ports.email(), Severity.LOW, Set.of(), Set.of()),
                        new Route(ports.chat(), Severity.LOW, Set.of(), Set.of())),
                Allowance.USUAL,
                InstantSource.system(),
                duration -> Thread.sleep(duration.toMillis()));
        return new AlertHandler(
                engine,
                fallback,
                InstantSource.system(),
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
    }

    private static void print(String what, AwsServer aws, AlertHandler handler, boolean isTelling) throws IOException {
        double[] millis = new double[MEASURED];
        for (int i = -WARM_UP; i < MEASURED; i++) {
            byte[] event = event(isTelling);
            long start = System.nanoTime();
            handler.handleRequest(new ByteArrayInputStream(event), new ByteArrayOutputStream(), new FakeContext(i));
            if (i >= 0) {
                millis[i] = (System.nanoTime() - start) / 1e6;
            }
        }
        Arrays.sort(millis);
        System.out.printf(
                "%-28s median %.2f ms, 99 of 100 %.2f ms, longest %.2f ms; %d messages%n",
                what,
                millis[MEASURED / 2],
                millis[MEASURED * 99 / 100],
                millis[MEASURED - 1],
                aws.messages().size());
        aws.reset();
    }

    private static byte[] event(boolean isTelling) {
        Event event = TestRules.stopLoggingEvent(UUID.randomUUID().toString());
        // of another account each, so that none is beyond an allowance
        ((ObjectNode) event.json())
                .put("account", Integer.toString(ThreadLocalRandom.current().nextInt(100_000_000, 1_000_000_000)));
        ((ObjectNode) event.detail().path("requestParameters"))
                .put("name", UUID.randomUUID().toString());
        String json = event.json().toString();
        return (isTelling ? json : json.replace("StopLogging", "LookupEvents")).getBytes(StandardCharsets.UTF_8);
    }
}
