package io.tributary.local.pipeline.traffic;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Attacks that unfold over some seconds, in several accounts; each step leaves its traces in the logs. */
public enum Story {
    /** A password is guessed, permissions are raised, and what would tell of it is switched off. */
    STOLEN_PASSWORD(
            "A guessed password: sign-ins fail, one succeeds, a user becomes administrator, the trail and flow logs end."),
    /** Data is taken away and destroyed. */
    EXTORTION("Extortion: a snapshot is shared with a stranger, databases are deleted, the key is to follow."),
    /** Somebody else's machines mine coins. */
    MINING("Mining: SSH is opened to the world, large machines start, and speak to a mining pool.");

    private static final String STRANGER = "192.0.2.66";
    private static final int STEP_MILLIS = 700;

    private final String description;

    Story(String description) {
        this.description = description;
    }

    public String description() {
        return description;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Lets it happen, now.
     *
     * @param seed others are attacked, and others attack, with another seed
     */
    public void play(Traffic traffic, long seed) throws InterruptedException {
        Random random = new Random(seed * values().length + ordinal());
        List<Account> accounts = traffic.accounts();
        Account first = accounts.get(random.nextInt(accounts.size()));
        Account second = accounts.get((accounts.indexOf(first) + 1) % accounts.size());
        String user = "mallory-" + Integer.toHexString(random.nextInt(0xffff));
        switch (this) {
            case STOLEN_PASSWORD -> stolenPassword(traffic, random, first, second, user);
            case EXTORTION -> extortion(traffic, random, first, second, user);
            case MINING -> mining(traffic, random, first, second, user);
        }
    }

    private static void stolenPassword(Traffic traffic, Random random, Account first, Account second, String user)
            throws InterruptedException {
        for (int i = 0; i < 6; i++) {
            step(traffic, first, CloudTrailEvents.signIn(random, first, Instant.now(), user, false));
        }
        step(traffic, first, CloudTrailEvents.signIn(random, first, Instant.now(), user, true));
        step(
                traffic,
                first,
                call(
                        random,
                        first,
                        "iam",
                        "AttachUserPolicy",
                        user,
                        "{\"userName\":\"" + user
                                + "\",\"policyArn\":\"arn:aws:iam::aws:policy/AdministratorAccess\"}"));
        step(traffic, second, call(random, second, "cloudtrail", "StopLogging", user, "{\"name\":\"organization\"}"));
        step(
                traffic,
                second,
                call(
                        random,
                        second,
                        "ec2",
                        "DeleteFlowLogs",
                        user,
                        "{\"DeleteFlowLogsRequest\":{\"FlowLogId\":{\"tag\":1,\"content\":\"fl-0123456789abcdef0\"}}}"));
        traffic.finding(CloudTrailEvents.finding(
                random,
                first,
                Instant.now(),
                CloudTrailEvents.uuid(random).replace("-", ""),
                "UnauthorizedAccess:IAMUser/ConsoleLoginSuccess.B",
                8,
                user + " signed in from two places of the world within an hour.",
                "{\"resourceType\":\"AccessKey\",\"accessKeyDetails\":{\"userName\":\"" + user + "\"}}"));
    }

    private static void extortion(Traffic traffic, Random random, Account first, Account second, String user)
            throws InterruptedException {
        step(
                traffic,
                first,
                call(
                        random,
                        first,
                        "ec2",
                        "ModifySnapshotAttribute",
                        user,
                        "{\"snapshotId\":\"snap-0123456789abcdef0\",\"attributeType\":\"CREATE_VOLUME_PERMISSION\","
                                + "\"createVolumePermission\":{\"add\":{\"items\":[{\"userId\":\"999988887777\"}]}}}"));
        for (int i = 0; i < 6; i++) {
            step(
                    traffic,
                    second,
                    call(
                            random,
                            second,
                            "rds",
                            "DeleteDBInstance",
                            user,
                            "{\"dBInstanceIdentifier\":\"shop-" + i
                                    + "\",\"skipFinalSnapshot\":true,\"deleteAutomatedBackups\":true}"));
        }
        step(
                traffic,
                second,
                call(
                        random,
                        second,
                        "kms",
                        "ScheduleKeyDeletion",
                        user,
                        "{\"keyId\":\"" + CloudTrailEvents.uuid(random) + "\",\"pendingWindowInDays\":7}"));
    }

    private static void mining(Traffic traffic, Random random, Account first, Account second, String user)
            throws InterruptedException {
        step(
                traffic,
                first,
                call(
                        random,
                        first,
                        "ec2",
                        "AuthorizeSecurityGroupIngress",
                        user,
                        "{\"groupId\":\"sg-0123456789abcdef0\",\"ipPermissions\":{\"items\":[{\"ipProtocol\":\"tcp\","
                                + "\"fromPort\":22,\"toPort\":22,\"groups\":{},\"ipRanges\":{\"items\":[{\"cidrIp\":"
                                + "\"0.0.0.0/0\"}]},\"ipv6Ranges\":{},\"prefixListIds\":{}}]}}"));
        for (Account account : List.of(first, second)) {
            step(
                    traffic,
                    account,
                    call(
                            random,
                            account,
                            "ec2",
                            "RunInstances",
                            user,
                            "{\"instanceType\":\"p4d.24xlarge\",\"instancesSet\":{\"items\":[{\"imageId\":"
                                    + "\"ami-0123456789abcdef0\",\"minCount\":8,\"maxCount\":8}]}}"));
            List<String> lines = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                lines.add(
                        Traffic.flow(account, Instant.now(), account.address(i), STRANGER, 3_333, 900_000L + i, true));
            }
            traffic.flows(account, lines, Instant.now());
        }
        traffic.finding(CloudTrailEvents.finding(
                random,
                second,
                Instant.now(),
                CloudTrailEvents.uuid(random).replace("-", ""),
                "CryptoCurrency:EC2/BitcoinTool.B",
                8,
                "An instance speaks to " + STRANGER + ", which is a mining pool.",
                "{\"resourceType\":\"Instance\",\"instanceDetails\":{\"instanceId\":\"i-0a1b2c3d4e5f60718\"}}"));
    }

    private static ObjectNode call(
            Random random, Account account, String service, String name, String user, String parameters) {
        ObjectNode event = CloudTrailEvents.call(random, account, Instant.now(), service, name, user, parameters);
        event.put("sourceIPAddress", STRANGER).put("userAgent", "aws-cli/2.17.9");
        return event;
    }

    private static void step(Traffic traffic, Account account, ObjectNode event) throws InterruptedException {
        event.put("sourceIPAddress", STRANGER);
        traffic.trail(account, event);
        TimeUnit.MILLISECONDS.sleep(STEP_MILLIS);
    }
}
