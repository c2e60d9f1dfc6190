package io.tributary.infra.deploy;

import io.tributary.infra.InfraApp;
import io.tributary.infra.Settings;
import java.util.ArrayList;
import java.util.List;

/**
 * Which stacks are an account's, in the order in which they are deployed.
 *
 * @param next what is to be done after them, and where
 */
record Plan(List<String> stacks, List<String> regions, String next) {
    Plan {
        stacks = List.copyOf(stacks);
        regions = List.copyOf(regions);
    }

    /**
     * A plan.
     *
     * @param isGuardDuty whether it is the logging account's second part, after the management account's
     * @throws IllegalArgumentException if the account has no part in it
     */
    static Plan of(Settings settings, String account, boolean isGuardDuty) {
        List<String> stacks = new ArrayList<>();
        if (isGuardDuty) {
            if (!account.equals(settings.logging()) || !settings.isGuardDuty()) {
                throw new IllegalArgumentException("--guardduty is for the logging account, " + settings.logging()
                        + ", if the settings want GuardDuty");
            }
            settings.regions().forEach(region -> stacks.add(InfraApp.GUARD_DUTY + region));
            return new Plan(stacks, settings.regions(), "everything is there");
        }
        if (account.equals(settings.logging())) {
            stacks.add(InfraApp.LOGGING);
            if (!settings.isCentralized()) {
                settings.otherRegions().forEach(region -> stacks.add(InfraApp.REGION + region));
            }
        }
        if (account.equals(settings.management())) {
            settings.regions().forEach(region -> stacks.add(InfraApp.MANAGEMENT + region));
        }
        if (account.equals(settings.administrator())) {
            stacks.add(InfraApp.ORGANIZATION);
        }
        if (stacks.isEmpty()) {
            throw new IllegalArgumentException("the credentials are of account " + account
                    + ", which has no part in the settings: logging is " + settings.logging() + ", management "
                    + settings.management()
                    + (settings.isDelegated() ? ", delegated administrator " + settings.administrator() : ""));
        }
        boolean isSmall = account.equals(settings.administrator());
        List<String> regions = isSmall && stacks.size() == 1 ? List.of(settings.home()) : settings.regions();
        return new Plan(stacks, regions, next(settings, account));
    }

    /** The Region of a stack. */
    static String region(Settings settings, String stack) {
        int dash = stack.indexOf('-');
        return dash < 0 ? settings.home() : stack.substring(dash + 1);
    }

    private static String next(Settings settings, String account) {
        if (account.equals(settings.logging()) && !account.equals(settings.management())) {
            return "with credentials of the management account, " + settings.management() + ": tributary deploy";
        }
        if (account.equals(settings.management()) && !account.equals(settings.administrator())) {
            return "with credentials of the delegated administrator, " + settings.administrator()
                    + ": tributary deploy";
        }
        return settings.isGuardDuty()
                ? "with credentials of the logging account, " + settings.logging() + ": tributary deploy --guardduty"
                : "everything is there";
    }
}
