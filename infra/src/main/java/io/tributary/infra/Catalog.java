package io.tributary.infra;

import io.tributary.archive.policy.ArchivePolicy;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import software.amazon.awscdk.Aws;
import software.amazon.awscdk.services.athena.CfnNamedQuery;
import software.amazon.awscdk.services.athena.CfnWorkGroup;
import software.amazon.awscdk.services.glue.CfnDatabase;
import software.amazon.awscdk.services.glue.CfnTable;
import software.constructs.Construct;

/**
 * The archive as tables: {@code events} and {@code archive}, whose partitions Athena works out itself, and saved queries over them.
 *
 * @see <a href="https://docs.aws.amazon.com/athena/latest/ug/partition-projection.html">Partition projection</a>
 */
final class Catalog extends Construct {
    private static final String DATABASE = "tributary";
    private static final String FIRST_DAY = "2020-01-01";
    private static final String ENDPOINT = "struct<ip:string,port:int,hostname:string,uid:string,interface_uid:string>";
    private static final String USER = "struct<name:string,uid:string,type:string>";

    /** What is asked for most; all else is in the document, which {@code unmapped} has the rest of. */
    private static final Map<String, String> COLUMNS = columns();

    Catalog(Construct scope, String id, Storage storage) {
        super(scope, id);
        CfnDatabase database = CfnDatabase.Builder.create(this, "Database")
                .catalogId(Aws.ACCOUNT_ID)
                .databaseInput(CfnDatabase.DatabaseInputProperty.builder()
                        .name(DATABASE)
                        .description("Normalised events of all accounts")
                        .build())
                .build();
        table("events", "Events of the last days, one object a delivery", storage, Map.of())
                .getNode()
                .addDependency(database);
        table(
                        "archive",
                        "Compacted events; what is in a Glacier class is there once it is restored",
                        storage,
                        Map.of("read_restored_glacier_objects", "true"))
                .getNode()
                .addDependency(database);
        CfnWorkGroup queries = CfnWorkGroup.Builder.create(this, "WorkGroup")
                .name(DATABASE)
                .description("Queries over Tributary's archive")
                // one that has run a query is deleted in no other way
                .recursiveDeleteOption(true)
                .workGroupConfiguration(CfnWorkGroup.WorkGroupConfigurationProperty.builder()
                        .enforceWorkGroupConfiguration(true)
                        .publishCloudWatchMetricsEnabled(true)
                        .resultConfiguration(CfnWorkGroup.ResultConfigurationProperty.builder()
                                .outputLocation("s3://" + storage.work().getBucketName() + "/athena/")
                                .expectedBucketOwner(Aws.ACCOUNT_ID)
                                .encryptionConfiguration(CfnWorkGroup.EncryptionConfigurationProperty.builder()
                                        .encryptionOption("SSE_KMS")
                                        .kmsKey(storage.key().getKeyArn())
                                        .build())
                                .build())
                        .build())
                .build();
        savedQueries().forEach((name, query) -> {
            int line = query.indexOf('\n');
            CfnNamedQuery.Builder.create(this, "Query" + name)
                    .name(name)
                    .description(query.substring(0, line).replaceFirst("^-- *", ""))
                    .database(DATABASE)
                    .workGroup(queries.getName())
                    .queryString(query.substring(line + 1))
                    .build()
                    .getNode()
                    .addDependency(queries);
        });
    }

    private CfnTable table(String name, String description, Storage storage, Map<String, String> further) {
        Map<String, String> parameters = new HashMap<>(further);
        String location = "s3://" + storage.archive().getBucketName() + "/" + name + "/";
        parameters.put("classification", "json");
        parameters.put("projection.enabled", "true");
        parameters.put("projection.source.type", "enum");
        parameters.put("projection.source.values", String.join(",", ArchivePolicy.SOURCES));
        parameters.put("projection.date.type", "date");
        parameters.put("projection.date.format", "yyyy-MM-dd");
        parameters.put("projection.date.range", FIRST_DAY + ",NOW");
        parameters.put("storage.location.template", location + "source=${source}/date=${date}/");
        return CfnTable.Builder.create(this, name)
                .catalogId(Aws.ACCOUNT_ID)
                .databaseName(DATABASE)
                .tableInput(CfnTable.TableInputProperty.builder()
                        .name(name)
                        .description(description)
                        .tableType("EXTERNAL_TABLE")
                        .parameters(parameters)
                        .partitionKeys(List.of(column("source", "string"), column("date", "string")))
                        .storageDescriptor(CfnTable.StorageDescriptorProperty.builder()
                                .columns(columnProperties())
                                .location(location)
                                .inputFormat("org.apache.hadoop.mapred.TextInputFormat")
                                .outputFormat("org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat")
                                .compressed(true)
                                .serdeInfo(CfnTable.SerdeInfoProperty.builder()
                                        .serializationLibrary("org.openx.data.jsonserde.JsonSerDe")
                                        // whatever it is that a document says below "unmapped": two members that differ
                                        // by
                                        // their case alone would be one, and the document none
                                        .parameters(
                                                Map.of("ignore.malformed.json", "true", "case.insensitive", "false"))
                                        .build())
                                .build())
                        .build())
                .build();
    }

    private static CfnTable.ColumnProperty column(String name, String type) {
        return CfnTable.ColumnProperty.builder().name(name).type(type).build();
    }

    private static List<CfnTable.ColumnProperty> columnProperties() {
        List<CfnTable.ColumnProperty> properties = new ArrayList<>();
        COLUMNS.forEach((name, type) -> properties.add(column(name, type)));
        return properties;
    }

    /** Columns by name, with Hive's types. */
    static Map<String, String> columns() {
        Map<String, String> columns = new LinkedHashMap<>();
        columns.put("time", "bigint");
        columns.put("class_uid", "int");
        columns.put("activity_id", "int");
        columns.put("severity_id", "int");
        columns.put("status_id", "int");
        columns.put("status_code", "string");
        columns.put("message", "string");
        columns.put(
                "metadata",
                "struct<uid:string,source:string,tenant_uid:string,log_name:string,event_code:string,correlation_uid:string,logged_time:bigint>");
        columns.put("cloud", "struct<region:string,account:struct<uid:string,name:string>>");
        columns.put(
                "actor",
                "struct<user:" + USER + ",session:struct<uid:string,issuer:string,is_mfa:boolean>,invoked_by:string>");
        columns.put("user", "struct<name:string,uid:string>");
        columns.put(
                "api",
                "struct<operation:string,service:struct<name:string>,request:struct<uid:string,data:string>,"
                        + "response:struct<error:string,error_message:string,data:string>>");
        columns.put("src_endpoint", ENDPOINT);
        columns.put("dst_endpoint", ENDPOINT);
        columns.put("traffic", "struct<bytes:bigint,packets:bigint>");
        columns.put("connection_info", "struct<protocol_num:int,direction_id:int,tcp_flags:int>");
        columns.put("action_id", "int");
        columns.put("query", "struct<hostname:string,type:string>");
        columns.put("rcode_id", "int");
        columns.put(
                "http_request",
                "struct<http_method:string,url:struct<path:string,hostname:string>,user_agent:string,args:string>");
        columns.put(
                "finding_info",
                "struct<uid:string,title:string,types:array<string>,analytic:struct<uid:string,name:string>>");
        columns.put("resources", "array<struct<uid:string,name:string,type:string>>");
        columns.put("is_mfa", "boolean");
        columns.put("unmapped", "string");
        return columns;
    }

    /** Queries by name; the first line of each is a comment that says what for. */
    static Map<String, String> savedQueries() {
        Map<String, String> queries = new LinkedHashMap<>();
        for (String name : List.of(
                "who-did-it",
                "of-an-address",
                "denied-calls",
                "failed-sign-ins",
                "top-talkers",
                "names-asked-for",
                "from-the-archive")) {
            try (InputStream in = Catalog.class.getResourceAsStream("/queries/" + name + ".sql")) {
                queries.put(name, new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return queries;
    }
}
