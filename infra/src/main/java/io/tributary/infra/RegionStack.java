package io.tributary.infra;

import software.amazon.awscdk.Aws;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.constructs.Construct;

/** The logging account in another Region than its home: where that Region's log groups are subscribed to. */
final class RegionStack extends Stack {
    RegionStack(Construct scope, String id, StackProps properties, Settings settings) {
        super(scope, id, properties);
        new Entrance(
                this,
                "Entrance",
                settings,
                "arn:" + Aws.PARTITION + ":kinesis:" + settings.home() + ":" + Aws.ACCOUNT_ID + ":stream/"
                        + Ingestion.STREAM,
                Entrance.keyByAlias(settings));
        Suppressions.entrance(this);
    }
}
