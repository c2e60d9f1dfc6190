package io.tributary.alert;

import java.util.Arrays;

/** Runs the benchmarks: {@code jmh} with JMH's arguments, {@code invocation} for the handler; both without arguments. */
public final class Benchmarks {
    private Benchmarks() {}

    public static void main(String[] arguments) throws Exception {
        String which = arguments.length == 0 ? "" : arguments[0];
        switch (which) {
            case "invocation" -> Invocation.run();
            case "jmh" -> org.openjdk.jmh.Main.main(Arrays.copyOfRange(arguments, 1, arguments.length));
            case "" -> {
                org.openjdk.jmh.Main.main(new String[] {"-foe", "true", "-rf", "json", "-rff", "target/bench.json"});
                Invocation.run();
            }
            default -> throw new IllegalArgumentException("unknown: " + which + "; jmh … or invocation");
        }
    }
}
