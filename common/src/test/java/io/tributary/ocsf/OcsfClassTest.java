package io.tributary.ocsf;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OcsfClassTest {
    @Test
    void anActivityHasTheSchemasName() {
        assertThat(OcsfClass.API_ACTIVITY.activityCaption(2)).isEqualTo("Read");
        assertThat(OcsfClass.ACCOUNT_CHANGE.activityCaption(10)).isEqualTo("MFA Factor Enable");
        assertThat(OcsfClass.ACCOUNT_CHANGE.activityCaption(1)).isEqualTo("Create");
    }

    @Test
    void activitiesWithoutANumberOfTheirOwnAreUnknownOrOther() {
        assertThat(OcsfClass.BASE_EVENT.activityCaption(0)).isEqualTo("Unknown");
        assertThat(OcsfClass.NETWORK_ACTIVITY.activityCaption(OcsfClass.OTHER_ACTIVITY))
                .isEqualTo("Other");
        assertThat(OcsfClass.NETWORK_ACTIVITY.activityCaption(0)).isEqualTo("Unknown");
    }

    @Test
    void theCategoryIsTheThousandsOfTheClass() {
        for (OcsfClass each : OcsfClass.values()) {
            assertThat(each.uid() / 1000).isEqualTo(each.categoryUid());
        }
        assertThat(OcsfClass.AUTHENTICATION.categoryUid()).isEqualTo(3);
    }
}
