package io.tributary.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GunzipTest {
    private static final int LIMIT = 1 << 20;

    @Test
    void oneMemberSeveralMembersAndPlainTextAreRead() throws MalformedRecordException {
        assertThat(expand(Envelopes.gzip("one"))).isEqualTo("one");
        assertThat(expand(Envelopes.concatenated(Envelopes.gzip("one"), Envelopes.gzip(""), Envelopes.gzip("two"))))
                .isEqualTo("onetwo");
        assertThat(expand("plain".getBytes(StandardCharsets.UTF_8))).isEqualTo("plain");
        assertThat(expand(new byte[0])).isEmpty();
    }

    @Test
    void aHeaderWithAllItsFieldsIsRead() throws MalformedRecordException {
        byte[] plain = Envelopes.gzip("text");
        byte[] fields = {5, 0, 1, 2, 3, 4, 5, 'n', 'a', 'm', 'e', 0, 'c', 0, 9, 9};
        byte[] full =
                Envelopes.concatenated(Arrays.copyOf(plain, 10), fields, Arrays.copyOfRange(plain, 10, plain.length));
        full[3] = 4 | 8 | 16 | 2;
        assertThat(expand(full)).isEqualTo("text");
    }

    @Property
    void aTextOfAnySizeIsReadBack(@ForAll @IntRange(max = LIMIT) int size, @ForAll byte letter)
            throws MalformedRecordException {
        byte[] text = new byte[size];
        Arrays.fill(text, (byte) (letter & 0x7f));
        try (Gunzip gunzip = new Gunzip(LIMIT)) {
            gunzip.expand(Envelopes.gzip(text));
            assertThat(Arrays.equals(gunzip.text(), 0, gunzip.length(), text, 0, size))
                    .isTrue();
        }
    }

    @Test
    void exactlyTheLimitIsReadAndOneByteMoreIsNot() throws MalformedRecordException {
        assertThat(expand(Envelopes.gzip(new byte[LIMIT]))).hasSize(LIMIT);
        assertThatThrownBy(() -> expand(Envelopes.gzip(new byte[LIMIT + 1])))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessage("expands to more than " + LIMIT + " bytes");
        assertThatThrownBy(() -> expand(Envelopes.concatenated(Envelopes.gzip(new byte[LIMIT]), Envelopes.gzip("x"))))
                .isInstanceOf(MalformedRecordException.class);
        assertThatThrownBy(() -> expand(new byte[LIMIT + 1])).isInstanceOf(MalformedRecordException.class);
    }

    @Test
    void aBombTakesNoMoreMemoryThanTheLimit() {
        byte[] bomb = Envelopes.gzip(new byte[200 << 20]);
        try (Gunzip gunzip = new Gunzip(LIMIT)) {
            assertThatThrownBy(() -> gunzip.expand(bomb)).isInstanceOf(MalformedRecordException.class);
            assertThat(gunzip.length()).isLessThanOrEqualTo(LIMIT + 1);
        }
    }

    @Property(tries = 300)
    void aMemberThatIsCutOffIsMalformed(@ForAll @IntRange(max = 1000) int cut) {
        byte[] whole = Envelopes.gzip(Envelopes.flows("a", 20));
        byte[] data = Arrays.copyOf(whole, 2 + cut % (whole.length - 2));
        assertThatThrownBy(() -> expand(data)).isInstanceOf(MalformedRecordException.class);
    }

    @Property
    void aDamagedByteIsNoticedOrChangesNothing(
            @ForAll @IntRange(max = 1000) int at, @ForAll @IntRange(min = 1, max = 255) int change) {
        String text = Envelopes.flows("a", 20);
        byte[] data = Envelopes.gzip(text);
        data[2 + at % (data.length - 2)] ^= (byte) change;
        try {
            assertThat(expand(data)).isEqualTo(text);
        } catch (MalformedRecordException e) {
            assertThat(e).hasMessageContaining("gzip");
        }
    }

    @Property
    void garbageNeverThrowsAnythingElse(@ForAll @Size(max = 64) byte[] garbage) {
        try {
            expand(Envelopes.concatenated(new byte[] {0x1f, (byte) 0x8b, 8}, garbage));
        } catch (MalformedRecordException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0000", "trailing text", "\u001f"})
    void whatFollowsTheLastMemberMustBeAMember(String garbage) {
        byte[] data = Envelopes.concatenated(Envelopes.gzip("text"), garbage.getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> expand(data))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessageContaining("not gzip");
    }

    @Test
    void bytesThatAreNotUtf8AreReplaced() throws MalformedRecordException {
        byte[] text = {'a', (byte) 0xff, 'b', (byte) 0xc3, (byte) 0xa9, (byte) 0xe2, (byte) 0x82};
        assertThat(expand(Envelopes.gzip(text))).isEqualTo("a\ufffdbé\ufffd");
        assertThat(expand(text)).isEqualTo("a\ufffdbé\ufffd");
    }

    @Test
    void aRecordIsReadAfterAMalformedOne() throws MalformedRecordException {
        try (Gunzip gunzip = new Gunzip(LIMIT)) {
            byte[] broken = Envelopes.gzip("broken");
            broken[broken.length - 1] ^= 1;
            assertThatThrownBy(() -> gunzip.expand(broken)).hasMessageContaining("checksum");
            gunzip.expand(Envelopes.gzip("whole"));
            assertThat(new String(gunzip.text(), 0, gunzip.length(), StandardCharsets.UTF_8))
                    .isEqualTo("whole");
        }
    }

    private static String expand(byte[] data) throws MalformedRecordException {
        try (Gunzip gunzip = new Gunzip(LIMIT)) {
            gunzip.expand(data);
            return new String(gunzip.text(), 0, gunzip.length(), StandardCharsets.UTF_8);
        }
    }
}
