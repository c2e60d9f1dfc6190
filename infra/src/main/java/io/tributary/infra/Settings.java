package io.tributary.infra;

import io.tributary.archive.policy.ArchivePolicy;
import io.tributary.archive.policy.SourcePolicy;
import io.tributary.yaml.YamlException;
import io.tributary.yaml.YamlValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
 * @param management the organization's management account, which its trail belongs to
 * @param administrator the account that the organization's stack is deployed in: the management account, or a delegated
 *     administrator of CloudTrail, CloudFormation StackSets, GuardDuty and CloudWatch
 * @param logging the account that everything arrives in
 * @param home the Region of the logging account where everything arrives
 * @param regions all Regions that send logs, the home Region among them
 * @param vpcs VPCs whose flow logs are switched on one by one; if there are none, and flow logs are wanted, a rule of the
 *     organization does it for every VPC
 * @param logGroups log groups that are subscribed one by one; if there are none, all are
 * @param trustedOrigins further log groups whose events may speak for other accounts, beside the organization trail's own
 * @param isCentralized whether CloudWatch's own centralization brings log groups to the logging account, instead of subscriptions
 * @param channels ways to tell people, by name
 * @param accountNames names of accounts, by id
 * @param policy the text of the archive's policy
 */
public record Settings(
        String organization,
        List<String> roots,
        String management,
        String administrator,
        String logging,
        String home,
        List<String> regions,
        Stream stream,
        Index index,
        boolean isTrail,
        boolean isGuardDuty,
        boolean isFlowLogs,
        boolean isLocked,
        List<Place> vpcs,
        List<Place> logGroups,
        List<Origin> trustedOrigins,
        boolean isCentralized,
        Destinations destinations,
        Map<String, Channel> channels,
        Map<String, String> accountNames,
        String policy) {
    private static final Pattern ACCOUNT = Pattern.compile("\\d{12}");
    private static final Pattern ACCOUNT_NAME = Pattern.compile("[^,\\r\\n]{1,64}");
    private static final Pattern ORGANIZATION = Pattern.compile("o-[a-z0-9]{10,32}");
    private static final Pattern ROOT = Pattern.compile("r-[a-z0-9]{4,32}|ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}");
    private static final Pattern REGION = Pattern.compile("[a-z]{2}(-[a-z]+)+-\\d");
    private static final Pattern EMAIL = Pattern.compile("[^@\\s]+@[^@\\s]+");
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]{0,20}");
    private static final Pattern VPC = Pattern.compile("vpc-[0-9a-f]{8,17}");
    private static final Pattern LOG_GROUP = Pattern.compile("[.\\-_/#A-Za-z0-9]{1,512}");
    private static final Pattern DOMAIN =
            Pattern.compile("arn:aws[a-z-]*:es:[a-z0-9-]+:\\d{12}:domain/[a-z][a-z0-9-]{2,27}");
    private static final Pattern INSTANCE = Pattern.compile("[a-z0-9]+\\.[a-z0-9]+\\.search");
    private static final Pattern SECRET = Pattern.compile("arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\\d{12}:secret:.+");
    private static final Pattern HTTPS = Pattern.compile("https://[^\\s/]+(:\\d+)?");
    private static final Pattern JDBC = Pattern.compile("jdbc:redshift://[^\\s:]+:\\d+/\\w+");
    private static final Pattern TABLE = Pattern.compile("(\\w+\\.)?\\w+");
    private static final Pattern ORIGIN = Pattern.compile("[.\\-_/#A-Za-z0-9*]{1,512}");
    private static final int LONGEST_RETENTION = 365;
    private static final int MOST_SHARDS = 500;

    /** What a function's environment, which holds 4 KB of UTF-8, has room for. */
    private static final int LONGEST_POLICY = 3_000;

    private static final int LONGEST_LIST = 1_500;

    /**
     * The log stream.
     *
     * @param shards 0 for on-demand
     * @param retentionDays how long a record stays
     */
    public record Stream(int shards, int retentionDays) {}

    /**
     * The search engine, and how events get there.
     *
     * @param dataNodes of a domain of our own
     * @param instance the data nodes' type
     * @param storage of each data node, GiB
     * @param domain the ARN of an existing domain
     */
    public record Index(IndexKind kind, int dataNodes, String instance, int storage, Optional<String> domain) {
        static Index of(IndexKind kind) {
            return new Index(kind, 2, "r7g.large.search", 200, Optional.empty());
        }

        /** Whether there is a domain of our own. */
        public boolean isDomain() {
            return kind == IndexKind.DOMAIN || kind == IndexKind.INGESTION;
        }

        /** Whether an OpenSearch Ingestion pipeline reads events from S3. */
        public boolean isIngestion() {
            return kind == IndexKind.INGESTION || kind == IndexKind.SERVERLESS;
        }
    }

    /** Which search engine there is. */
    public enum IndexKind {
        /** A domain of OpenSearch Service of our own, fed by a second Firehose stream. */
        DOMAIN,
        /** A domain that exists, fed by a second Firehose stream. */
        EXISTING,
        /** A domain of our own, fed by OpenSearch Ingestion from S3. */
        INGESTION,
        /** A collection of OpenSearch Serverless, fed by OpenSearch Ingestion from S3. */
        SERVERLESS,
        /** There is none: S3 only. */
        NONE
    }

    /** Something of one account and Region, by its id or name. */
    public record Place(String account, String region, String name) {}

    /**
     * Where events come from.
     *
     * @param account who owns the log group
     * @param logGroup its name, in which {@code *} stands for any text
     */
    public record Origin(String account, String logGroup) {
        @Override
        public String toString() {
            return account + ":" + logGroup;
        }
    }

    /** Where documents go beside the search engine. */
    public record Destinations(Optional<Splunk> splunk, Optional<Redshift> redshift) {}

    /**
     * Splunk's HTTP Event Collector.
     *
     * @param endpoint its address
     * @param secret the ARN of a secret in Secrets Manager with the token, as Firehose wants it: {@code {"hec_token": …}}
     */
    public record Splunk(String endpoint, String secret) {}

    /**
     * A table of Amazon Redshift with one column of type SUPER.
     *
     * @param secret the ARN of a secret in Secrets Manager with user name and password
     */
    public record Redshift(String jdbc, String table, String secret) {}

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
        vpcs = List.copyOf(vpcs);
        logGroups = List.copyOf(logGroups);
        trustedOrigins = List.copyOf(trustedOrigins);
        channels = Map.copyOf(channels);
        accountNames = Map.copyOf(accountNames);
    }

    /** The Regions besides the home Region. */
    public List<String> otherRegions() {
        return regions.stream().filter(region -> !region.equals(home)).toList();
    }

    /** Whether the organization's stack is deployed by another account than the management account. */
    public boolean isDelegated() {
        return !administrator.equals(management);
    }

    /**
     * Whose log group the organization's trail writes to; empty without a trail of ours. CloudTrail wants it in the account that makes the
     * trail, which is the delegated administrator where there is one, although the trail itself is the management account's.
     */
    public Optional<Origin> trailOrigin() {
        return isTrail ? Optional.of(new Origin(administrator, OrganizationStack.TRAIL_LOGS)) : Optional.empty();
    }

    /** All origins whose events may speak for other accounts. */
    public List<Origin> origins() {
        List<Origin> origins = new ArrayList<>();
        trailOrigin().ifPresent(origins::add);
        origins.addAll(trustedOrigins);
        return origins;
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
                "destinations",
                "alerts",
                "accounts",
                "archive"));
        root.required("version").integer(1, 1);
        YamlValue organization = root.required("organization");
        organization.members(List.of("id", "units", "management account", "delegated administrator"));
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
            sources.get().members(List.of("cloudtrail", "guardduty", "vpc flow logs", "log groups", "trusted origins"));
        }
        List<Place> vpcs = places(sources, "vpc flow logs", "vpc", VPC, "a VPC such as vpc-0123456789abcdef0");
        Optional<YamlValue> administrator = organization.member("delegated administrator");
        String management = matching(organization.required("management account"), ACCOUNT, "an account of 12 digits");
        boolean isLocked = flag(Optional.of(logging), "object lock", false);
        return new Settings(
                matching(organization.required("id"), ORGANIZATION, "an organization such as o-example123"),
                roots,
                management,
                administrator.isPresent()
                        ? matching(administrator.get(), ACCOUNT, "an account of 12 digits")
                        : management,
                matching(logging.required("account"), ACCOUNT, "an account of 12 digits"),
                home,
                regions,
                stream(root.member("stream")),
                index(root.member("index")),
                flag(sources, "cloudtrail", true),
                flag(sources, "guardduty", true),
                !vpcs.isEmpty() || flag(sources, "vpc flow logs", true),
                isLocked,
                vpcs,
                places(sources, "log groups", "name", LOG_GROUP, "a log group's name"),
                origins(sources),
                isCentralized(sources),
                destinations(root.member("destinations")),
                channels(root.member("alerts")),
                accountNames(root.member("accounts")),
                policy(file, root.member("archive"), isLocked));
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

    private static Index index(Optional<YamlValue> value) throws YamlException {
        if (value.isEmpty()) {
            return Index.of(IndexKind.DOMAIN);
        }
        if (!value.get().isMapping()) {
            IndexKind kind = value.get().constant(IndexKind.class);
            if (kind == IndexKind.EXISTING) {
                throw value.get().error("an existing domain is named: {kind: existing, domain: arn:…}");
            }
            return Index.of(kind);
        }
        YamlValue index = value.get();
        index.members(List.of("kind", "data nodes", "instance", "storage", "domain"));
        IndexKind kind = index.required("kind").constant(IndexKind.class);
        Index usual = Index.of(kind);
        if (!usual.isDomain()
                && (index.members().containsKey("data nodes") || index.members().containsKey("instance"))) {
            throw index.error("only a domain of our own has nodes: its kind is domain or ingestion");
        }
        Optional<YamlValue> nodes = index.member("data nodes");
        Optional<YamlValue> instance = index.member("instance");
        Optional<YamlValue> storage = index.member("storage");
        return new Index(
                kind,
                nodes.isPresent() ? dataNodes(nodes.get()) : usual.dataNodes(),
                instance.isPresent()
                        ? matching(instance.get(), INSTANCE, "a type of instance such as r7g.large.search")
                        : usual.instance(),
                storage.isPresent() ? storage.get().integer(10, 24_576) : usual.storage(),
                kind == IndexKind.EXISTING
                        ? Optional.of(matching(index.required("domain"), DOMAIN, "the ARN of a domain"))
                        : Optional.empty());
    }

    /** OpenSearch Service takes as many nodes in each zone: of two zones an even number, of three a multiple of it. */
    private static int dataNodes(YamlValue value) throws YamlException {
        int nodes = value.integer(2, 80);
        if (nodes % 2 != 0 && nodes % 3 != 0) {
            throw value.error(nodes + " data nodes cannot be spread evenly over two or three zones");
        }
        return nodes;
    }

    /** A list of things of one account and Region each; empty for true and false. */
    private static List<Place> places(
            Optional<YamlValue> sources, String member, String name, Pattern pattern, String what)
            throws YamlException {
        List<Place> places = new ArrayList<>();
        Optional<YamlValue> list = sources.isPresent() ? sources.get().member(member) : Optional.empty();
        if (list.isPresent() && list.get().isSequence()) {
            for (YamlValue each : list.get().elements()) {
                each.members(List.of("account", "region", name));
                places.add(new Place(
                        matching(each.required("account"), ACCOUNT, "an account of 12 digits"),
                        matching(each.required("region"), REGION, "a Region such as eu-central-1"),
                        matching(each.required(name), pattern, what)));
            }
        }
        return places;
    }

    private static List<Origin> origins(Optional<YamlValue> sources) throws YamlException {
        List<Origin> origins = new ArrayList<>();
        Optional<YamlValue> list = sources.isPresent() ? sources.get().member("trusted origins") : Optional.empty();
        if (list.isPresent()) {
            for (YamlValue each : list.get().elements()) {
                each.members(List.of("account", "log group"));
                YamlValue logGroup = each.required("log group");
                if (logGroup.text().chars().allMatch(c -> c == '*')) {
                    throw logGroup.error(
                            "every log group of an account would speak for all others: name it, or its beginning");
                }
                origins.add(new Origin(
                        matching(each.required("account"), ACCOUNT, "an account of 12 digits"),
                        matching(logGroup, ORIGIN, "a log group's name, with * for any text")));
            }
            fitting("origins", origins.toString(), LONGEST_LIST, list.get());
        }
        return origins;
    }

    private static void fitting(String what, String text, int longest, YamlValue place) throws YamlException {
        if (text.getBytes(StandardCharsets.UTF_8).length > longest) {
            throw place.error(
                    what + ": more than " + longest + " bytes, which the environment of a function does not hold");
        }
    }

    private static boolean isCentralized(Optional<YamlValue> sources) throws YamlException {
        Optional<YamlValue> logGroups = sources.isPresent() ? sources.get().member("log groups") : Optional.empty();
        if (logGroups.isEmpty() || logGroups.get().isSequence()) {
            return false;
        }
        return switch (logGroups.get().text()) {
            case "all" -> false;
            case "centralized" -> true;
            default -> throw logGroups.get().error("log groups are all, centralized, or a list");
        };
    }

    private static Destinations destinations(Optional<YamlValue> value) throws YamlException {
        if (value.isEmpty()) {
            return new Destinations(Optional.empty(), Optional.empty());
        }
        value.get().members(List.of("splunk", "redshift"));
        Optional<YamlValue> splunk = value.get().member("splunk");
        Optional<YamlValue> redshift = value.get().member("redshift");
        if (splunk.isPresent()) {
            splunk.get().members(List.of("endpoint", "secret"));
        }
        if (redshift.isPresent()) {
            redshift.get().members(List.of("jdbc", "table", "secret"));
        }
        return new Destinations(
                splunk.isPresent()
                        ? Optional.of(new Splunk(
                                matching(
                                        splunk.get().required("endpoint"),
                                        HTTPS,
                                        "an address such as https://host:443"),
                                matching(splunk.get().required("secret"), SECRET, "the ARN of a secret")))
                        : Optional.empty(),
                redshift.isPresent()
                        ? Optional.of(new Redshift(
                                matching(
                                        redshift.get().required("jdbc"),
                                        JDBC,
                                        "an address such as jdbc:redshift://host:5439/db"),
                                matching(redshift.get().required("table"), TABLE, "the name of a table"),
                                matching(redshift.get().required("secret"), SECRET, "the ARN of a secret")))
                        : Optional.empty());
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
                if (!ACCOUNT_NAME.matcher(each.getValue().text()).matches()) {
                    throw each.getValue().error("an account's name may have no comma, and no more than 64 characters");
                }
                names.put(each.getKey(), each.getValue().text());
            }
            fitting("names", names.toString(), LONGEST_LIST, value.get());
        }
        return names;
    }

    /** The policy is in a file of its own, beside this one; what it says is checked now, not when the function starts. */
    private static String policy(Path file, Optional<YamlValue> value, boolean isLocked)
            throws IOException, YamlException {
        if (value.isEmpty()) {
            return "{version: 1, preset: minimal}";
        }
        value.get().members(List.of("policy"));
        Path policy = file.resolveSibling(value.get().required("policy").text());
        if (!Files.exists(policy)) {
            throw value.get().error(policy + ": no such file");
        }
        String text = Files.readString(policy);
        fitting(policy.toString(), text, LONGEST_POLICY, value.get());
        ArchivePolicy parsed = ArchivePolicy.parse(policy.toString(), text);
        if (!isLocked && isLocking(parsed)) {
            throw value.get()
                    .error(policy
                            + " locks objects, for which the buckets need Object Lock from the beginning: logging:"
                            + " {object lock: true}");
        }
        return text;
    }

    private static boolean isLocking(ArchivePolicy policy) {
        List<SourcePolicy> all = new ArrayList<>(policy.sources().values());
        policy.trailFiles().ifPresent(all::add);
        return all.stream().anyMatch(source -> source.lock().isPresent());
    }

    /** The archive's policy. */
    ArchivePolicy archivePolicy() {
        try {
            return ArchivePolicy.parse("archive policy", policy);
        } catch (YamlException e) {
            throw new IllegalStateException("the policy was right when it was read", e);
        }
    }
}
