package io.tributary.alert.aws;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.tributary.ocsf.Severity;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The settings of the deployed function: as properties {@code tributary.…}, or in Lambda as environment variables
 * {@code TRIBUTARY_…}. The README explains each.
 */
@ConfigMapping(prefix = "tributary")
interface Settings {
    /** What is published to a channel's topic. */
    enum Kind {
        /** Subject and plain text. */
        EMAIL,
        /** A custom notification of Amazon Q Developer in chat applications. */
        CHAT,
        /** Nothing: the email is printed, for development. */
        CONSOLE
    }

    /** Where it is remembered what was said already. */
    enum State {
        /** In a DynamoDB table, shared by all instances of the function. */
        DYNAMODB,
        /** In the process, for development. */
        MEMORY
    }

    /** One way to tell people. */
    interface Channel {
        Kind kind();

        /** The ARN of its SNS topic; a console has none. */
        Optional<String> topic();

        @WithDefault("low")
        Severity leastSeverity();

        Optional<Set<String>> accounts();

        Optional<Set<String>> sources();
    }

    /** The channels, by name. */
    Map<String, Channel> channels();

    @WithDefault("dynamodb")
    State state();

    /** The DynamoDB table, if {@link #state} is {@code dynamodb}. */
    Optional<String> stateTable();

    /** The Kinesis stream of the logs, on which alerts are recorded. */
    Optional<String> logStream();

    /** {@code account id = name}. */
    Optional<List<String>> accountNames();

    Optional<String> searchUrl();

    /** The organization's id: what a policy is bound to that is none of it is somebody else's. */
    Optional<String> organization();

    /**
     * How many messages of one rule about one account people get within an hour, from 1 to 1,000; the others are told in one
     * digest when the hour is over: {@code TRIBUTARY_MESSAGES_PER_HOUR}.
     */
    @WithDefault("10")
    int messagesPerHour();
}
