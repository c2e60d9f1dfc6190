package io.tributary.alert.aws;

import io.quarkus.runtime.Startup;
import io.tributary.alert.AlertChannel;
import io.tributary.alert.AlertEngine;
import io.tributary.alert.Allowance;
import io.tributary.alert.FallbackState;
import io.tributary.alert.InMemoryAlertState;
import io.tributary.alert.Route;
import io.tributary.alert.message.MessageSettings;
import io.tributary.alert.rule.RuleJson;
import io.tributary.alert.rule.RuleSet;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.sns.SnsClient;

/** Puts the core together from the settings; at start, so that a wrong setting fails then. */
@ApplicationScoped
class AlertProducer {
    @Produces
    @Singleton
    InstantSource clock() {
        return InstantSource.system();
    }

    @Produces
    @Singleton
    FallbackState state(Settings settings, Instance<DynamoDbClient> client) {
        if (settings.state() == Settings.State.MEMORY) {
            return new FallbackState(new InMemoryAlertState());
        }
        String table = settings.stateTable()
                .orElseThrow(() -> new IllegalArgumentException("tributary.state-table is missing: it must name the"
                        + " DynamoDB table that remembers what was said"));
        return new FallbackState(new DynamoDbAlertState(client.get(), table));
    }

    @Produces
    @Singleton
    @Startup
    AlertEngine engine(
            Settings settings,
            FallbackState state,
            Instance<SnsClient> sns,
            Instance<KinesisClient> kinesis,
            InstantSource clock) {
        MessageSettings messages =
                new MessageSettings(accountNames(settings.accountNames().orElse(List.of())), settings.searchUrl());
        return new AlertEngine(
                RuleSet.of(RuleJson.readResource(), settings.organization().orElse("")),
                state,
                recorder(settings, kinesis, messages),
                routes(settings, sns, messages),
                new Allowance(settings.messagesPerHour()),
                clock,
                duration -> Thread.sleep(duration.toMillis()));
    }

    private static List<Route> routes(Settings settings, Instance<SnsClient> sns, MessageSettings messages) {
        List<Route> routes = new ArrayList<>();
        settings.channels().forEach((name, channel) -> {
            AlertChannel port = switch (channel.kind()) {
                case EMAIL -> SnsChannel.email(name, topic(name, channel), sns.get(), messages);
                case CHAT -> SnsChannel.chat(name, topic(name, channel), sns.get(), messages);
                case CONSOLE -> new ConsoleChannel(name, messages, System.out);
            };
            routes.add(new Route(
                    port,
                    channel.leastSeverity(),
                    channel.accounts().orElse(Set.of()),
                    channel.sources().orElse(Set.of())));
        });
        return routes;
    }

    private static String topic(String name, Settings.Channel channel) {
        return channel.topic()
                .filter(arn -> arn.startsWith("arn:"))
                .orElseThrow(() -> new IllegalArgumentException(
                        "tributary.channels." + name + ".topic is missing, or no ARN of an SNS topic"));
    }

    private static AlertChannel recorder(Settings settings, Instance<KinesisClient> kinesis, MessageSettings messages) {
        return settings.logStream()
                .<AlertChannel>map(stream -> new LogStreamRecorder(kinesis.get(), stream, messages))
                .orElseGet(NoRecorder::new);
    }

    private static Map<String, String> accountNames(List<String> entries) {
        Map<String, String> names = new HashMap<>();
        for (String entry : entries) {
            String[] parts = entry.split("=", 2);
            if (parts.length != 2 || parts[1].isBlank() || !parts[0].strip().matches("\\d{12}")) {
                throw new IllegalArgumentException(
                        "tributary.account-names: '" + entry + "' is not of the form 123456789012=name");
            }
            names.put(parts[0].strip(), parts[1].strip());
        }
        return names;
    }
}
