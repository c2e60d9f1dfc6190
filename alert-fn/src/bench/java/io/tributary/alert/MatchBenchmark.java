package io.tributary.alert;

import io.tributary.alert.rule.Rule;
import io.tributary.alert.rule.RuleJson;
import io.tributary.alert.rule.RuleSet;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** CloudTrail events a second on one core against 200 rules: the project's own, and more of their kind. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx512m", "-XX:+UseSerialGC"})
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
public class MatchBenchmark {
    private static final int EVENTS = 1_000;
    private static final int RULES = 200;

    private List<byte[]> events;
    private RuleSet rules;

    @Setup
    public void setUp() {
        events = SyntheticEvents.of(EVENTS);
        List<Rule> all = new ArrayList<>(RuleJson.readResource());
        for (int i = 0; all.size() < RULES; i++) {
            all.add(TestRules.rule(
                    "more/rule-" + i,
                    "medium",
                    "{source: [aws.service" + i
                            + "], detail-type: [AWS API Call via CloudTrail], detail: {eventSource: [service" + i
                            + ".amazonaws.com], eventName: [StopLogging, {prefix: Delete" + i
                            + "}], errorCode: [{exists: false}]}}",
                    ""));
        }
        rules = RuleSet.of(all);
    }

    /** What the handler does with an event that breaks no rule. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void parsedAndMatched(Blackhole blackhole) throws UnreadableEventException {
        for (byte[] event : events) {
            blackhole.consume(rules.matching(Event.parse(event)));
        }
    }

    /** The events alone. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void parsed(Blackhole blackhole) throws UnreadableEventException {
        for (byte[] event : events) {
            blackhole.consume(Event.parse(event));
        }
    }
}
