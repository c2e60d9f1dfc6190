package io.tributary.alert.enrichment;

/** What a network is. */
public final class Reach {
    private Reach() {}

    /** Whether it is one that is not routed on the internet, so that it may be anybody's. */
    public static boolean isPrivate(String network) {
        return Networks.parse(network).map(Networks.Network::isPrivate).orElse(false);
    }
}
