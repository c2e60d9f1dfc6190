package io.tributary.infra.deploy;

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
            settings.regions().forEach(region -> stacks.add("TributaryGuardDuty-" + region));
            return new Plan(stacks, settings.regions(), "everything is there");
        }
        if (account.equals(settings.logging())) {
            stacks.add("TributaryLogging");
            if (!settings.isCentralized()) {
                settings.otherRegions().forEach(region -> stacks.add("TributaryRegion-" + region));
            }
        }
        if (account.equals(settings.management())) {
            settings.regions().forEach(region -> stacks.add("TributaryManagement-" + region));
        }
        if (account.equals(settings.administrator())) {
            stacks.add("TributaryOrganization");
        }
        if (stacks.isEmpty()) {
            throw new IllegalArgumentException("the credentials are of account " + account
                    + ", which has no part in the settings: logging is " + settings.logging() + ", management "
                    + settings.management()
                    + (settings.administrator().equals(settings.management())
                            ? ""
                            : ", delegated administrator " + settings.administrator()));
        }
        boolean isSmall = account.equals(settings.administrator());
        List<String> regions = isSmall && stacks.size() == 1 ? List.of(settings.home()) : settings.regions();
        return new Plan(stacks, regions, next(settings, account));
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
