package io.tributary.infra;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tributary.alert.rule.RuleFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awscdk.App;
import software.amazon.awscdk.AppProps;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.assertions.Annotations;
import software.amazon.awscdk.assertions.Match;

/**
 * The stacks of some settings, synthesized once, without an AWS account. A stack is named as {@code <settings>/<stack>}; the template that
 * the StackSet puts everywhere, {@code <settings>/Member}. They stay in {@code target/templates}, for cfn-lint and people.
 */
final class Templates {
    static final List<String> SETTINGS =
            List.of("small", "organization", "s3-only", "serverless", "ingestion", "existing", "centralized");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path FOLDER = Path.of("target/templates");
    private static final Map<String, JsonNode> TEMPLATES = new TreeMap<>();
    private static final Map<String, List<String>> FINDINGS = new HashMap<>();

    private Templates() {}

    /** All templates, by name; the tests that ask for them are left out where there is no Node. */
    static synchronized Map<String, JsonNode> all() throws Exception {
        assumeTrue(hasNode(), "node not found: the infrastructure's templates are not tested");
        if (TEMPLATES.isEmpty()) {
            Files.createDirectories(FOLDER);
            for (String settings : SETTINGS) {
                synthesize(settings);
            }
        }
        return TEMPLATES;
    }

    static List<String> names() throws Exception {
        return List.copyOf(all().keySet());
    }

    /** The names of the logging account's templates. */
    static List<String> ofLogging() {
        return SETTINGS.stream().map(settings -> settings + "/TributaryLogging").toList();
    }

    /** What cdk-nag finds. */
    static List<String> findings() throws Exception {
        all();
        return FINDINGS.values().stream().flatMap(List::stream).toList();
    }

    static Settings settings(String template) throws Exception {
        return Settings.read(Path.of("src/test/resources/" + template.split("/")[0] + ".yaml"));
    }

    private static void synthesize(String settings) throws Exception {
        App app = new App(AppProps.builder()
                .analyticsReporting(false)
                .outdir(FOLDER.resolve(settings).toString())
                .postCliContext(Map.of("@aws-cdk/core:validateAgainstDefaultRules", true))
                .build());
        Path work = FOLDER.resolve(settings + "-work");
        InfraApp.build(
                app,
                settings(settings),
                packages(),
                RuleFolder.read(Path.of("../alert-fn/rules")).rules(),
                work);
        app.synth()
                .getStacks()
                .forEach(stack ->
                        TEMPLATES.put(settings + "/" + stack.getStackName(), JSON.valueToTree(stack.getTemplate())));
        app.getNode().getChildren().stream()
                .filter(Stack.class::isInstance)
                .map(Stack.class::cast)
                .forEach(stack -> FINDINGS.put(settings + "/" + stack.getStackName(), findings(stack)));
        TEMPLATES.put(settings + "/Member", JSON.readTree(Files.readAllBytes(work.resolve("member.template.json"))));
    }

    private static boolean hasNode() throws InterruptedException {
        try {
            return new ProcessBuilder("node", "--version").start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static List<String> findings(Stack stack) {
        List<String> findings = new ArrayList<>();
        Annotations annotations = Annotations.fromStack(stack);
        Object any = Match.stringLikeRegexp("AwsSolutions-.*");
        annotations
                .findError("*", any)
                .forEach(entry ->
                        findings.add(entry.getId() + ": " + entry.getEntry().getData()));
        annotations
                .findWarning("*", any)
                .forEach(entry ->
                        findings.add(entry.getId() + ": " + entry.getEntry().getData()));
        return findings;
    }

    private static Packages packages() throws Exception {
        Path zip = FOLDER.resolve("function.zip");
        Files.write(zip, new byte[] {'P', 'K', 5, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
        Packages.Zip one = new Packages.Zip(zip, true, true);
        return new Packages(one, one, one);
    }

    /** The properties of a template's resources of a type, by logical id. */
    static Map<String, JsonNode> resources(String template, String type) throws Exception {
        Map<String, JsonNode> found = new TreeMap<>();
        all().get(template).path("Resources").properties().forEach(resource -> {
            if (resource.getValue().path("Type").asText().equals(type)) {
                found.put(resource.getKey(), resource.getValue().path("Properties"));
            }
        });
        return found;
    }

    /** The only resource of a type. */
    static JsonNode resource(String template, String type) throws Exception {
        Map<String, JsonNode> found = resources(template, type);
        if (found.size() != 1) {
            throw new AssertionError(template + " has " + found.size() + " resources of " + type);
        }
        return found.values().iterator().next();
    }

    /** What an intrinsic function stands for, as far as a text says it: references by their names. */
    static String text(JsonNode value) {
        if (value.isTextual()) {
            return value.asText();
        }
        if (value.has("Fn::Join")) {
            StringBuilder text = new StringBuilder();
            value.at("/Fn::Join/1").forEach(part -> text.append(text(part)));
            return text.toString();
        }
        if (value.has("Ref")) {
            return "<" + value.path("Ref").asText() + ">";
        }
        if (value.has("Fn::GetAtt")) {
            return "<" + value.at("/Fn::GetAtt/0").asText() + "."
                    + value.at("/Fn::GetAtt/1").asText() + ">";
        }
        return value.toString();
    }

    /** A text, or each of a list. */
    static List<String> texts(JsonNode value) {
        if (!value.isArray()) {
            return value.isMissingNode() ? List.of() : List.of(text(value));
        }
        List<String> texts = new ArrayList<>();
        value.forEach(one -> texts.add(text(one)));
        return texts;
    }
}
