package io.tributary.infra.deploy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The CDK's own command line, of a fixed version, by npx. */
@FunctionalInterface
interface Cdk {
    /** The version that the project is tested with. */
    String VERSION = "2.1148.1";

    /**
     * Runs it.
     *
     * @return its exit code
     * @throws IOException if there is no npx
     */
    int run(List<String> arguments) throws IOException, InterruptedException;

    /** The real one, in the folder of the infrastructure. */
    static Cdk npx(Path infra) {
        return arguments -> {
            List<String> command = new ArrayList<>(List.of("npx", "--yes", "aws-cdk@" + VERSION));
            command.addAll(arguments);
            ProcessBuilder process =
                    new ProcessBuilder(command).directory(infra.toFile()).inheritIO();
            process.environment().putIfAbsent("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "1");
            return process.start().waitFor();
        };
    }
}
