package io.tributary.local.pipeline.traffic;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.alert.Event;
import io.tributary.local.pipeline.Counts;
import io.tributary.local.pipeline.events.EventBus;
import io.tributary.local.pipeline.stream.LogStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;

/**
 * Logs of several accounts as they would come by their subscriptions, the same for the same seed; busier by day than by night. Calls come by the
 * organization's trail: all of them in one log group of the management account.
 */
public final class Traffic implements AutoCloseable {
    /** The log group of the organization's trail, as it is deployed. */
    public static final String TRAIL = "/tributary-cloudtrail";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long TICK = 200;
    private static final int MOST_EVENTS = 400;
    private static final int DAY_PARTS = 8;
    private static final long FINDING_TICKS = 300;

    private static final List<String> USERS = List.of("ana", "ben", "carla", "deploy", "monitoring");
    private static final List<String> NAMES = List.of(
            "www.example.com.",
            "api.example.com.",
            "s3.eu-central-1.amazonaws.com.",
            "db.internal.example.com.",
            "updates.example.org.",
            "x8f3k2.example.net.");
    private static final List<String> PATHS =
            List.of("/", "/cart", "/checkout", "/login", "/api/v1/orders", "/static/app.js");

    private final List<Account> accounts;
    private final LogStream stream;
    private final EventBus bus;
    private final Counts counts;
    private final Random random;
    private final double rate;
    private Thread thread;
    /** Of the next event: those of another start are others. */
    private long number = System.currentTimeMillis() << 20;

    /** A kind of log, and its share of all events. */
    private enum Kind {
        FLOW(0.6),
        TRAIL(0.12),
        DNS(0.12),
        WAF(0.06),
        APPLICATION(0.1);

        private final double share;

        Kind(double share) {
            this.share = share;
        }
    }

    /** @param rate events a second, in the mean */
    public Traffic(List<Account> accounts, LogStream stream, EventBus bus, Counts counts, long seed, double rate) {
        this.accounts = List.copyOf(accounts);
        this.stream = stream;
        this.bus = bus;
        this.counts = counts;
        this.random = new Random(seed);
        this.rate = rate;
    }

    /** Starts the flow. */
    public void start() {
        thread = new Thread(this::run, "traffic");
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        double owed = 0;
        long ticks = 0;
        long next = System.currentTimeMillis();
        try {
            while (true) {
                next += TICK;
                Instant now = Instant.now();
                owed += rate * TICK / 1_000 * rhythm(now);
                int events = (int) owed;
                owed -= events;
                send(events, now);
                if (++ticks % FINDING_TICKS == 0) {
                    probed(accounts.get(random.nextInt(accounts.size())), now);
                }
                Thread.sleep(Math.max(0, next - System.currentTimeMillis()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Between 0.6 at night and 1.4 at midday. */
    private static double rhythm(Instant time) {
        double hour = time.atZone(ZoneOffset.UTC).getHour()
                + time.atZone(ZoneOffset.UTC).getMinute() / 60.0;
        return 1 - 0.4 * Math.cos(hour / 24 * 2 * Math.PI);
    }

    /**
     * Sends events that happened, and were delivered, at a time, of all kinds and accounts; waits while the stream is full.
     *
     * @return how many: exactly as many as were asked for
     */
    public synchronized int send(int events, Instant time) throws InterruptedException {
        int left = events;
        for (Kind kind : Kind.values()) {
            int own = kind == Kind.APPLICATION ? left : Math.min(left, (int) Math.round(events * kind.share));
            left -= own;
            while (own > 0) {
                int batch = Math.min(own, Math.min(MOST_EVENTS, Math.max(1, own / 2)));
                envelope(kind, accounts.get(random.nextInt(accounts.size())), batch, time);
                own -= batch;
            }
        }
        return events;
    }

    /**
     * Sends events of days that are over, so that there is something to archive.
     *
     * @param pause between the parts of the days: one that is longer than Firehose buffers makes objects of them
     */
    public void history(int days, int eventsADay, Duration pause) throws InterruptedException {
        Instant midnight = Instant.now().truncatedTo(ChronoUnit.DAYS);
        for (int part = 0; part < DAY_PARTS; part++) {
            for (int day = days; day >= 1; day--) {
                send(
                        eventsADay / DAY_PARTS,
                        midnight.minus(Duration.ofDays(day)).plus(Duration.ofMinutes(24 * 60 * part / DAY_PARTS + 5)));
            }
            TimeUnit.MILLISECONDS.sleep(pause.toMillis());
        }
    }

    private void envelope(Kind kind, Account account, int events, Instant time) throws InterruptedException {
        Account owner = kind == Kind.TRAIL ? Account.MANAGEMENT : account;
        ObjectNode envelope = begin(owner, group(kind, account));
        ArrayNode list = envelope.putArray("logEvents");
        List<Event> calls = new ArrayList<>();
        for (int i = 0; i < events; i++) {
            Instant at = time.minusMillis(random.nextInt(1_000));
            if (kind == Kind.TRAIL) {
                ObjectNode call = trailEvent(account, at);
                event(list, at, call.toString());
                calls.add(Event.ofCloudTrail(call));
            } else {
                event(list, at, message(kind, account, at));
            }
        }
        put(envelope, owner, time);
        for (Event call : calls) {
            bus.put(call);
        }
    }

    private static ObjectNode begin(Account account, String logGroup) {
        ObjectNode envelope = JSON.createObjectNode()
                .put("messageType", "DATA_MESSAGE")
                .put("owner", account.id())
                .put("logGroup", logGroup)
                .put("logStream", "stream-1");
        envelope.putArray("subscriptionFilters").add("tributary");
        return envelope;
    }

    private void event(ArrayNode list, Instant time, String message) {
        list.addObject()
                .put("id", String.format("%s%020d", "395260917847804188497227050408172788", number++))
                .put("timestamp", time.toEpochMilli())
                .put("message", message);
    }

    private void put(ObjectNode envelope, Account owner, Instant time) throws InterruptedException {
        int events = envelope.path("logEvents").size();
        stream.put(
                gzip(envelope.toString().getBytes(StandardCharsets.UTF_8)),
                owner.id() + "-" + number,
                time.toEpochMilli());
        counts.add("traffic.events", events);
    }

    /** An event of an attack: on the log stream, and on the bus. */
    void trail(ObjectNode event) throws InterruptedException {
        Instant time = Instant.parse(event.path("eventTime").asText());
        synchronized (this) {
            ObjectNode envelope = begin(Account.MANAGEMENT, TRAIL);
            event(envelope.putArray("logEvents"), time, event.toString());
            put(envelope, Account.MANAGEMENT, time);
        }
        bus.put(Event.ofCloudTrail(event));
    }

    /** Lines of a flow log. */
    void flows(Account account, List<String> lines, Instant time) throws InterruptedException {
        synchronized (this) {
            ObjectNode envelope = begin(account, group(Kind.FLOW, account));
            ArrayNode list = envelope.putArray("logEvents");
            lines.forEach(line -> event(list, time, line));
            put(envelope, account, time);
        }
    }

    /** GuardDuty sees that the world knocks on a port, once more. */
    public synchronized void probed(Account account, Instant time) throws InterruptedException {
        finding(CloudTrailEvents.finding(
                random,
                account,
                time,
                "0123456789abcdef0123" + account.id(),
                "Recon:EC2/PortProbeUnprotectedPort",
                2,
                "A port of an instance of " + account.name() + " is probed by a known scanner.",
                "{\"resourceType\":\"Instance\",\"instanceDetails\":{\"instanceId\":\"i-0"
                        + account.vpc().substring(5) + "\"}}"));
    }

    /** Somebody ends a trail of an account: what is always told. */
    public void stopTrail(Account account, String trail) throws InterruptedException {
        ObjectNode call;
        synchronized (this) {
            call = CloudTrailEvents.call(
                    random, account, Instant.now(), "cloudtrail", "StopLogging", "eve", "{\"name\":\"" + trail + "\"}");
        }
        trail(call);
    }

    void finding(ObjectNode onBus) throws InterruptedException {
        counts.add("traffic.findings", 1);
        bus.put(new Event(onBus));
    }

    private static String group(Kind kind, Account account) {
        return switch (kind) {
            case FLOW -> "/vpc-flow-logs/" + account.vpc();
            case TRAIL -> TRAIL;
            case DNS -> "/aws/route53resolver/" + account.vpc();
            case WAF -> "aws-waf-logs-shop";
            case APPLICATION -> "/shop/orders";
        };
    }

    private String message(Kind kind, Account account, Instant time) {
        return switch (kind) {
            case FLOW -> flow(account, time);
            case TRAIL -> throw new IllegalArgumentException("calls are told to the bus, too");
            case DNS -> dns(account, time);
            case WAF -> waf(account, time);
            case APPLICATION -> application(time);
        };
    }

    private String flow(Account account, Instant time) {
        boolean isIn = random.nextBoolean();
        String own = account.address(random.nextInt(20));
        String other = "203.0.113." + (1 + random.nextInt(200));
        int port = List.of(443, 443, 443, 80, 53, 22, 3306).get(random.nextInt(7));
        boolean isRefused = isIn && (port == 22 || port == 3306) && random.nextInt(10) < 8;
        return flow(
                account, time, isIn ? other : own, isIn ? own : other, port, 400 + random.nextInt(80_000), !isRefused);
    }

    static String flow(
            Account account, Instant time, String from, String to, int port, long bytes, boolean isAccepted) {
        long end = time.getEpochSecond();
        return String.join(
                " ",
                "2",
                account.id(),
                "eni-0" + account.vpc().substring(account.vpc().length() - 16),
                from,
                to,
                Integer.toString(32_768 + (int) (bytes % 28_000)),
                Integer.toString(port),
                port == 53 ? "17" : "6",
                Long.toString(Math.max(1, bytes / 900)),
                Long.toString(bytes),
                Long.toString(end - 60),
                Long.toString(end),
                isAccepted ? "ACCEPT" : "REJECT",
                "OK");
    }

    private ObjectNode trailEvent(Account account, Instant time) {
        String user = USERS.get(random.nextInt(USERS.size()));
        return switch (random.nextInt(12)) {
            case 0 -> CloudTrailEvents.signIn(random, account, time, user, true);
            case 1 ->
                CloudTrailEvents.call(
                        random,
                        account,
                        time,
                        "s3",
                        "GetBucketLocation",
                        user,
                        "{\"bucketName\":\"shop-" + account.name() + "\"}");
            case 2 -> CloudTrailEvents.call(random, account, time, "sts", "GetCallerIdentity", user, "null");
            case 3 ->
                CloudTrailEvents.call(
                        random, account, time, "lambda", "ListFunctions20150331", user, "{\"maxItems\":50}");
            case 4 ->
                CloudTrailEvents.call(
                        random, account, time, "cloudwatch", "PutMetricData", user, "{\"namespace\":\"Shop\"}");
            default ->
                CloudTrailEvents.call(
                        random,
                        account,
                        time,
                        "ec2",
                        "DescribeInstances",
                        user,
                        "{\"instancesSet\":{},\"filterSet\":{}}");
        };
    }

    private String dns(Account account, Instant time) {
        String name = NAMES.get(random.nextInt(NAMES.size()));
        boolean isUnknown = name.startsWith("x8f");
        ObjectNode query = JSON.createObjectNode()
                .put("version", "1.100000")
                .put("account_id", account.id())
                .put("region", CloudTrailEvents.REGION)
                .put("vpc_id", account.vpc())
                .put("query_timestamp", time.truncatedTo(ChronoUnit.SECONDS).toString())
                .put("query_name", name)
                .put("query_type", "A")
                .put("query_class", "IN")
                .put("rcode", isUnknown ? "NXDOMAIN" : "NOERROR");
        ArrayNode answers = query.putArray("answers");
        if (!isUnknown) {
            answers.addObject().put("Rdata", "192.0.2.10").put("Type", "A").put("Class", "IN");
        }
        query.put("srcaddr", account.address(random.nextInt(20)))
                .put("srcport", Integer.toString(32_768 + random.nextInt(28_000)))
                .put("transport", "UDP");
        query.putObject("srcids").put("instance", "i-0" + account.vpc().substring(5));
        return query.toString();
    }

    private String waf(Account account, Instant time) {
        boolean isBlocked = random.nextInt(10) == 0;
        ObjectNode request = JSON.createObjectNode()
                .put("timestamp", time.toEpochMilli())
                .put("formatVersion", 1)
                .put(
                        "webaclId",
                        "arn:aws:wafv2:" + CloudTrailEvents.REGION + ":" + account.id()
                                + ":regional/webacl/shop/11111111-2222-4333-8444-555555555555")
                .put("terminatingRuleId", isBlocked ? "per-address" : "Default_Action")
                .put("terminatingRuleType", isBlocked ? "RATE_BASED" : "REGULAR")
                .put("action", isBlocked ? "BLOCK" : "ALLOW")
                .put("httpSourceName", "ALB")
                .put("httpSourceId", account.id() + "-app/shop/0123456789abcdef");
        request.putArray("terminatingRuleMatchDetails");
        request.putArray("ruleGroupList");
        request.putArray("rateBasedRuleList");
        request.putArray("nonTerminatingMatchingRules");
        ObjectNode http = request.putObject("httpRequest")
                .put("clientIp", "203.0.113." + (1 + random.nextInt(200)))
                .put("country", "DE");
        http.putArray("headers").addObject().put("name", "User-Agent").put("value", "Mozilla/5.0");
        http.put("uri", PATHS.get(random.nextInt(PATHS.size())))
                .put("args", "")
                .put("httpVersion", "HTTP/1.1")
                .put("httpMethod", "GET")
                .put("requestId", CloudTrailEvents.uuid(random));
        return request.toString();
    }

    private String application(Instant time) {
        int kind = random.nextInt(20);
        return JSON.createObjectNode()
                .put("timestamp", time.toString())
                .put("level", kind == 0 ? "ERROR" : kind < 3 ? "WARN" : "INFO")
                .put("logger", "shop.orders")
                .put(
                        "message",
                        kind == 0 ? "payment provider timed out" : "order " + random.nextInt(100_000) + " accepted")
                .put("order", CloudTrailEvents.uuid(random))
                .toString();
    }

    private static byte[] gzip(byte[] data) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(data);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    List<Account> accounts() {
        return new ArrayList<>(accounts);
    }

    @Override
    public void close() {
        if (thread != null) {
            thread.interrupt();
        }
    }
}
