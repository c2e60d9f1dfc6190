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
        Attacker attacker = new Attacker(traffic, random, "mallory-" + Integer.toHexString(random.nextInt(0xffff)));
        switch (this) {
            case STOLEN_PASSWORD -> stolenPassword(attacker, first, second);
            case EXTORTION -> extortion(attacker, first, second);
            case MINING -> mining(attacker, first, second);
        }
    }

    private static void stolenPassword(Attacker attacker, Account first, Account second) throws InterruptedException {
        for (int i = 0; i < 6; i++) {
            attacker.signIn(first, false);
        }
        attacker.signIn(first, true);
        attacker.call(first, "iam", "AttachUserPolicy", """
                {"userName": "%s", "policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}
                """.formatted(attacker.user()));
        attacker.call(second, "cloudtrail", "StopLogging", """
                {"name": "organization"}
                """);
        attacker.call(second, "ec2", "DeleteFlowLogs", """
                {"DeleteFlowLogsRequest": {"FlowLogId": {"tag": 1, "content": "fl-0123456789abcdef0"}}}
                """);
        attacker.found(
                first,
                "UnauthorizedAccess:IAMUser/ConsoleLoginSuccess.B",
                attacker.user() + " signed in from two places of the world within an hour.",
                """
                {"resourceType": "AccessKey", "accessKeyDetails": {"userName": "%s"}}
                """.formatted(attacker.user()));
    }

    private static void extortion(Attacker attacker, Account first, Account second) throws InterruptedException {
        attacker.call(first, "ec2", "ModifySnapshotAttribute", """
                {"snapshotId": "snap-0123456789abcdef0", "attributeType": "CREATE_VOLUME_PERMISSION",
                 "createVolumePermission": {"add": {"items": [{"userId": "999988887777"}]}}}
                """);
        for (int i = 0; i < 6; i++) {
            attacker.call(second, "rds", "DeleteDBInstance", """
                    {"dBInstanceIdentifier": "shop-%d", "skipFinalSnapshot": true, "deleteAutomatedBackups": true}
                    """.formatted(i));
        }
        attacker.call(second, "kms", "ScheduleKeyDeletion", """
                {"keyId": "%s", "pendingWindowInDays": 7}
                """.formatted(CloudTrailEvents.uuid(attacker.random())));
    }

    private static void mining(Attacker attacker, Account first, Account second) throws InterruptedException {
        attacker.call(first, "ec2", "AuthorizeSecurityGroupIngress", """
                {"groupId": "sg-0123456789abcdef0", "ipPermissions": {"items": [{"ipProtocol": "tcp", "fromPort": 22, "toPort": 22,
                 "groups": {}, "ipRanges": {"items": [{"cidrIp": "0.0.0.0/0"}]}, "ipv6Ranges": {}, "prefixListIds": {}}]}}
                """);
        for (Account account : List.of(first, second)) {
            attacker.call(account, "ec2", "RunInstances", """
                    {"instanceType": "p4d.24xlarge", "instancesSet": {"items": [{"imageId": "ami-0123456789abcdef0", "minCount": 8,
                     "maxCount": 8}]}}
                    """);
            attacker.connect(account);
        }
        attacker.found(
                second,
                "CryptoCurrency:EC2/BitcoinTool.B",
                "An instance speaks to " + STRANGER + ", which is a mining pool.",
                """
                {"resourceType": "Instance", "instanceDetails": {"instanceId": "i-0a1b2c3d4e5f60718"}}
                """);
    }

    /** Somebody from outside with a user's credentials: what he does leaves its traces in the logs. */
    private record Attacker(Traffic traffic, Random random, String user) {
        void signIn(Account account, boolean isSuccess) throws InterruptedException {
            step(CloudTrailEvents.signIn(random, account, Instant.now(), user, isSuccess));
        }

        void call(Account account, String service, String name, String parameters) throws InterruptedException {
            ObjectNode event = CloudTrailEvents.call(random, account, Instant.now(), service, name, user, parameters);
            step(event.put("userAgent", "aws-cli/2.17.9"));
        }

        private void step(ObjectNode event) throws InterruptedException {
            traffic.trail(event.put("sourceIPAddress", STRANGER));
            TimeUnit.MILLISECONDS.sleep(STEP_MILLIS);
        }

        void connect(Account account) throws InterruptedException {
            List<String> lines = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                lines.add(
                        Traffic.flow(account, Instant.now(), account.address(i), STRANGER, 3_333, 900_000L + i, true));
            }
            traffic.flows(account, lines, Instant.now());
        }

        /** What GuardDuty makes of it. */
        void found(Account account, String type, String title, String resource) throws InterruptedException {
            String id = CloudTrailEvents.uuid(random).replace("-", "");
            traffic.finding(CloudTrailEvents.finding(random, account, Instant.now(), id, type, 8, title, resource));
        }
    }
}
