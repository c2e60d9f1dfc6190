package io.tributary.local;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The pipeline on a desk: no AWS account, no network. */
@Command(name = "tributary", mixinStandardHelpOptions = true, description = "Runs the log pipeline on this machine.")
public final class Tributary implements Runnable {
    @Override
    public void run() {
        CommandLine.usage(this, System.out);
    }

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Tributary()).execute(arguments));
    }
}
