package io.tributary.infra;

import java.util.List;
import java.util.Map;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.kms.IKey;
import software.amazon.awscdk.services.lambda.Architecture;
import software.amazon.awscdk.services.lambda.Code;
import software.amazon.awscdk.services.lambda.Function;
import software.amazon.awscdk.services.lambda.Runtime;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.amazon.awscdk.services.sqs.Queue;
import software.amazon.awscdk.services.sqs.QueueEncryption;
import software.constructs.Construct;

/**
 * One of the functions, with its own log group, role, and queue for what it could not do. A native executable runs by itself; a
 * package for the JVM, by Java 25.
 */
final class PipelineFunction extends Construct {
    /** What the log groups of the functions begin with. */
    static final String LOG_GROUPS = "/tributary/";

    private static final int DAYS_OF_FAILURES = 14;
    private static final String JVM_HANDLER = "io.quarkus.amazon.lambda.runtime.QuarkusStreamHandler::handleRequest";

    private final Shape shape;
    private final LogGroup logs;
    private final Function function;
    private final Queue failures;

    /**
     * How a function runs.
     *
     * @param concurrency reserved for it, and no more
     */
    record Shape(int memory, Duration timeout, int concurrency) {}

    PipelineFunction(
            Construct scope,
            String id,
            String name,
            Packages.Zip archive,
            Shape shape,
            Map<String, String> environment,
            IKey key) {
        super(scope, id);
        this.shape = shape;
        logs = LogGroup.Builder.create(this, "Logs")
                .logGroupName(LOG_GROUPS + name)
                .retention(RetentionDays.THREE_MONTHS)
                .encryptionKey(key)
                .removalPolicy(RemovalPolicy.DESTROY)
                .build();
        failures = Queue.Builder.create(this, "Failures")
                .encryption(QueueEncryption.KMS)
                .encryptionMasterKey(key)
                .enforceSsl(true)
                .retentionPeriod(Duration.days(DAYS_OF_FAILURES))
                .build();
        Role role = Role.Builder.create(this, "Role")
                .assumedBy(new ServicePrincipal("lambda.amazonaws.com"))
                .build();
        role.addToPolicy(Policies.allowing(
                List.of("logs:CreateLogStream", "logs:PutLogEvents"), List.of(logs.getLogGroupArn())));
        function = Function.Builder.create(this, "Function")
                .description("Tributary: " + name)
                .runtime(archive.isNative() ? Runtime.PROVIDED_AL2023 : Runtime.JAVA_25)
                .architecture(archive.isArm() ? Architecture.ARM_64 : Architecture.X86_64)
                .handler(archive.isNative() ? "not.used" : JVM_HANDLER)
                .code(Code.fromAsset(archive.file().toString()))
                .memorySize(shape.memory())
                .timeout(shape.timeout())
                .reservedConcurrentExecutions(shape.concurrency())
                .environment(environment)
                .environmentEncryption(key)
                .logGroup(logs)
                .role(role)
                .deadLetterQueue(failures)
                .build();
    }

    Shape shape() {
        return shape;
    }

    Function function() {
        return function;
    }

    /** What it prints: its metrics, too, are lines there. */
    LogGroup logs() {
        return logs;
    }

    /** Where events go that it could not handle. */
    Queue failures() {
        return failures;
    }

    /** Lets the function do something. */
    void allow(List<String> actions, List<String> resources) {
        function.addToRolePolicy(Policies.allowing(actions, resources));
    }
}
