package io.tributary.infra;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.trino.sql.parser.ParsingOptions;
import io.trino.sql.parser.SqlParser;
import io.trino.sql.tree.DereferenceExpression;
import io.trino.sql.tree.Expression;
import io.trino.sql.tree.Identifier;
import io.trino.sql.tree.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The tables against the documents that the transform function writes, and the queries against the tables. */
class CatalogTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path DOCUMENTS = Path.of("../transform-fn/src/test/resources/logtype");

    /** Every path of a member that some document has. */
    private static final Set<String> MEMBERS = new HashSet<>();

    @BeforeAll
    static void read() throws IOException {
        try (Stream<Path> files = Files.walk(DOCUMENTS)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".expected.json"))
                    .toList()) {
                members("", JSON.readTree(Files.readAllBytes(file)));
            }
        }
    }

    private static void members(String path, JsonNode node) {
        MEMBERS.add(path);
        if (node.isArray()) {
            node.forEach(element -> members(path, element));
        }
        node.fields()
                .forEachRemaining(member ->
                        members(path.isEmpty() ? member.getKey() : path + "." + member.getKey(), member.getValue()));
    }

    static List<String> columns() {
        List<String> paths = new ArrayList<>();
        Catalog.columns().forEach((name, type) -> paths.addAll(paths(name, type)));
        return paths;
    }

    /** The leaves of a type of Hive's. */
    private static List<String> paths(String name, String type) {
        String inner = type.startsWith("array<") ? type.substring(6, type.length() - 1) : type;
        if (!inner.startsWith("struct<")) {
            return List.of(name);
        }
        List<String> paths = new ArrayList<>();
        String members = inner.substring(7, inner.length() - 1);
        int depth = 0;
        int from = 0;
        for (int i = 0; i <= members.length(); i++) {
            char c = i == members.length() ? ',' : members.charAt(i);
            depth += c == '<' ? 1 : c == '>' ? -1 : 0;
            if (c == ',' && depth == 0) {
                String member = members.substring(from, i);
                int colon = member.indexOf(':');
                paths.addAll(paths(name + "." + member.substring(0, colon), member.substring(colon + 1)));
                from = i + 1;
            }
        }
        return paths;
    }

    @ParameterizedTest
    @MethodSource("columns")
    void aColumnIsWhatSomeDocumentHas(String path) {
        // an account has a name where the settings give it one
        assertThat(MEMBERS.contains(path) || path.equals("cloud.account.name"))
                .as(path)
                .isTrue();
    }

    /** {@code {"unmapped":{"Id":1,"id":2}}} would otherwise be no row at all: a document that hides itself. */
    @Test
    void membersThatDifferByTheirCaseAreTwo() throws Exception {
        for (JsonNode table : Templates.resources("organization/TributaryLogging", "AWS::Glue::Table")
                .values()) {
            assertThat(table.at("/TableInput/StorageDescriptor/SerdeInfo/Parameters/case.insensitive")
                            .asText())
                    .isEqualTo("false");
        }
        assertThat(columns())
                .as("columns in small letters")
                .allMatch(path -> path.equals(path.toLowerCase(Locale.ROOT)));
    }

    static Stream<Map.Entry<String, String>> queries() {
        return Catalog.savedQueries().entrySet().stream();
    }

    /** Athena's engine is Trino's. */
    @ParameterizedTest
    @MethodSource("queries")
    void aSavedQueryIsTrinosSqlAndNamesColumnsThatThereAre(Map.Entry<String, String> query) {
        assertThat(query.getValue()).startsWith("-- ");
        Node statement = new SqlParser().createStatement(query.getValue(), new ParsingOptions());
        Set<String> known = new HashSet<>(columns());
        known.addAll(Set.of("source", "date", "$path"));
        List<String> named = new ArrayList<>();
        names(statement, named);
        assertThat(named).isNotEmpty();
        Set<String> aliases = Set.of("bytes", "calls", "attempts", "queries", "hour", "day");
        assertThat(named.stream().filter(name -> !aliases.contains(name))).allMatch(known::contains);
    }

    private static void names(Node node, List<String> named) {
        if (node instanceof DereferenceExpression path) {
            named.add(path.toString().replace("\"", ""));
            return;
        }
        if (node instanceof Identifier column) {
            named.add(column.getValue());
        }
        for (Node child : node.getChildren()) {
            if (child instanceof Expression || !(child instanceof io.trino.sql.tree.Table)) {
                names(child, named);
            }
        }
    }
}
