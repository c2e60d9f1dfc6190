package io.tributary.common;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class PlaceholderTest {
    @Test
    void keepsItsText() {
        assertThat(new Placeholder("a").text()).isEqualTo("a");
    }

    @Property
    void keepsAnyText(@ForAll String text) {
        assertThat(new Placeholder(text).text()).isEqualTo(text);
    }
}
