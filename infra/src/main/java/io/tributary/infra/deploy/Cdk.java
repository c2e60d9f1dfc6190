package io.tributary.infra.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The CDK's own command line, of the version and checksum that package-lock.json pins. */
@FunctionalInterface
interface Cdk {
    /**
     * Runs it.
     *
     * @return its exit code
     * @throws IOException if there is no Node
     */
    int run(List<String> arguments) throws IOException, InterruptedException;

    /** The real one, in the folder of the infrastructure; installed first, unless it is. */
    static Cdk pinned(Path infra) {
        return arguments -> {
            int installed = isInstalled(infra)
                    ? 0
                    : start(infra, List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"));
            if (installed != 0) {
                return installed;
            }
            List<String> command = new ArrayList<>(List.of("node_modules/.bin/cdk"));
            command.addAll(arguments);
            return start(infra, command);
        };
    }

    /** npm leaves a copy of the lock that it has installed. */
    private static boolean isInstalled(Path infra) throws IOException {
        Path copy = infra.resolve("node_modules/.package-lock.json");
        return Files.exists(copy)
                && Files.getLastModifiedTime(copy)
                                .compareTo(Files.getLastModifiedTime(infra.resolve("package-lock.json")))
                        >= 0;
    }

    private static int start(Path infra, List<String> command) throws IOException, InterruptedException {
        ProcessBuilder process =
                new ProcessBuilder(command).directory(infra.toFile()).inheritIO();
        // the majors whose end is not told
        process.environment().putIfAbsent("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "20");
        return process.start().waitFor();
    }
}
