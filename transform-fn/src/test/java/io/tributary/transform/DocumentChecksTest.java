package io.tributary.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.transform.logtype.LogTypes;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The checks of documents find what is wrong with one: otherwise they would prove nothing. */
class DocumentChecksTest {
    /**
     * One thing that is wrong.
     *
     * @param problem what the check says of it
     */
    private record Defect(String problem, Consumer<ObjectNode> injury) {
        @Override
        public String toString() {
            return problem;
        }
    }

    static List<Defect> lean() {
        return List.of(
                new Defect("time: expected NUMBER", document -> document.put("time", "now")),
                new Defect("cloud: expected OBJECT", document -> document.remove("cloud")),
                new Defect("type_uid", document -> document.put("type_uid", 1)),
                new Defect("category_uid", document -> document.put("category_uid", 1)),
                new Defect("@timestamp", document -> document.put("@timestamp", "2026-03-01T08:15:30.001Z")),
                new Defect("metadata/uid", document -> metadata(document).put("uid", "")),
                new Defect("metadata.profiles", document -> metadata(document).putArray("profiles")),
                new Defect("api.response: {}", document -> api(document).putObject("response")),
                new Defect("api.version: null", document -> api(document).putNull("version")),
                new Defect("characters", document -> document.put("message", "x".repeat(100_000))));
    }

    static List<Defect> ocsf() {
        return List.of(
                new Defect("unknown class", document -> document.put("class_uid", 9999)),
                new Defect("severity_id: required", document -> document.remove("severity_id")),
                new Defect("severity_id: 42 is not in the enum", document -> document.put("severity_id", 42)),
                new Defect("activity_id: 7 is not in the enum", document -> document.put("activity_id", 7)),
                new Defect("invented: not defined", document -> document.put("invented", 1)),
                new Defect(
                        "api.invented: not defined", document -> api(document).put("invented", 1)),
                new Defect("without its profile", document -> metadata(document).putArray("profiles")),
                new Defect("is no string_t", document -> api(document).put("version", 1)),
                new Defect("expected an object", document -> document.put("actor", "ana")),
                new Defect("expected an array", document -> document.put("resources", "all")),
                new Defect(
                        "does not match ip_t",
                        document -> ((ObjectNode) document.path("src_endpoint")).put("ip", "somewhere")),
                new Defect("at_least_one", document -> document.putObject("src_endpoint")),
                new Defect("api.version: null", document -> api(document).putNull("version")),
                new Defect("is no timestamp_t", document -> document.put("time", "yesterday")),
                new Defect("category_uid", document -> document.put("category_uid", 1)),
                new Defect("type_uid", document -> document.put("type_uid", 1)));
    }

    @ParameterizedTest
    @MethodSource("lean")
    void whatIsWrongWithAnyDocumentIsFound(Defect defect) {
        ObjectNode document = document();
        assertThat(LeanChecks.problems(document.toString(), 1000)).isEmpty();
        defect.injury().accept(document);
        assertThat(LeanChecks.problems(document.toString(), 1000)).anyMatch(each -> each.contains(defect.problem()));
    }

    @Test
    void aMemberThatStandsTwiceIsFoundAndALineBreakToo() {
        String document = document().toString();
        assertThat(LeanChecks.problems(document.replaceFirst("\\{", "{\"time\":1,"), 1000))
                .contains("time: stands twice");
        assertThat(LeanChecks.problems(document.replaceFirst("\\{", "{\n"), 1000))
                .contains("more than one line");
    }

    @ParameterizedTest
    @MethodSource("ocsf")
    void whatIsNotOcsfIsFound(Defect defect) {
        assumeTrue(OcsfSchema.find().isPresent(), OcsfSchema.absence());
        OcsfSchema schema = OcsfSchema.find().orElseThrow();
        ObjectNode document = document();
        assertThat(schema.problems(document)).isEmpty();
        defect.injury().accept(document);
        assertThat(schema.problems(document)).anyMatch(each -> each.contains(defect.problem()));
    }

    private static ObjectNode document() {
        Fixture fixture = LogTypes.create().stream()
                .filter(each -> each.source().equals("cloudtrail"))
                .flatMap(type -> Fixture.of(type).stream())
                .filter(each -> each.name().equals("stop-logging"))
                .findFirst()
                .orElseThrow();
        return (ObjectNode) LeanChecks.parse(Normalised.of(fixture).document());
    }

    private static ObjectNode metadata(ObjectNode document) {
        return (ObjectNode) document.path("metadata");
    }

    private static ObjectNode api(ObjectNode document) {
        return (ObjectNode) document.path("api");
    }
}
