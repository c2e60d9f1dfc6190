package io.tributary.infra;

import java.util.ArrayList;
import java.util.List;

/**
 * Something with a name that this project chose: a deployment fails where it is taken, by what an earlier one has left behind or somebody
 * else has made. What else has such names keeps no data, and goes with its stack.
 */
public record FixedName(Kind kind, String name) {
    /** The name of the key. */
    public static final String ALIAS = Storage.ALIAS;

    /** What has names that are looked for. */
    public enum Kind {
        /** A bucket of S3. */
        BUCKET,
        /** The alias of a key of KMS. */
        KEY_ALIAS,
        /** A data stream of Kinesis. */
        STREAM,
        /** A log group of CloudWatch Logs. */
        LOG_GROUP,
        /** A trail of CloudTrail. */
        TRAIL
    }

    /** The names that a stack wants. */
    public static List<FixedName> of(Settings settings, String stack) {
        List<FixedName> names = new ArrayList<>();
        if (stack.equals(InfraApp.LOGGING)) {
            logging(settings, names);
        } else if (stack.equals(InfraApp.ORGANIZATION) && settings.isTrail()) {
            names.add(new FixedName(Kind.TRAIL, Storage.TRAIL));
            names.add(logGroup(OrganizationStack.TRAIL_LOGS));
        } else if (stack.startsWith(InfraApp.MANAGEMENT)) {
            if (settings.isGuardDuty()) {
                names.add(logGroup(GuardDuty.DELEGATION_LOGS));
            }
            settings.vpcs().stream()
                    .filter(vpc -> vpc.account().equals(settings.management()))
                    .filter(vpc -> stack.equals(InfraApp.MANAGEMENT + vpc.region()))
                    .map(vpc -> logGroup(MemberStack.VPC_LOGS + vpc.name()))
                    .forEach(names::add);
        } else if (stack.startsWith(InfraApp.GUARD_DUTY)) {
            names.add(logGroup(GuardDuty.ORGANIZATION_LOGS));
        }
        return names;
    }

    private static void logging(Settings settings, List<FixedName> names) {
        for (String bucket :
                List.of(Storage.ACCESS, Storage.ARCHIVE, Storage.CHAIN_HEADS, Storage.TRAIL_FILES, Storage.WORK)) {
            names.add(new FixedName(Kind.BUCKET, Storage.name(bucket, settings)));
        }
        names.add(new FixedName(Kind.KEY_ALIAS, Storage.ALIAS));
        names.add(new FixedName(Kind.STREAM, Ingestion.STREAM));
        for (String function : List.of("transform", "alert", "archive")) {
            names.add(logGroup(PipelineFunction.LOG_GROUPS + function));
        }
        List<String> streams = new ArrayList<>(List.of(Ingestion.ARCHIVE_STREAM));
        switch (settings.index().kind()) {
            case DOMAIN -> {
                streams.add(IndexStream.STREAM);
                names.add(logGroup(SearchDomain.LOG_GROUP));
            }
            case EXISTING -> streams.add(IndexStream.STREAM);
            case INGESTION -> {
                names.add(logGroup(SearchDomain.LOG_GROUP));
                names.add(logGroup(IngestionPipeline.LOG_GROUP));
            }
            case SERVERLESS -> names.add(logGroup(IngestionPipeline.LOG_GROUP));
            case NONE -> {
                // S3 only
            }
        }
        settings.destinations().splunk().ifPresent(splunk -> streams.add(Copies.SPLUNK));
        settings.destinations().redshift().ifPresent(redshift -> streams.add(Copies.REDSHIFT));
        streams.forEach(stream -> names.add(logGroup(DeliveryRole.LOG_GROUPS + stream)));
    }

    private static FixedName logGroup(String name) {
        return new FixedName(Kind.LOG_GROUP, name);
    }
}
