package io.tributary.alert.rule;

import io.tributary.yaml.YamlException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a folder of rules holds: files of the project's own format and Sigma rules, told apart by what is in them.
 *
 * @param files the rules that are right
 * @param problems what is wrong with the others, and cases that went otherwise than their rule says; each names file and line
 * @param undeployable what keeps Sigma rules, which may be run over files as they are, from being deployed
 * @param foreign Sigma files that are for something else than CloudTrail
 */
public record RuleFolder(List<RuleFile> files, List<String> problems, List<String> undeployable, int foreign) {
    public RuleFolder {
        files = List.copyOf(files);
        problems = List.copyOf(problems);
        undeployable = List.copyOf(undeployable);
    }

    /**
     * Reads all {@code .yaml} and {@code .yml} files below a folder and runs their cases.
     *
     * @throws IOException if the folder or a file cannot be read
     */
    public static RuleFolder read(Path folder) throws IOException {
        List<RuleFile> files = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        List<String> undeployable = new ArrayList<>();
        int foreign = 0;
        for (Path path : yamlFiles(folder)) {
            try {
                Optional<RuleFile> file = read(folder, path);
                if (file.isPresent()) {
                    files.add(file.get());
                    problems.addAll(failures(file.get()));
                    undeployable.addAll(undeployable(path, file.get().rule()));
                } else {
                    foreign++;
                }
            } catch (YamlException e) {
                problems.add(e.getMessage());
            }
        }
        return new RuleFolder(files, problems, undeployable, foreign);
    }

    /** The rules alone. */
    public List<Rule> rules() {
        return files.stream().map(RuleFile::rule).toList();
    }

    private static List<Path> yamlFiles(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            return paths.filter(path ->
                            path.toString().endsWith(".yaml") || path.toString().endsWith(".yml"))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static Optional<RuleFile> read(Path folder, Path path) throws IOException, YamlException {
        String text;
        try {
            text = Files.readString(path);
        } catch (MalformedInputException e) {
            throw new YamlException(path + ":1: the file is not in UTF-8", e);
        }
        String relative = folder.relativize(path).toString().replace('\\', '/');
        String id = relative.substring(0, relative.lastIndexOf('.'));
        return SigmaRules.isSigma(text)
                ? SigmaRules.parse(path.toString(), id, text)
                : Optional.of(RuleFile.parse(path.toString(), id, text));
    }

    private static List<String> undeployable(Path path, Rule rule) {
        return rule.detection() instanceof Detection.Sigma sigma && rule.status() != RuleStatus.DISABLED
                ? Safeguards.problems(sigma.rule()).stream()
                        .map(problem -> path + ":1: " + problem)
                        .toList()
                : List.of();
    }

    private static List<String> failures(RuleFile file) {
        RuleSet alone = RuleSet.of(List.of(enabled(file.rule())));
        return file.cases().stream()
                .filter(test -> alone.matching(test.event()).isEmpty() == test.alerts())
                .map(test -> test.place()
                        .error("'" + test.name() + "': the rule "
                                + (test.alerts() ? "does not match, and should" : "matches, and should not"))
                        .getMessage())
                .toList();
    }

    /** A disabled rule is tested, too. */
    private static Rule enabled(Rule rule) {
        return new Rule(
                rule.id(),
                rule.title(),
                rule.severity(),
                RuleStatus.ACTIVE,
                rule.why(),
                rule.runbook(),
                rule.references(),
                rule.techniques(),
                rule.detection(),
                rule.groupBy(),
                rule.quietFor(),
                rule.threshold(),
                rule.what(),
                rule.details());
    }
}
