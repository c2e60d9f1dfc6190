package io.tributary.json;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ScanTest {
    @Property
    void theFirstLineFeedIsFound(@ForAll byte[] bytes, @ForAll @IntRange(max = 20) int from) {
        int start = Math.min(from, bytes.length);
        int expected = start;
        while (expected < bytes.length && bytes[expected] != '\n') {
            expected++;
        }
        assertThat(Scan.lineFeed(bytes, start, bytes.length)).isEqualTo(expected);
    }
}
