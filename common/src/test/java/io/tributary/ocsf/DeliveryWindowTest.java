package io.tributary.ocsf;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeliveryWindowTest {
    private static final Instant DELIVERED = Instant.parse("2026-03-15T12:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "2026-03-15T12:00:00Z, 2026-03-15T12:00:00Z",
        "2026-03-01T12:00:00Z, 2026-03-01T12:00:00Z",
        "2026-03-15T14:00:00Z, 2026-03-15T14:00:00Z",
        "2026-03-01T11:59:59.999Z, 2026-03-15T12:00:00Z",
        "2026-03-15T14:00:00.001Z, 2026-03-15T12:00:00Z",
        "1970-01-01T00:00:00Z, 2026-03-15T12:00:00Z",
        "9999-12-31T23:59:59.999Z, 2026-03-15T12:00:00Z",
    })
    void timeOutsideTheWindowIsThatOfTheDelivery(Instant time, Instant expected) {
        assertThat(DeliveryWindow.clamp(time.toEpochMilli(), DELIVERED.toEpochMilli()))
                .isEqualTo(expected.toEpochMilli());
    }

    @ParameterizedTest
    @CsvSource({
        "2026-02-13T12:00:00Z, 2026-02-13T12:00:00Z",
        "2026-02-13T11:59:59Z, 2026-03-15T12:00:00Z",
        "2026-03-15T14:00:00.001Z, 2026-03-15T12:00:00Z",
    })
    void aDocumentsRecordMayHaveWaited(Instant time, Instant expected) {
        assertThat(DeliveryWindow.clampProcessed(time.toEpochMilli(), DELIVERED.toEpochMilli()))
                .isEqualTo(expected.toEpochMilli());
    }
}
