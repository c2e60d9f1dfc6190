package io.tributary.local.pipeline.traffic;

import java.util.ArrayList;
import java.util.List;

/** An account whose logs arrive. */
public record Account(String id, String name, String vpc) {
    /** The organization's own, which has nothing but the trail of all of them. */
    public static final Account MANAGEMENT = new Account("100000000001", "management", "");

    private static final List<String> NAMES =
            List.of("production", "staging", "data", "payments", "network", "security", "sandbox", "marketing");
    private static final long FIRST = 111_111_111_111L;

    /** So many accounts, the same ones each time. */
    public static List<Account> of(int number) {
        List<Account> accounts = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            String name = NAMES.get(i % NAMES.size()) + (i < NAMES.size() ? "" : "-" + (i / NAMES.size() + 1));
            accounts.add(new Account(Long.toString(FIRST + i * 1_010_101L), name, String.format("vpc-%017x", i + 1)));
        }
        return accounts;
    }

    /** An address of a machine of the account, of which it has twenty. */
    String address(int machine) {
        return "10." + Math.floorMod(id.hashCode(), 200) + ".3." + (10 + machine % 20);
    }
}
