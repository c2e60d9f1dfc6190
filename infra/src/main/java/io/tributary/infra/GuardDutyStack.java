package io.tributary.infra;

import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.constructs.Construct;

/** The logging account's GuardDuty in one Region, as the organization's administrator: deployed after the management account's stacks. */
final class GuardDutyStack extends Stack {
    GuardDutyStack(Construct scope, String id, StackProps properties) {
        super(scope, id, properties);
        GuardDuty.enableEverywhere(this);
        Suppressions.guardDuty(this);
    }
}
