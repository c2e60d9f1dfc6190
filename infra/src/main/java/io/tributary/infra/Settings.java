package io.tributary.infra;

import io.tributary.archive.policy.ArchivePolicy;
import io.tributary.yaml.YamlException;
import io.tributary.yaml.YamlValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The settings of a deployment, {@code tributary.yaml}.
 *
 * @param organization the organization's id
 * @param roots ids of organizational units, or the root, whose accounts send their logs
 * @param management the account that the organization's trail belongs to: the management account, or a delegated administrator
 * @param logging the account that everything arrives in
 * @param home the Region of the logging account where everything arrives
 * @param regions all Regions that send logs, the home Region among them
 * @param channels ways to tell people, by name
 * @param accountNames names of accounts, by id
 * @param policy the text of the archive's policy
 */
public record Settings(
        String organization,
        List<String> roots,
        String management,
        String logging,
        String home,
        List<String> regions,
        Stream stream,
        Index index,
        boolean isTrail,
        boolean isGuardDuty,
        boolean isFlowLogs,
        boolean isLocked,
        Map<String, Channel> channels,
        Map<String, String> accountNames,
        String policy) {
    private static final Pattern ACCOUNT = Pattern.compile("\\d{12}");
    private static final Pattern ORGANIZATION = Pattern.compile("o-[a-z0-9]{10,32}");
    private static final Pattern ROOT = Pattern.compile("r-[a-z0-9]{4,32}|ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}");
    private static final Pattern REGION = Pattern.compile("[a-z]{2}(-[a-z]+)+-\\d");
    private static final Pattern EMAIL = Pattern.compile("[^@\\s]+@[^@\\s]+");
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]{0,20}");
    private static final int LONGEST_RETENTION = 365;
    private static final int MOST_SHARDS = 500;

    /**
     * The log stream.
     *
     * @param shards 0 for on-demand
     * @param retentionDays how long a record stays
     */
    public record Stream(int shards, int retentionDays) {}

    /** How events get to the search engine. */
    public enum Index {
        /** A domain of OpenSearch Service of our own, fed by a second Firehose stream. */
        DOMAIN,
        /** There is none: S3 only. */
        NONE
    }

    /**
     * A way to tell people.
     *
     * @param emails addresses; none for a chat channel
     * @param slack the workspace and the channel; empty for email
     */
    public record Channel(List<String> emails, Optional<Slack> slack, String leastSeverity) {
        public Channel {
            emails = List.copyOf(emails);
        }
    }

    /** A Slack channel, of a workspace that Amazon Q Developer in chat applications is authorized for. */
    public record Slack(String workspace, String channel) {}

    public Settings {
        roots = List.copyOf(roots);
        regions = List.copyOf(regions);
        channels = Map.copyOf(channels);
        accountNames = Map.copyOf(accountNames);
    }

    /** The Regions besides the home Region. */
    public List<String> otherRegions() {
        return regions.stream().filter(region -> !region.equals(home)).toList();
    }

    /**
     * Reads settings.
     *
     * @throws YamlException if they are wrong; the message names file and line
     */
    public static Settings read(Path file) throws IOException, YamlException {
        String text = Files.readString(file);
        YamlValue root = YamlValue.parse(file.toString(), text);
        root.members(List.of(
                "version",
                "organization",
                "logging",
                "regions",
                "stream",
                "index",
                "sources",
                "alerts",
                "accounts",
                "archive"));
        root.required("version").integer(1, 1);
        YamlValue organization = root.required("organization");
        organization.members(List.of("id", "units", "management account"));
        YamlValue logging = root.required("logging");
        logging.members(List.of("account", "home region", "object lock"));
        String home = matching(logging.required("home region"), REGION, "a Region such as eu-central-1");
        List<String> regions = new ArrayList<>(List.of(home));
        Optional<YamlValue> others = root.member("regions");
        if (others.isPresent()) {
            for (YamlValue region : others.get().elements()) {
                String name = matching(region, REGION, "a Region such as eu-central-1");
                if (!regions.contains(name)) {
                    regions.add(name);
                }
            }
        }
        List<String> roots = new ArrayList<>();
        for (YamlValue unit : organization.required("units").elements()) {
            roots.add(matching(unit, ROOT, "a root or organizational unit such as r-ab12 or ou-ab12-cdefgh34"));
        }
        Optional<YamlValue> sources = root.member("sources");
        if (sources.isPresent()) {
            sources.get().members(List.of("cloudtrail", "guardduty", "vpc flow logs"));
        }
        return new Settings(
                matching(organization.required("id"), ORGANIZATION, "an organization such as o-example123"),
                roots,
                matching(organization.required("management account"), ACCOUNT, "an account of 12 digits"),
                matching(logging.required("account"), ACCOUNT, "an account of 12 digits"),
                home,
                regions,
                stream(root.member("stream")),
                root.member("index").isPresent() ? root.member("index").get().constant(Index.class) : Index.DOMAIN,
                flag(sources, "cloudtrail", true),
                flag(sources, "guardduty", true),
                flag(sources, "vpc flow logs", true),
                flag(Optional.of(logging), "object lock", false),
                channels(root.member("alerts")),
                accountNames(root.member("accounts")),
                policy(file, root.member("archive")));
    }

    private static String matching(YamlValue value, Pattern pattern, String what) throws YamlException {
        if (!pattern.matcher(value.text()).matches()) {
            throw value.error("'" + value.text() + "' is not " + what);
        }
        return value.text();
    }

    private static boolean flag(Optional<YamlValue> parent, String name, boolean usual) throws YamlException {
        Optional<YamlValue> value = parent.isPresent() ? parent.get().member(name) : Optional.empty();
        return value.isPresent() ? value.get().bool() : usual;
    }

    private static Stream stream(Optional<YamlValue> value) throws YamlException {
        if (value.isEmpty()) {
            return new Stream(0, 7);
        }
        value.get().members(List.of("shards", "retention days"));
        Optional<YamlValue> shards = value.get().member("shards");
        Optional<YamlValue> days = value.get().member("retention days");
        return new Stream(
                shards.isPresent() ? shards.get().integer(1, MOST_SHARDS) : 0,
                days.isPresent() ? days.get().integer(1, LONGEST_RETENTION) : 7);
    }

    private static Map<String, Channel> channels(Optional<YamlValue> value) throws YamlException {
        Map<String, Channel> channels = new LinkedHashMap<>();
        if (value.isEmpty()) {
            return channels;
        }
        for (Map.Entry<String, YamlValue> each : value.get().members().entrySet()) {
            YamlValue one = each.getValue();
            one.members(List.of("email", "slack", "least severity"));
            if (!NAME.matcher(each.getKey()).matches()) {
                throw one.error("'" + each.getKey() + "' is no name of a channel: letters and digits, in lower case");
            }
            List<String> emails = new ArrayList<>();
            Optional<YamlValue> email = one.member("email");
            if (email.isPresent()) {
                for (YamlValue address : email.get().elements()) {
                    emails.add(matching(address, EMAIL, "an address"));
                }
            }
            Optional<Slack> slack = slack(one.member("slack"));
            if (emails.isEmpty() == slack.isEmpty()) {
                throw one.error("a channel is either email or slack");
            }
            Optional<YamlValue> least = one.member("least severity");
            channels.put(
                    each.getKey(),
                    new Channel(
                            emails,
                            slack,
                            least.isPresent()
                                    ? least.get()
                                            .constant(io.tributary.ocsf.Severity.class)
                                            .name()
                                    : "LOW"));
        }
        return channels;
    }

    private static Optional<Slack> slack(Optional<YamlValue> value) throws YamlException {
        if (value.isEmpty()) {
            return Optional.empty();
        }
        value.get().members(List.of("workspace", "channel"));
        return Optional.of(new Slack(
                value.get().required("workspace").text(),
                value.get().required("channel").text()));
    }

    private static Map<String, String> accountNames(Optional<YamlValue> value) throws YamlException {
        Map<String, String> names = new LinkedHashMap<>();
        if (value.isPresent()) {
            for (Map.Entry<String, YamlValue> each : value.get().members().entrySet()) {
                if (!ACCOUNT.matcher(each.getKey()).matches()) {
                    throw each.getValue().error("'" + each.getKey() + "' is not an account of 12 digits");
                }
                names.put(each.getKey(), each.getValue().text());
            }
        }
        return names;
    }

    /** The policy is in a file of its own, beside this one; what it says is checked now, not when the function starts. */
    private static String policy(Path file, Optional<YamlValue> value) throws IOException, YamlException {
        if (value.isEmpty()) {
            return "{version: 1, preset: minimal}";
        }
        value.get().members(List.of("policy"));
        Path policy = file.resolveSibling(value.get().required("policy").text());
        if (!Files.exists(policy)) {
            throw value.get().error(policy + ": no such file");
        }
        String text = Files.readString(policy);
        if (text.length() > 3_000) {
            throw value.get()
                    .error(policy + ": more than 3,000 characters, which the environment of a function does not hold");
        }
        ArchivePolicy unused = ArchivePolicy.parse(policy.toString(), text);
        return text;
    }
}
