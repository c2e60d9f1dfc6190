package io.tributary.local.estimate;

import java.util.Locale;

/**
 * How much of a kind of log there is.
 *
 * @param gbDay what the sources write, GB a day, uncompressed
 */
record Volume(Kind kind, double gbDay) {
    private static final double GB = 1e9;

    /**
     * Kinds of logs, with the bytes of one event: as its source writes it, in a compressed envelope, as a document, and as a compressed
     * document. Flow logs and CloudTrail are measured by the benchmark of the transform function, envelopes being taken to shrink ten
     * times; the rest is by the sample events of the tests.
     */
    enum Kind {
        FLOW_LOGS("vpc-flow-logs", 125, 20, 840, 70),
        CLOUDTRAIL("cloudtrail", 1_500, 160, 1_800, 190),
        DNS("route53-resolver", 600, 70, 1_000, 90),
        WAF("waf", 1_600, 160, 2_300, 220),
        APPLICATION("application", 300, 45, 850, 100);

        private final String source;
        private final int eventBytes;
        private final int envelopeBytes;
        private final int documentBytes;
        private final int archivedBytes;

        Kind(String source, int eventBytes, int envelopeBytes, int documentBytes, int archivedBytes) {
            this.source = source;
            this.eventBytes = eventBytes;
            this.envelopeBytes = envelopeBytes;
            this.documentBytes = documentBytes;
            this.archivedBytes = archivedBytes;
        }

        /** As the archive calls it. */
        String source() {
            return source;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    double eventsDay() {
        return gbDay * GB / kind.eventBytes;
    }

    /** In compressed envelopes, as subscriptions send them. */
    double sentGbDay() {
        return eventsDay() * kind.envelopeBytes / GB;
    }

    double documentGbDay() {
        return eventsDay() * kind.documentBytes / GB;
    }

    double archivedGbDay() {
        return eventsDay() * kind.archivedBytes / GB;
    }
}
