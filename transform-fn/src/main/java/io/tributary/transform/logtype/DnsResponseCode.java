package io.tributary.transform.logtype;

/**
 * The response codes of DNS, as logs name them, with their OCSF {@code rcode_id}.
 *
 * @see <a href="https://www.iana.org/assignments/dns-parameters/dns-parameters.xhtml#dns-parameters-6">DNS RCODEs</a>
 */
enum DnsResponseCode {
    NOERROR(0),
    NXDOMAIN(3),
    SERVFAIL(2),
    REFUSED(5),
    FORMERR(1),
    NOTIMP(4),
    YXDOMAIN(6),
    YXRRSET(7),
    NXRRSET(8),
    NOTAUTH(9),
    NOTZONE(10),
    DSOTYPENI(11),
    BADVERS(16),
    BADSIG(16),
    BADKEY(17),
    BADTIME(18),
    BADMODE(19),
    BADNAME(20),
    BADALG(21),
    BADTRUNC(22),
    BADCOOKIE(23);

    /** OCSF {@code rcode_id} of a code that the schema has no number for. */
    static final int OTHER = 99;

    private static final DnsResponseCode[] ALL = values();

    private final int id;

    DnsResponseCode(int id) {
        this.id = id;
    }

    /** OCSF {@code rcode_id} of a code's name, in upper or lower case; {@link #OTHER} if there is none. */
    static int id(byte[] text, int from, int to) {
        for (DnsResponseCode code : ALL) {
            if (code.isNamed(text, from, to)) {
                return code.id;
            }
        }
        return OTHER;
    }

    private boolean isNamed(byte[] text, int from, int to) {
        String name = name();
        if (to - from != name.length()) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            // names are letters only, which differ from their lower case by this one bit
            if ((text[from + i] & 0xdf) != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
