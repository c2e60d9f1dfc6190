package io.tributary.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.alert.AlertState.Candidate;
import io.tributary.alert.AlertState.Claim;
import io.tributary.alert.AlertState.Claim.Granted;
import io.tributary.alert.rule.Threshold;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every state of alerts must do. */
public abstract class AlertStateContract {
    protected static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration LEASE = Duration.ofSeconds(20);
    /** When what was silent after a message of noon is told. */
    private static final Instant DUE = NOON.plusSeconds(3600).plus(AlertState.GRACE);

    private static final Subject SUBJECT = new Subject("cloudtrail/trail-stopped", "123456789012", "organization");
    private static final Threshold FIVE_IN_TEN_MINUTES = new Threshold(5, Duration.ofMinutes(10));

    private static final Allowance THREE = new Allowance(3);

    private AlertState state;
    private String key;

    protected abstract AlertState state();

    @BeforeEach
    void begin() {
        state = state();
        key = "cloudtrail/trail-stopped#" + UUID.randomUUID();
    }

    @Test
    void theFirstClaimIsGrantedAndOthersWaitForItsLease() {
        Granted granted = granted(claim("e1", "a", NOON));
        assertThat(granted.sent()).isEmpty();
        assertThat(granted.repeats()).isZero();
        assertThat(granted.isFollowUp()).isFalse();
        assertThat(claim("e2", "b", NOON.plusSeconds(1))).isEqualTo(new Claim.Busy(NOON.plus(LEASE)));
        assertThat(claim("e1", "b", NOON.plusSeconds(1))).isInstanceOf(Claim.Busy.class);
    }

    @Test
    void whoCrashedAndComesAgainGoesOnWithTheSameMessage() {
        Granted first = granted(claim("e1", "a", NOON));
        state.markSent(key, "email");
        Granted again = granted(claim("e1", "a", NOON.plusSeconds(3)));
        assertThat(again.alertId()).isEqualTo(first.alertId());
        assertThat(again.sent()).containsExactly("email");
    }

    @Test
    void anotherTakesOverWhenTheLeaseHasEnded() {
        Granted first = granted(claim("e1", "a", NOON));
        state.markSent(key, "email");
        state.markSent(key, "chat");
        Granted second = granted(claim("e2", "b", NOON.plus(LEASE)));
        assertThat(second.alertId()).isEqualTo(first.alertId());
        assertThat(second.sent()).containsExactlyInAnyOrder("email", "chat");
        assertThat(claim("e3", "c", NOON.plus(LEASE).plusSeconds(1))).isInstanceOf(Claim.Busy.class);
        state.finish(key, "a", NOON.plusSeconds(3600));
        assertThat(claim("e4", "d", NOON.plus(LEASE).plusSeconds(2)))
                .as("who has lost the claim cannot finish it")
                .isInstanceOf(Claim.Busy.class);
    }

    @Test
    void repeatsAreSilentAndCountedAndToldWithTheNextMessage() {
        Granted first = tell("e1", NOON);
        for (int i = 2; i <= 11; i++) {
            assertThat(claim("e" + i, "b", NOON.plusSeconds(i))).isEqualTo(new Claim.Silent(false));
        }
        Granted next = granted(claim("e12", "c", NOON.plusSeconds(3600)));
        assertThat(next.repeats()).isEqualTo(10);
        assertThat(next.isFollowUp()).isTrue();
        assertThat(next.sent()).isEmpty();
        assertThat(next.alertId()).isNotEqualTo(first.alertId());
        state.finish(key, "c", NOON.plusSeconds(7200));
        Granted third = granted(claim("e13", "d", NOON.plusSeconds(7200)));
        assertThat(third.repeats()).isZero();
        assertThat(third.isFollowUp()).isTrue();
    }

    @Test
    void theRepeatsOfAMessageAreStillKnownAfterACrash() {
        tell("e1", NOON);
        claim("e2", "b", NOON.plusSeconds(2));
        granted(claim("e3", "c", NOON.plusSeconds(3600)));
        assertThat(granted(claim("e3", "c", NOON.plusSeconds(3605))).repeats()).isEqualTo(1);
    }

    @Test
    void theSameEventIsOneHoweverOftenItComes() {
        tell("e1", NOON);
        assertThat(claim("e1", "b", NOON.plusSeconds(5))).isEqualTo(new Claim.Silent(true));
        assertThat(claim("e2", "b", NOON.plusSeconds(6))).isEqualTo(new Claim.Silent(false));
        assertThat(claim("e2", "c", NOON.plusSeconds(7))).isEqualTo(new Claim.Silent(true));
        assertThat(claim("e1", "d", NOON.plusSeconds(3600))).isEqualTo(new Claim.Silent(true));
        assertThat(granted(claim("e3", "e", NOON.plusSeconds(3601))).repeats()).isEqualTo(1);
    }

    @Test
    void manyRepeatsAreCountedToo() {
        tell("e1", NOON);
        for (int i = 0; i < 250; i++) {
            claim("r" + i, "b", NOON.plusSeconds(5));
        }
        assertThat(granted(claim("e3", "c", NOON.plusSeconds(3600))).repeats()).isEqualTo(250);
    }

    @Test
    void whatIsWorseThanBeforeIsToldAtOnce() {
        granted(state.claim(new Candidate(key, SUBJECT, "e1", 40, "a", NOON, LEASE)));
        state.finish(key, "a", NOON.plusSeconds(3600));
        assertThat(state.claim(new Candidate(key, SUBJECT, "e2", 40, "b", NOON.plusSeconds(1), LEASE)))
                .isEqualTo(new Claim.Silent(false));
        assertThat(state.claim(new Candidate(key, SUBJECT, "e3", 35, "b", NOON.plusSeconds(2), LEASE)))
                .isEqualTo(new Claim.Silent(false));
        Granted worse = granted(state.claim(new Candidate(key, SUBJECT, "e4", 80, "c", NOON.plusSeconds(3), LEASE)));
        assertThat(worse.repeats()).isEqualTo(2);
        state.finish(key, "c", NOON.plusSeconds(3600));
        assertThat(state.claim(new Candidate(key, SUBJECT, "e5", 80, "d", NOON.plusSeconds(4), LEASE)))
                .isEqualTo(new Claim.Silent(false));
    }

    @Test
    void otherKeysAreOtherMatters() {
        granted(claim("e1", "a", NOON));
        granted(state.claim(new Candidate(key + "2", SUBJECT, "e1", 4, "a", NOON, LEASE)));
    }

    @Test
    void whatIsNotThereIsNotMadeByMarking() {
        state.finish(key, "a", NOON.plusSeconds(3600));
        granted(claim("e1", "a", NOON));
    }

    @Test
    void fiftyAtOnceAreGrantedOnce() throws Exception {
        List<Claim> claims = atOnce(50, i -> claim("same", "owner" + i, NOON));
        assertThat(claims).filteredOn(Granted.class::isInstance).hasSize(1);
        assertThat(claims).filteredOn(Claim.Busy.class::isInstance).hasSize(49);
    }

    @Test
    void fiftyRepeatsAtOnceAreAllCounted() throws Exception {
        tell("e1", NOON);
        assertThat(atOnce(50, i -> claim("r" + i, "owner" + i, NOON.plusSeconds(1))))
                .containsOnly(new Claim.Silent(false));
        assertThat(granted(claim("e2", "z", NOON.plusSeconds(3600))).repeats()).isEqualTo(50);
    }

    @Test
    void eventsOfAThresholdAreCountedOnceEach() {
        for (int i = 1; i <= 4; i++) {
            assertThat(state.count(key, "e" + i, NOON.plusSeconds(i), FIVE_IN_TEN_MINUTES))
                    .isEqualTo(i);
            assertThat(state.count(key, "e" + i, NOON.plusSeconds(i), FIVE_IN_TEN_MINUTES))
                    .isEqualTo(i);
        }
        assertThat(state.count(key, "e5", NOON.plusSeconds(300), FIVE_IN_TEN_MINUTES))
                .isEqualTo(5);
    }

    @Test
    void eventsOutsideOfAThresholdsTimeDoNotCount() {
        for (int i = 0; i < 4; i++) {
            state.count(key, "e" + i, NOON.plusSeconds(i), FIVE_IN_TEN_MINUTES);
        }
        assertThat(state.count(key, "late", NOON.plusSeconds(602), FIVE_IN_TEN_MINUTES))
                .isEqualTo(2);
    }

    @Test
    void aStormOfEventsStaysAboveTheThreshold() {
        for (int i = 0; i < 40; i++) {
            int count = state.count(key, "e" + i, NOON.plusSeconds(i), FIVE_IN_TEN_MINUTES);
            assertThat(count).isGreaterThanOrEqualTo(Math.min(i + 1, 5));
        }
        assertThat(state.count(key, "much later", NOON.plusSeconds(3600), FIVE_IN_TEN_MINUTES))
                .isEqualTo(1);
    }

    @Test
    void eventsAtOnceAllCount() throws Exception {
        Threshold twenty = new Threshold(20, Duration.ofMinutes(10));
        assertThat(atOnce(20, i -> state.count(key, "e" + i, NOON, twenty)))
                .contains(20)
                .allMatch(count -> count <= 20);
    }

    @Test
    void oneEventDeliveredFortyTimesStarvesNoThreshold() {
        for (int i = 0; i < 40; i++) {
            assertThat(state.count(key, "e1", NOON.plusSeconds(i), FIVE_IN_TEN_MINUTES))
                    .isEqualTo(1);
        }
        for (int i = 2; i <= 5; i++) {
            assertThat(state.count(key, "e" + i, NOON.plusSeconds(40 + i), FIVE_IN_TEN_MINUTES))
                    .isEqualTo(i);
        }
    }

    @Test
    void theNewestEventsOfAStormAreTheOnesThatCountAfterIt() {
        for (int i = 0; i < 40; i++) {
            state.count(key, "e" + i, NOON.plusSeconds(10 * i), FIVE_IN_TEN_MINUTES);
        }
        assertThat(state.count(key, "after", NOON.plusSeconds(390 + 570), FIVE_IN_TEN_MINUTES))
                .isEqualTo(4);
    }

    @Test
    void aThresholdOfTheMostEventsIsReached() {
        Threshold most = new Threshold(Threshold.MOST_EVENTS, Duration.ofDays(1));
        String padding = "x".repeat(2_000);
        int count = 0;
        for (int i = 0; i < Threshold.MOST_EVENTS + 5; i++) {
            count = state.count(key, padding + i, NOON.plusSeconds(i), most);
        }
        assertThat(count).isEqualTo(Threshold.MOST_EVENTS);
    }

    @Test
    void whatOneGroupCountsIsNothingToAnother() {
        for (int i = 0; i < 20; i++) {
            state.count(key + "loud", "e" + i, NOON, FIVE_IN_TEN_MINUTES);
        }
        assertThat(state.count(key, "e1", NOON, FIVE_IN_TEN_MINUTES)).isEqualTo(1);
    }

    @Test
    void whoHasNotFinishedAMessageHoldsIt() {
        assertThat(state.holds(key, "a")).isFalse();
        claim("e1", "a", NOON);
        assertThat(state.holds(key, "a")).isTrue();
        assertThat(state.holds(key, "b")).isFalse();
        state.finish(key, "a", NOON.plusSeconds(3600));
        assertThat(state.holds(key, "a")).isFalse();
    }

    @Test
    void whatIsNotRepeatedIsNotDue() {
        tell("e1", NOON);
        claim("e1", "b", NOON.plusSeconds(5));
        assertThat(due(NOON.plusSeconds(86_400))).isEmpty();
    }

    @Test
    void repeatsAreToldAfterTheQuietTimeThoughNoEventComes() {
        Granted message = tell("e1", NOON);
        claim("e2", "b", NOON.plusSeconds(60));
        claim("e3", "b", NOON.plusSeconds(120));
        claim("e3", "b", NOON.plusSeconds(180));
        claim("e4", "b", NOON.plusSeconds(240));
        assertThat(due(NOON.plusSeconds(3600)))
                .as("an event may still bring them up")
                .isEmpty();
        assertThat(due(DUE)).containsExactly(key);
        Untold untold = state.take(key, DUE, LEASE).orElseThrow();
        assertThat(untold).isInstanceOfSatisfying(Untold.Repeats.class, repeats -> {
            assertThat(repeats.subject()).isEqualTo(SUBJECT);
            assertThat(repeats.alertId()).isEqualTo(message.alertId());
            assertThat(repeats.rank()).isEqualTo(4);
            assertThat(repeats.events()).isEqualTo(3);
            assertThat(repeats.from()).isEqualTo(NOON.plusSeconds(60));
            assertThat(repeats.to()).isEqualTo(NOON.plusSeconds(240));
        });
        assertThat(state.take(key, DUE, LEASE)).as("somebody has it").isEmpty();
        state.told(untold);
        assertThat(due(DUE.plusSeconds(86_400))).isEmpty();
        Granted next = granted(claim("e5", "c", DUE.plusSeconds(60)));
        assertThat(next.repeats()).isZero();
        assertThat(next.isFollowUp()).isTrue();
    }

    @Test
    void theRepeatsOfOneMessageAreNotThoseOfTheNext() {
        tell("e1", NOON);
        claim("e2", "b", NOON.plusSeconds(60));
        state.told(state.take(key, DUE, LEASE).orElseThrow());
        tell("e3", NOON.plusSeconds(7200));
        claim("e4", "b", NOON.plusSeconds(7260));
        Untold untold = state.take(key, DUE.plusSeconds(7200), LEASE).orElseThrow();
        assertThat(untold.from()).isEqualTo(NOON.plusSeconds(7260));
        assertThat(((Untold.Repeats) untold).events()).isEqualTo(1);
    }

    @Test
    void anEventBringsUpTheRepeatsItself() {
        tell("e1", NOON);
        claim("e2", "b", NOON.plusSeconds(60));
        assertThat(granted(claim("e3", "c", DUE)).repeats()).isEqualTo(1);
        assertThat(due(DUE.plusSeconds(86_400))).isEmpty();
        assertThat(state.take(key, DUE, LEASE)).isEmpty();
    }

    @Test
    void whoStopsTellingLeavesItDueAgain() {
        tell("e1", NOON);
        claim("e2", "b", NOON.plusSeconds(60));
        Untold first = state.take(key, DUE, LEASE).orElseThrow();
        state.markSent(key, first.id() + " email");
        assertThat(due(DUE.plusSeconds(19))).isEmpty();
        assertThat(due(DUE.plus(LEASE))).containsExactly(key);
        Untold second = state.take(key, DUE.plus(LEASE), LEASE).orElseThrow();
        assertThat(second.id()).isEqualTo(first.id());
        assertThat(second.sent()).contains(first.id() + " email");
    }

    @Test
    void anEventWaitsForWhoTellsOfItsLikesAndGoesOnIfThatOneStops() {
        tell("e1", NOON);
        claim("e2", "b", NOON.plusSeconds(60));
        Untold untold = state.take(key, DUE, LEASE).orElseThrow();
        assertThat(claim("e2", "c", DUE)).isEqualTo(new Claim.Silent(true));
        assertThat(claim("e3", "c", DUE)).isEqualTo(new Claim.Busy(DUE.plus(LEASE)));
        Granted next = granted(claim("e3", "c", DUE.plus(LEASE)));
        assertThat(next.repeats()).isEqualTo(1);
        assertThat(next.sent()).isEmpty();
        state.told(untold);
        assertThat(state.holds(key, "c")).as("who is late changes nothing").isTrue();
    }

    @Test
    void ofManyAtOnceOneTells() throws Exception {
        tell("e1", NOON);
        claim("e2", "b", NOON.plusSeconds(60));
        assertThat(atOnce(20, i -> state.take(key, DUE, LEASE)))
                .filteredOn(Optional::isPresent)
                .hasSize(1);
    }

    @Test
    void soManyMessagesAnHourAsAreAllowedAndAgainTheNextHour() {
        for (int i = 0; i < 5; i++) {
            assertThat(admit("m" + i, 4, NOON.plusSeconds(i))).isEqualTo(i < 3);
        }
        assertThat(admit("next", 4, NOON.plusSeconds(3600))).isTrue();
    }

    @Test
    void aMessageThatWasAdmittedIsOneHoweverOftenItIsAskedFor() {
        for (int i = 0; i < 10; i++) {
            assertThat(admit("m1", 4, NOON)).isTrue();
        }
        assertThat(admit("m2", 4, NOON)).isTrue();
        assertThat(admit("m3", 4, NOON)).isTrue();
        assertThat(admit("m4", 4, NOON)).isFalse();
        assertThat(admit("m1", 4, NOON)).isTrue();
    }

    @Test
    void whatIsWorseThanTheLastMessageIsAdmittedOnce() {
        for (int i = 0; i < 3; i++) {
            admit("m" + i, 40, NOON);
        }
        assertThat(admit("same", 40, NOON)).isFalse();
        assertThat(admit("worse", 80, NOON)).isTrue();
        assertThat(admit("as bad", 80, NOON)).isFalse();
        assertThat(admit("better", 20, NOON)).isFalse();
    }

    @Test
    void otherAccountsAndOtherRulesHaveTheirOwnAllowance() {
        for (int i = 0; i < 20; i++) {
            admit("m" + i, 4, NOON);
        }
        for (Subject other : List.of(
                new Subject(key, "210987654321", "organization"),
                new Subject(key + "2", "123456789012", "organization"))) {
            assertThat(state.admit(new Admission(other, key, "m", 4, 1, NOON), THREE))
                    .isTrue();
        }
    }

    @Test
    void whatIsHeldBackIsToldInOneDigestWhenTheHourIsOver() {
        for (int i = 0; i < 3; i++) {
            admit("m" + i, 4, NOON);
        }
        assertThat(dueDigests(NOON.plusSeconds(86_400)))
                .as("nothing was held back")
                .isEmpty();
        for (int i = 0; i < 20; i++) {
            Subject subject = new Subject(key, "123456789012", "group " + i / 2);
            state.admit(new Admission(subject, "key " + i / 2, "h" + i, 4, 5, NOON.plusSeconds(60 + i)), THREE);
        }
        assertThat(dueDigests(NOON.plusSeconds(3600))).isEmpty();
        String digest = dueDigests(DUE).get(0);
        Untold untold = state.take(digest, DUE, LEASE).orElseThrow();
        assertThat(untold).isInstanceOfSatisfying(Untold.HeldBack.class, heldBack -> {
            assertThat(heldBack.ruleId()).isEqualTo(key);
            assertThat(heldBack.account()).isEqualTo("123456789012");
            assertThat(heldBack.messages()).isEqualTo(20);
            assertThat(heldBack.events()).isEqualTo(100);
            assertThat(heldBack.groups()).isEqualTo(10);
            assertThat(heldBack.examples())
                    .hasSize(5)
                    .doesNotHaveDuplicates()
                    .allMatch(text -> text.startsWith("group "));
            assertThat(heldBack.from()).isEqualTo(NOON.plusSeconds(60));
            assertThat(heldBack.to()).isEqualTo(NOON.plusSeconds(79));
        });
        assertThat(state.take(digest, DUE, LEASE)).as("somebody has it").isEmpty();
        state.markSent(digest, untold.mark("email"));
        Untold again = state.take(digest, DUE.plus(LEASE), LEASE).orElseThrow();
        assertThat(again.id()).isEqualTo(untold.id());
        assertThat(again.sent()).contains(untold.mark("email"));
        state.told(untold);
        assertThat(dueDigests(DUE.plusSeconds(60)))
                .as("who is late changes nothing")
                .hasSize(1);
        state.told(again);
        assertThat(dueDigests(DUE.plusSeconds(86_400))).isEmpty();
    }

    @Test
    void whatIsHeldBackWhileTheDigestIsToldIsToldToo() {
        for (int i = 0; i < 4; i++) {
            admit("m" + i, 4, NOON);
        }
        String digest = dueDigests(DUE).get(0);
        Untold untold = state.take(digest, DUE, LEASE).orElseThrow();
        admit("late", 4, NOON.plusSeconds(3599));
        state.told(untold);
        Untold again = state.take(digest, DUE.plus(LEASE), LEASE).orElseThrow();
        assertThat(((Untold.HeldBack) again).messages()).isEqualTo(2);
        assertThat(again.id()).isNotEqualTo(untold.id());
    }

    @Test
    void ofManyGroupsItIsKnownThatThereAreMany() {
        for (int i = 0; i < 230; i++) {
            Subject subject = new Subject(key, "123456789012", "x".repeat(Subject.LONGEST_GROUP - 3) + i);
            state.admit(new Admission(subject, "key " + i, "m" + i, 4, 1, NOON), THREE);
        }
        Untold.HeldBack heldBack =
                (Untold.HeldBack) state.take(dueDigests(DUE).get(0), DUE, LEASE).orElseThrow();
        assertThat(heldBack.messages()).isEqualTo(227);
        assertThat(heldBack.groups()).isEqualTo(Admission.MOST_GROUPS);
    }

    @Test
    void ofManyMessagesAtOnceSoManyAreAdmittedAndTheOthersAllCounted() throws Exception {
        assertThat(atOnce(50, i -> admit("m" + i, 4, NOON)))
                .filteredOn(isAdmitted -> isAdmitted)
                .hasSize(3);
        Untold.HeldBack heldBack =
                (Untold.HeldBack) state.take(dueDigests(DUE).get(0), DUE, LEASE).orElseThrow();
        assertThat(heldBack.messages()).isEqualTo(47);
    }

    private boolean admit(String id, int rank, Instant now) {
        return state.admit(
                new Admission(new Subject(key, "123456789012", "organization"), key, id, rank, 1, now), THREE);
    }

    private List<String> dueDigests(Instant now) {
        return state.due(now, 10_000).stream()
                .filter(due -> due.startsWith("allowance:" + key + "#"))
                .toList();
    }

    private List<String> due(Instant now) {
        return state.due(now, 1_000).stream().filter(key::equals).toList();
    }

    private Claim claim(String event, String owner, Instant now) {
        return state.claim(new Candidate(key, SUBJECT, event, 4, owner, now, LEASE));
    }

    private Granted tell(String event, Instant now) {
        Granted granted = granted(claim(event, "teller", now));
        state.markSent(key, "email");
        state.finish(key, "teller", now.plusSeconds(3600));
        return granted;
    }

    private static Granted granted(Claim claim) {
        assertThat(claim).isInstanceOf(Granted.class);
        return (Granted) claim;
    }

    private interface Call<T> {
        T of(int index) throws Exception;
    }

    private static <T> List<T> atOnce(int count, Call<T> call) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(count);
        try {
            List<Callable<T>> calls = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int index = i;
                calls.add(() -> call.of(index));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : executor.invokeAll(calls)) {
                results.add(future.get());
            }
            return results;
        } finally {
            executor.shutdownNow();
        }
    }
}
