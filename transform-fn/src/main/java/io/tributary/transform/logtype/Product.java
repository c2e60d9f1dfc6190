package io.tributary.transform.logtype;

import io.tributary.json.JsonOutput;
import io.tributary.json.Name;
import java.util.Arrays;
import java.util.List;

/**
 * The product that reported an event, OCSF {@code metadata.product}, and the OCSF profiles its documents use; encoded
 * once.
 */
public final class Product {
    private final byte[] encoded;

    private Product(byte[] encoded) {
        this.encoded = encoded;
    }

    /**
     * A product of AWS.
     *
     * @param name such as {@code CloudTrail}
     * @param profiles the OCSF profiles whose attributes the type writes, {@code cloud} always among them
     */
    public static Product aws(String name, String... profiles) {
        return of("AWS", name, profiles);
    }

    /** A product of another vendor. */
    public static Product of(String vendor, String name, String... profiles) {
        JsonOutput out = new JsonOutput(128);
        out.openObject();
        out.member(Name.of("version"), Document.OCSF_VERSION);
        int product = out.openObject(Name.of("product"));
        out.member(Name.of("name"), name);
        out.member(Name.of("vendor_name"), vendor);
        out.closeObject(product);
        int array = out.openArray(Name.of("profiles"));
        for (String profile : List.of(profiles)) {
            out.element().string(profile);
        }
        out.closeArray(array);
        return new Product(Arrays.copyOfRange(out.bytes(), 1, out.length()));
    }

    byte[] encoded() {
        return encoded;
    }
}
