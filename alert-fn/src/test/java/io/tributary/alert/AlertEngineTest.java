package io.tributary.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.alert.aws.DynamoDbLocal;
import io.tributary.alert.aws.DynamoDbStates;
import io.tributary.alert.rule.Rule;
import io.tributary.alert.rule.RuleSet;
import io.tributary.alert.rule.Threshold;
import io.tributary.ocsf.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AlertEngineTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final String PER_USER = "group by: [account, tributary.actor]";
    private static DynamoDbLocal dynamoDb;

    private final FakeChannel recorder = new FakeChannel("record");
    private final FakeChannel email = new FakeChannel("email");
    private final FakeChannel chat = new FakeChannel("chat");
    private final Thread testThread = Thread.currentThread();
    private Instant now = NOON;
    private AlertState state;

    @BeforeAll
    static void start() {
        dynamoDb = new DynamoDbLocal();
    }

    @AfterAll
    static void stop() {
        dynamoDb.close();
    }

    @BeforeEach
    void state() {
        state = DynamoDbStates.of(dynamoDb.client(), dynamoDb.table());
    }

    @Test
    void anAlertIsToldOnEveryChannelAndRecorded() throws AlertFailedException {
        AlertMetrics metrics = handle(engine(TestRules.stopLogging("")), TestRules.stopLoggingEvent("e1"), "a");
        for (FakeChannel channel : List.of(email, chat, recorder)) {
            assertThat(channel.alerts).hasSize(1);
        }
        Alert alert = email.alerts.get(0);
        assertThat(alert.rule().id()).isEqualTo("cloudtrail/stopped");
        assertThat(alert.isFollowUp()).isFalse();
        assertThat(alert.now()).isEqualTo(NOON);
        assertThat(chat.alerts.get(0).id()).isEqualTo(alert.id());
        assertThat(metrics.lines(NOON.toEpochMilli(), 0))
                .hasSize(2)
                .anySatisfy(line -> assertThat(line)
                        .contains("\"Rule\":\"cloudtrail/stopped\"", "\"Sent\":1", "\"EventToPublish\":2000"));
    }

    @Test
    void anEventThatBreaksNoRuleIsToldToNobody() throws AlertFailedException {
        Event event = TestRules.finding("f1", 5, "2026-03-01T12:00:00.000Z");
        assertThat(handle(engine(TestRules.stopLogging("")), event, "a").lines(0, 0))
                .singleElement()
                .asString()
                .contains("\"EventsWithoutRule\":1");
        assertThat(email.alerts).isEmpty();
    }

    @Test
    void theSameEventDeliveredTwiceIsOneMessage() throws AlertFailedException {
        AlertEngine engine = engine(TestRules.stopLogging(""));
        handle(engine, TestRules.stopLoggingEvent("e1"), "a");
        AlertMetrics second = handle(engine, TestRules.stopLoggingEvent("e1"), "b");
        assertThat(email.alerts).hasSize(1);
        assertThat(second.silent()).isEqualTo(1);
        now = NOON.plusSeconds(3601);
        handle(engine, TestRules.stopLoggingEvent("e2"), "c");
        assertThat(email.alerts).last().extracting(Alert::repeats).isEqualTo(0L);
    }

    @Test
    void aFindingUpdatedTenTimesIsOneMessageUntilItGetsWorse() throws AlertFailedException {
        AlertEngine engine = engine(TestRules.findings("guardduty/any", "high", ""));
        for (int i = 0; i < 10; i++) {
            handle(engine, TestRules.finding("f1", 5, "2026-03-01T12:00:0" + i + ".000Z"), "a" + i);
        }
        assertThat(email.alerts).hasSize(1);
        handle(engine, TestRules.finding("f1", 8, "2026-03-01T12:00:20.000Z"), "b");
        assertThat(email.alerts).hasSize(2).last().satisfies(alert -> {
            assertThat(alert.repeats()).isEqualTo(9);
            assertThat(alert.isFollowUp()).isTrue();
        });
        handle(engine, TestRules.finding("f1", 4, "2026-03-01T12:00:30.000Z"), "c");
        handle(engine, TestRules.finding("f2", 4, "2026-03-01T12:00:30.000Z"), "d");
        assertThat(email.alerts).hasSize(3);
    }

    @Test
    void aFindingIsOneMatterWhicheverRulesTellIt() throws AlertFailedException {
        AlertEngine engine = engine(
                TestRules.findings("guardduty/any", "medium", ""), TestRules.findings("guardduty/bad", "critical", ""));
        handle(engine, TestRules.finding("f1", 9, "2026-03-01T12:00:00.000Z"), "a");
        assertThat(email.alerts)
                .singleElement()
                .extracting(alert -> alert.rule().id())
                .isEqualTo("guardduty/bad");
    }

    @Test
    void fiftyConcurrentCopiesAreOneMessage() throws Exception {
        AlertEngine engine = engine(TestRules.stopLogging(""));
        ExecutorService executor = Executors.newFixedThreadPool(50);
        try {
            List<Callable<AlertMetrics>> calls = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                String owner = "owner" + i;
                calls.add(() -> engine.handle(TestRules.stopLoggingEvent("e1"), owner, NOON.plusSeconds(60)));
            }
            for (Future<AlertMetrics> future : executor.invokeAll(calls)) {
                future.get();
            }
        } finally {
            executor.shutdownNow();
        }
        assertThat(email.alerts).hasSize(1);
        assertThat(chat.alerts).hasSize(1);
        assertThat(recorder.alerts).hasSize(1);
    }

    @Test
    void aCrashBetweenAnyTwoStepsLosesNoMessage() throws AlertFailedException {
        Rule rule = TestRules.stopLogging("");
        boolean crashed = true;
        int steps = 0;
        for (int step = 0; crashed; step++) {
            for (boolean sameInvocation : new boolean[] {true, false}) {
                state();
                now = NOON;
                List.of(email, chat, recorder).forEach(channel -> channel.alerts.clear());
                Crashes crashes = new Crashes(step);
                crashed = crashes.happenIn(() -> engine(crashes.around(state), crashes, rule)
                        .handle(TestRules.stopLoggingEvent("e1"), "a", NOON.plusSeconds(60)));
                if (sameInvocation) {
                    now = NOON.plusSeconds(60);
                    handle(engine(rule), TestRules.stopLoggingEvent("e1"), "a");
                } else {
                    // another event of the kind, while the lease still holds: it waits
                    handle(engine(rule), TestRules.stopLoggingEvent("e2"), "b");
                }
                for (FakeChannel channel : List.of(email, chat, recorder)) {
                    assertThat(channel.alerts)
                            .as("%s after a crash at step %d", channel.name(), step)
                            .hasSizeBetween(1, 2);
                    assertThat(channel.alerts.stream().map(Alert::id).distinct())
                            .hasSize(1);
                }
                int twice = (int) List.of(email, chat, recorder).stream()
                        .filter(channel -> channel.alerts.size() == 2)
                        .count();
                assertThat(twice).as("channels that got it twice").isLessThanOrEqualTo(1);
            }
            steps = step;
        }
        assertThat(steps).as("steps").isEqualTo(18);
    }

    @Test
    void aChannelThatFailsDoesNotKeepTheOthersAndOnlyItIsRepeated() throws AlertFailedException {
        AlertEngine engine = engine(TestRules.stopLogging(""));
        email.failure = "is broken";
        assertThatThrownBy(() -> handle(engine, TestRules.stopLoggingEvent("e1"), "a"))
                .isInstanceOf(AlertFailedException.class)
                .hasMessage("rule cloudtrail/stopped: channel email: is broken");
        assertThat(chat.alerts).hasSize(1);
        email.failure = "";
        now = NOON.plusSeconds(60);
        handle(engine, TestRules.stopLoggingEvent("e1"), "a");
        assertThat(email.alerts).hasSize(1);
        assertThat(chat.alerts).hasSize(1);
        assertThat(recorder.alerts).hasSize(1);
    }

    @Test
    void whoWaitsForAnotherLongerThanItsTimeFailsAndIsRepeated() {
        Crashes crashes = new Crashes(3);
        Rule rule = TestRules.stopLogging("");
        assertThat(crashes.happenIn(() -> engine(crashes.around(state), crashes, rule)
                        .handle(TestRules.stopLoggingEvent("e1"), "a", NOON.plusSeconds(60))))
                .isTrue();
        assertThatThrownBy(() -> engine(rule).handle(TestRules.stopLoggingEvent("e2"), "b", NOON.plusSeconds(5)))
                .isInstanceOf(AlertFailedException.class)
                .hasMessageContaining("another invocation holds the alert until 2026-03-01T12:00:20Z");
    }

    @Test
    void withoutTheSharedStateAnAlertIsToldAllTheSame() throws AlertFailedException {
        state = new FallbackState(DynamoDbStates.of(dynamoDb.client(), "nowhere"));
        AlertEngine engine = engine(TestRules.stopLogging(""));
        handle(engine, TestRules.stopLoggingEvent("e1"), "a");
        handle(engine, TestRules.stopLoggingEvent("e2"), "b");
        assertThat(email.alerts).hasSize(1);
        assertThat(((FallbackState) state).takeUnavailable()).isPositive();
    }

    @Test
    void thresholdsCountInThisProcessWhereTheSharedStateIsUnavailable() throws AlertFailedException {
        state = new FallbackState(DynamoDbStates.of(dynamoDb.client(), "nowhere"));
        AlertEngine engine = engine(TestRules.stopLogging("threshold: {events: 3, within: 10m}"));
        for (int i = 0; i < 4; i++) {
            handle(engine, TestRules.stopLoggingEvent("e" + i), "a" + i);
        }
        assertThat(email.alerts).hasSize(1);
    }

    @Test
    void stagingRulesOnlyRecordAndDoNotSpeakForOthers() throws AlertFailedException {
        AlertEngine engine = engine(
                TestRules.findings("guardduty/trial", "critical", "status: staging"),
                TestRules.findings("guardduty/any", "medium", ""),
                TestRules.findings("guardduty/off", "critical", "status: disabled"));
        handle(engine, TestRules.finding("f1", 9, "2026-03-01T12:00:00.000Z"), "a");
        assertThat(recorder.alerts)
                .extracting(alert -> alert.rule().id())
                .containsExactly("guardduty/trial", "guardduty/any");
        assertThat(email.alerts).extracting(alert -> alert.rule().id()).containsExactly("guardduty/any");
    }

    @Test
    void aThresholdIsToldWhenItIsReachedAndThenSilent() throws AlertFailedException {
        AlertEngine engine = engine(TestRules.stopLogging("threshold: {events: 3, within: 10m}"));
        for (int i = 1; i <= 6; i++) {
            handle(engine, TestRules.stopLoggingEvent("e" + i), "a" + i);
            assertThat(email.alerts).hasSize(i < 3 ? 0 : 1);
        }
        assertThat(email.alerts.get(0).events()).isEqualTo(3);
        handle(engine, TestRules.stopLoggingEvent("e1", "arn:aws:iam::123456789012:user/ben"), "b");
        assertThat(email.alerts).as("another group").hasSize(1);
    }

    @Test
    void aThresholdThatWasReachedIsToldThoughItsRetryComesWhenItsTimeIsOver() throws AlertFailedException {
        AlertEngine engine = engine(TestRules.stopLogging("threshold: {events: 3, within: 5m}"));
        handle(engine, TestRules.stopLoggingEvent("e1"), "a1");
        now = NOON.plusSeconds(240);
        handle(engine, TestRules.stopLoggingEvent("e2"), "a2");
        chat.failure = "throttled";
        assertThatThrownBy(() -> handle(engine, TestRules.stopLoggingEvent("e3"), "a3"))
                .isInstanceOf(AlertFailedException.class);
        chat.failure = "";
        now = NOON.plusSeconds(360);
        handle(engine, TestRules.stopLoggingEvent("e3"), "a3");
        assertThat(chat.alerts).hasSize(1);
        assertThat(email.alerts).hasSize(1);
    }

    @Test
    void groupsAreToldApartByTheirValues() throws AlertFailedException {
        AlertEngine engine = engine(TestRules.stopLogging("group by: [tributary.actor]"));
        handle(engine, TestRules.stopLoggingEvent("e1", "arn:aws:iam::123456789012:user/ana"), "a");
        handle(engine, TestRules.stopLoggingEvent("e2", "arn:aws:iam::123456789012:user/ben"), "b");
        handle(engine, TestRules.stopLoggingEvent("e3", "arn:aws:iam::123456789012:user/ana"), "c");
        assertThat(email.alerts).hasSize(2);
    }

    @Test
    void channelsTakeWhatTheirRoutesSay() throws AlertFailedException {
        AlertEngine engine = new AlertEngine(
                RuleSet.of(List.of(TestRules.stopLogging(""))),
                state,
                recorder,
                List.of(
                        new Route(email, Severity.CRITICAL, Set.of(), Set.of()),
                        new Route(chat, Severity.LOW, Set.of("111122223333"), Set.of()),
                        new Route(chat, Severity.LOW, Set.of("123456789012"), Set.of("guardduty"))),
                Allowance.USUAL,
                () -> now,
                this::sleep);
        handle(engine, TestRules.stopLoggingEvent("e1"), "a");
        assertThat(email.alerts).isEmpty();
        assertThat(chat.alerts).isEmpty();
        assertThat(recorder.alerts).hasSize(1);
        AlertEngine other = new AlertEngine(
                RuleSet.of(List.of(TestRules.stopLogging(""))),
                new InMemoryAlertState(),
                recorder,
                List.of(
                        new Route(email, Severity.HIGH, Set.of("123456789012"), Set.of("cloudtrail")),
                        new Route(email, Severity.LOW, Set.of(), Set.of())),
                Allowance.USUAL,
                () -> now,
                this::sleep);
        handle(other, TestRules.stopLoggingEvent("e1"), "a");
        assertThat(email.alerts).as("once, though two routes lead there").hasSize(1);
    }

    @Test
    void repeatsThatNoEventBringsUpAreToldInASummary() throws AlertFailedException {
        AlertEngine engine = engine(TestRules.stopLogging("group by: [account, tributary.actor]"));
        for (int i = 0; i < 8; i++) {
            now = NOON.plusSeconds(60 * i);
            handle(engine, TestRules.stopLoggingEvent("e" + i), "a" + i);
        }
        now = NOON.plusSeconds(3600);
        assertThat(engine.summarise(now.plusSeconds(60)).summarised()).isZero();
        now = NOON.plusSeconds(3660);
        AlertMetrics metrics = engine.summarise(now.plusSeconds(60));
        for (FakeChannel channel : List.of(email, chat)) {
            assertThat(channel.summaries).singleElement().satisfies(summary -> {
                assertThat(summary.rule().id()).isEqualTo("cloudtrail/stopped");
                assertThat(summary.untold().account()).isEqualTo("123456789012");
                assertThat(summary.untold().from()).isEqualTo(NOON.plusSeconds(60));
                assertThat(summary.untold().to()).isEqualTo(NOON.plusSeconds(420));
                Untold.Repeats repeats = (Untold.Repeats) summary.untold();
                assertThat(repeats.events()).isEqualTo(7);
                assertThat(repeats.subject().group()).isEqualTo("arn:aws:iam::123456789012:user/ana");
            });
        }
        assertThat(recorder.summaries).isEmpty();
        assertThat(metrics.lines(0, 0).get(0)).contains("\"Summarised\":1");
        engine.summarise(now.plusSeconds(60));
        now = NOON.plusSeconds(86_400);
        engine.summarise(now.plusSeconds(60));
        assertThat(email.summaries).hasSize(1);
    }

    @Test
    void aSummaryIsOfWhatARuleStillTells() throws AlertFailedException {
        AlertEngine engine = engine(TestRules.stopLogging("status: staging"));
        handle(engine, TestRules.stopLoggingEvent("e1"), "a");
        handle(engine, TestRules.stopLoggingEvent("e2"), "b");
        now = NOON.plusSeconds(7200);
        engine.summarise(now.plusSeconds(60));
        assertThat(email.summaries).isEmpty();
        assertThat(state.due(NOON.plusSeconds(86_400), 100)).isEmpty();
    }

    @Test
    void aChannelThatFailsGetsItsSummaryLaterAndOthersGetItOnce() throws AlertFailedException {
        AlertEngine engine = engine(TestRules.stopLogging(""));
        handle(engine, TestRules.stopLoggingEvent("e1"), "a");
        handle(engine, TestRules.stopLoggingEvent("e2"), "b");
        now = NOON.plusSeconds(7200);
        chat.failure = "throttled";
        assertThatThrownBy(() -> engine.summarise(now.plusSeconds(60)))
                .isInstanceOf(AlertFailedException.class)
                .hasMessage("summary of rule cloudtrail/stopped: channel chat: throttled");
        chat.failure = "";
        engine.summarise(now.plusSeconds(60));
        assertThat(chat.summaries).as("not before the lease has ended").isEmpty();
        now = now.plusSeconds(60);
        engine.summarise(now.plusSeconds(60));
        assertThat(chat.summaries).hasSize(1);
        assertThat(email.summaries).hasSize(1);
    }

    @Test
    void aCrashBetweenAnyTwoStepsLosesNoSummary() throws AlertFailedException {
        Rule rule = TestRules.stopLogging("");
        boolean crashed = true;
        for (int step = 0; crashed; step++) {
            state();
            now = NOON;
            List.of(email, chat).forEach(channel -> channel.summaries.clear());
            handle(engine(rule), TestRules.stopLoggingEvent("e1"), "a");
            handle(engine(rule), TestRules.stopLoggingEvent("e2"), "b");
            now = NOON.plusSeconds(7200);
            Crashes crashes = new Crashes(step);
            crashed = crashes.happenIn(
                    () -> engine(crashes.around(state), crashes, rule).summarise(now.plusSeconds(60)));
            now = now.plusSeconds(60);
            engine(rule).summarise(now.plusSeconds(60));
            for (FakeChannel channel : List.of(email, chat)) {
                assertThat(channel.summaries)
                        .as("%s after a crash at step %d", channel.name(), step)
                        .hasSizeBetween(1, 2);
                assertThat(channel.summaries.stream()
                                .map(summary -> summary.untold().id())
                                .distinct())
                        .hasSize(1);
            }
            assertThat(email.summaries.size() + chat.summaries.size()).isLessThanOrEqualTo(3);
        }
    }

    @Test
    void summariesEndInTimeAndGoOnTheNextTime() throws AlertFailedException {
        AlertEngine engine = engine(TestRules.stopLogging("group by: [tributary.actor]"));
        for (int i = 0; i < 10; i++) {
            for (String which : List.of("a", "b")) {
                handle(engine, TestRules.stopLoggingEvent(which + i, "arn:aws:iam::123456789012:user/" + i), which + i);
            }
        }
        now = NOON.plusSeconds(7200);
        email.takes = Duration.ofSeconds(2);
        engine.summarise(now.plusSeconds(30));
        assertThat(email.summaries).hasSizeBetween(4, 6);
        engine.summarise(now.plusSeconds(60));
        assertThat(email.summaries).hasSize(10);
    }

    @Test
    void aFloodIsSoManyMessagesAndOneDigestAndEveryAlertIsRecorded() throws AlertFailedException {
        AlertEngine engine = engine(TestRules.stopLogging(PER_USER));
        long heldBack = 0;
        for (int i = 0; i < 200; i++) {
            heldBack += handle(engine, byUser("e" + i, i), "a" + i).heldBack();
        }
        for (FakeChannel channel : List.of(email, chat)) {
            assertThat(channel.alerts).hasSize(10);
        }
        assertThat(heldBack).isEqualTo(190);
        assertThat(recorder.alerts).hasSize(200).filteredOn(Alert::isHeldBack).hasSize(190);
        now = NOON.plusSeconds(3660);
        engine.summarise(now.plusSeconds(60));
        for (FakeChannel channel : List.of(email, chat)) {
            assertThat(channel.summaries).singleElement().satisfies(summary -> {
                Untold.HeldBack digest = (Untold.HeldBack) summary.untold();
                assertThat(digest.account()).isEqualTo("123456789012");
                assertThat(digest.messages()).isEqualTo(190);
                assertThat(digest.groups()).isEqualTo(190);
                assertThat(digest.examples()).hasSize(5).allMatch(group -> group.startsWith("arn:aws:iam::"));
            });
        }
        handle(engine, byUser("next", 1_000), "b");
        assertThat(email.alerts).as("in the next hour").hasSize(11);
    }

    @Test
    void aCrashBetweenAnyTwoStepsLosesNothingThatIsHeldBack() throws AlertFailedException {
        Rule rule = TestRules.stopLogging(PER_USER);
        boolean crashed = true;
        for (int step = 0; crashed; step++) {
            state = new InMemoryAlertState();
            now = NOON;
            List.of(email, chat, recorder).forEach(channel -> channel.alerts.clear());
            email.summaries.clear();
            for (int i = 0; i < 10; i++) {
                handle(engine(rule), byUser("e" + i, i), "a" + i);
            }
            Crashes crashes = new Crashes(step);
            crashed = crashes.happenIn(() ->
                    engine(crashes.around(state), crashes, rule).handle(byUser("held", 10), "a", NOON.plusSeconds(60)));
            handle(engine(rule), byUser("held", 10), "a");
            assertThat(email.alerts).hasSize(10);
            assertThat(recorder.alerts.stream().map(Alert::id).distinct()).hasSize(11);
            now = NOON.plusSeconds(3660);
            engine(rule).summarise(now.plusSeconds(60));
            Untold.HeldBack digest = (Untold.HeldBack) email.summaries.get(0).untold();
            assertThat(digest.groups()).isEqualTo(1);
            assertThat(digest.messages()).isBetween(1L, 2L);
        }
    }

    @Test
    void aFloodSilencesNoOtherAccountAndNoOtherRule() throws AlertFailedException {
        Rule other = TestRules.rule(
                "cloudtrail/other",
                "medium",
                "{source: [aws.cloudtrail], detail: {eventName: [StopLogging]}}",
                "group by: [tributary.actor]");
        AlertEngine engine = engine(TestRules.stopLogging(PER_USER), other);
        for (int i = 0; i < 30; i++) {
            handle(engine(TestRules.stopLogging(PER_USER)), byUser("e" + i, i), "a" + i);
        }
        email.alerts.clear();
        handle(engine, byUser("f", 100), "b");
        assertThat(email.alerts).extracting(alert -> alert.rule().id()).containsExactly("cloudtrail/other");
        Event elsewhere = byUser("g", 101);
        ((ObjectNode) elsewhere.json()).put("account", "210987654321");
        handle(engine, elsewhere, "c");
        assertThat(email.alerts)
                .extracting(alert -> alert.rule().id())
                .containsExactly("cloudtrail/other", "cloudtrail/stopped", "cloudtrail/other");
    }

    @Test
    void summariesOfRepeatsAreMessagesAsOthersAre() throws AlertFailedException {
        AlertEngine engine = engine(TestRules.stopLogging(PER_USER));
        for (int i = 0; i < 100; i++) {
            handle(engine, byUser("e" + i, i), "a" + i);
            handle(engine, byUser("f" + i, i), "b" + i);
            handle(engine, byUser("g" + i, i), "c" + i);
        }
        now = NOON.plusSeconds(3660);
        AlertMetrics metrics = engine.summarise(now.plusSeconds(60));
        assertThat(email.summaries)
                .filteredOn(summary -> summary.untold() instanceof Untold.Repeats)
                .hasSize(10);
        assertThat(email.summaries)
                .filteredOn(summary -> summary.untold() instanceof Untold.HeldBack)
                .hasSize(1);
        assertThat(metrics.heldBack()).isEqualTo(90);
        now = NOON.plusSeconds(7260);
        engine.summarise(now.plusSeconds(60));
        assertThat(email.summaries).hasSize(12).last().satisfies(summary -> {
            Untold.HeldBack digest = (Untold.HeldBack) summary.untold();
            assertThat(digest.messages()).isEqualTo(90);
            assertThat(digest.events()).isEqualTo(180);
        });
    }

    @Test
    void aFindingThatIsWorseIsToldThoughTheHourHasItsMessages() throws AlertFailedException {
        AlertEngine engine = engine(TestRules.findings("guardduty/any", "high", "group by: [detail.id]"));
        for (int i = 0; i < 20; i++) {
            handle(engine, TestRules.finding("f" + i, 2, "2026-03-01T12:00:00.000Z"), "a" + i);
        }
        assertThat(email.alerts).hasSize(10);
        handle(engine, TestRules.finding("worse", 9, "2026-03-01T12:00:00.000Z"), "b");
        assertThat(email.alerts).hasSize(11);
    }

    @Test
    void aMessageThatSomebodyHasIsToldToAllThoughTheHourHasItsMessages() throws AlertFailedException {
        AlertEngine engine = engine(TestRules.stopLogging(PER_USER));
        chat.failure = "throttled";
        assertThatThrownBy(() -> handle(engine, byUser("e", 0), "a")).isInstanceOf(AlertFailedException.class);
        chat.failure = "";
        now = NOON.plusSeconds(3600);
        for (int i = 1; i <= 10; i++) {
            handle(engine, byUser("e" + i, i), "a" + i);
        }
        handle(engine, byUser("e", 0), "a");
        assertThat(chat.alerts).hasSize(11);
        assertThat(email.alerts).hasSize(11);
    }

    @Test
    void withoutTheSharedStateEachProcessBoundsAFloodByItself() throws AlertFailedException {
        FallbackState fallback = new FallbackState(DynamoDbStates.of(dynamoDb.client(), "nowhere"));
        state = fallback;
        AlertEngine engine = engine(TestRules.stopLogging(PER_USER));
        for (int i = 0; i < 15; i++) {
            handle(engine, byUser("e" + i, i), "a" + i);
        }
        assertThat(email.alerts).hasSize(10);
        assertThat(recorder.alerts).hasSize(15);
        now = NOON.plusSeconds(3660);
        List<String> lines = engine.summarise(now.plusSeconds(60)).lines(0, fallback.takeUnavailable());
        assertThat(email.summaries).hasSize(1);
        assertThat(lines.get(0))
                .doesNotContain("\"StateUnavailable\":0", "\"Events\"")
                .contains("\"Summarised\":1");
    }

    private static Event byUser(String eventId, int user) {
        return TestRules.stopLoggingEvent(eventId, "arn:aws:iam::123456789012:user/" + user);
    }

    private AlertMetrics handle(AlertEngine engine, Event event, String owner) throws AlertFailedException {
        return engine.handle(event, owner, now.plusSeconds(60));
    }

    private AlertEngine engine(Rule... rules) {
        return engine(state, new Crashes(Integer.MAX_VALUE), rules);
    }

    private AlertEngine engine(AlertState state, Crashes crashes, Rule... rules) {
        return new AlertEngine(
                RuleSet.of(Arrays.asList(rules)),
                state,
                crashes.around(recorder),
                List.of(
                        new Route(crashes.around(email), Severity.LOW, Set.of(), Set.of()),
                        new Route(crashes.around(chat), Severity.LOW, Set.of(), Set.of())),
                Allowance.USUAL,
                () -> now,
                this::sleep);
    }

    /** For the test's own thread time flies; others wait for each other. */
    private void sleep(Duration duration) throws InterruptedException {
        if (Thread.currentThread() == testThread) {
            now = now.plus(duration);
        } else {
            Thread.sleep(5);
        }
    }

    private final class FakeChannel implements AlertChannel {
        private final String name;
        private final List<Alert> alerts = Collections.synchronizedList(new ArrayList<>());
        private final List<Summary> summaries = Collections.synchronizedList(new ArrayList<>());
        private String failure = "";
        private Duration takes = Duration.ZERO;

        FakeChannel(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void send(Alert alert) {
            if (!failure.isEmpty()) {
                throw new IllegalStateException(failure);
            }
            alerts.add(alert);
        }

        @Override
        public void send(Summary summary) {
            if (!failure.isEmpty()) {
                throw new IllegalStateException(failure);
            }
            now = now.plus(takes);
            summaries.add(summary);
        }
    }

    /** The process ends before or after one of its calls. */
    private static final class Crashes {
        private static final class Crash extends Error {}

        private interface Action {
            void run() throws AlertFailedException;
        }

        private int left;

        Crashes(int steps) {
            left = steps;
        }

        boolean happenIn(Action action) {
            try {
                action.run();
                return false;
            } catch (Crash e) {
                return true;
            } catch (AlertFailedException e) {
                throw new AssertionError(e);
            }
        }

        private void step() {
            if (left-- == 0) {
                throw new Crash();
            }
        }

        AlertChannel around(AlertChannel channel) {
            return new AlertChannel() {
                @Override
                public String name() {
                    return channel.name();
                }

                @Override
                public void send(Alert alert) {
                    step();
                    channel.send(alert);
                    step();
                }

                @Override
                public void send(Summary summary) {
                    step();
                    channel.send(summary);
                    step();
                }
            };
        }

        AlertState around(AlertState state) {
            return new AlertState() {
                @Override
                public int count(String key, String eventUid, Instant now, Threshold threshold) {
                    return state.count(key, eventUid, now, threshold);
                }

                @Override
                public boolean holds(String key, String owner) {
                    return state.holds(key, owner);
                }

                @Override
                public Claim claim(Candidate candidate) {
                    step();
                    Claim claim = state.claim(candidate);
                    step();
                    return claim;
                }

                @Override
                public void markSent(String key, String channel) {
                    step();
                    state.markSent(key, channel);
                    step();
                }

                @Override
                public void finish(String key, String owner, Instant quietUntil) {
                    step();
                    state.finish(key, owner, quietUntil);
                    step();
                }

                @Override
                public boolean admit(Admission admission, Allowance allowance) {
                    step();
                    boolean isAdmitted = state.admit(admission, allowance);
                    step();
                    return isAdmitted;
                }

                @Override
                public List<String> due(Instant now, int most) {
                    return state.due(now, most);
                }

                @Override
                public Optional<Untold> take(String key, Instant now, Duration lease) {
                    step();
                    Optional<Untold> untold = state.take(key, now, lease);
                    step();
                    return untold;
                }

                @Override
                public void told(Untold untold) {
                    step();
                    state.told(untold);
                    step();
                }
            };
        }
    }
}
