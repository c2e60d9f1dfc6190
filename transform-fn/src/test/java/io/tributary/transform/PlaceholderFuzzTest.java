package io.tributary.transform;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class PlaceholderFuzzTest {
    @FuzzTest
    void takesAnyBytes(byte[] data) {
        assertThat(data).isNotNull();
    }

    @Property
    void takesAnyText(@ForAll String text) {
        assertThat(text).isNotNull();
    }
}
