package io.tributary.local.pipeline.events;

import io.tributary.alert.Event;
import io.tributary.alert.pattern.EventPatterns;
import io.tributary.alert.rule.Rule;
import io.tributary.local.pipeline.Counts;
import io.tributary.local.pipeline.process.Function;
import io.tributary.local.pipeline.stream.LogStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import software.amazon.event.ruler.Machine;

/**
 * The organization's event bus: events that a deployed pattern matches go to the alert function, as Lambda invokes asynchronously, and
 * findings of GuardDuty to the log stream.
 */
public final class EventBus implements AutoCloseable {
    /** The first, and two repetitions. */
    private static final int ATTEMPTS = 3;

    private static final long PAUSE = 1_000;
    private static final int INVOKERS = 2;
    private static final int PATIENCE = 10;
    private static final int MOST_WAITING = 10_000;

    private final Machine machine = Machine.builder().build();
    private final Machine findings = Machine.builder().build();
    private final Function alert;
    private final LogStream logs;
    private final Counts counts;
    /** Whoever puts more than can be handled does it himself: that is how it is slowed down. */
    private final ExecutorService executor = new ThreadPoolExecutor(
            INVOKERS,
            INVOKERS,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            new ThreadPoolExecutor.CallerRunsPolicy());

    public EventBus(List<Rule> rules, Function alert, LogStream logs, Counts counts) throws IOException {
        this.alert = alert;
        this.logs = logs;
        this.counts = counts;
        int number = 0;
        for (EventPatterns.Deployed deployed : EventPatterns.of(rules)) {
            machine.addRule("tributary-alerts-" + number++, deployed.pattern().toString());
        }
        findings.addRule(
                "tributary-findings", EventPatterns.findings().pattern().toString());
    }

    /** Puts an event; waits while the log stream is full. */
    public void put(Event event) throws InterruptedException {
        counts.add("bus.events", 1);
        String text = event.json().toString();
        byte[] data = text.getBytes(StandardCharsets.UTF_8);
        if (matches(findings, text)) {
            logs.put(data, event.json().path("id").asText());
        }
        if (matches(machine, text)) {
            counts.add("bus.matched", 1);
            executor.execute(() -> invoke(data));
        }
    }

    private static boolean matches(Machine machine, String event) {
        try {
            return !machine.rulesForJSONEvent(event).isEmpty();
        } catch (Exception e) {
            throw new IllegalArgumentException("no event", e);
        }
    }

    private void invoke(byte[] event) {
        try {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                try {
                    alert.invoke(event);
                    counts.add("alert.invocations", 1);
                    return;
                } catch (IOException e) {
                    counts.add("alert.invocations-failed", 1);
                    TimeUnit.MILLISECONDS.sleep(PAUSE << attempt);
                }
            }
            counts.add("alert.dead", 1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Has what is there handled, and ends. */
    @Override
    public void close() {
        executor.shutdown();
        try {
            var unused = executor.awaitTermination(PATIENCE, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        executor.shutdownNow();
    }
}
