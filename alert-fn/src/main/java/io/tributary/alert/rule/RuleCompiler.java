package io.tributary.alert.rule;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Part of the build: proves the rules of a folder and makes one resource of them. */
public final class RuleCompiler {
    private RuleCompiler() {}

    /**
     * Compiles.
     *
     * @param arguments the folder of the rules, and the file to write
     * @throws IllegalStateException if a rule is wrong; the message has a line for each problem
     */
    public static void main(String[] arguments) throws IOException {
        RuleFolder folder = RuleFolder.read(Path.of(arguments[0]));
        List<String> problems = new ArrayList<>(folder.problems());
        problems.addAll(folder.undeployable());
        if (!problems.isEmpty()) {
            throw new IllegalStateException(
                    problems.size() + " problems in the rules:\n" + String.join("\n", problems));
        }
        Path output = Path.of(arguments[1]);
        Files.createDirectories(output.toAbsolutePath().getParent());
        Files.write(output, RuleJson.write(folder.rules()));
    }
}
