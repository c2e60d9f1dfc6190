package io.tributary.local.pipeline;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What this process and those that it has started listen on, as Linux tells it. */
final class ListeningSockets {
    private static final Path PROC = Path.of("/proc");
    private static final String LISTENING = "0A";

    /** As the kernel writes 127.0.0.1, ::1 and ::ffff:127.0.0.1: words of four bytes, each with its last byte first. */
    private static final Set<String> LOOPBACK =
            Set.of("0100007F", "00000000000000000000000001000000", "0000000000000000FFFF00000100007F");

    private ListeningSockets() {}

    static boolean areKnown() {
        return Files.exists(PROC.resolve("net/tcp"));
    }

    /** A socket. */
    record Listening(String address, int port) {
        boolean isLoopback() {
            return LOOPBACK.contains(address);
        }
    }

    static List<Listening> all() throws IOException {
        Set<String> own = new HashSet<>();
        for (ProcessHandle process : Stream.concat(
                        Stream.of(ProcessHandle.current()),
                        ProcessHandle.current().descendants())
                .toList()) {
            own.addAll(sockets(PROC.resolve(Long.toString(process.pid())).resolve("fd")));
        }
        List<Listening> found = new ArrayList<>();
        for (String table : List.of("net/tcp", "net/tcp6")) {
            if (!Files.exists(PROC.resolve(table))) {
                continue;
            }
            for (String line : Files.readAllLines(PROC.resolve(table))) {
                String[] columns = line.strip().split("\\s+");
                if (columns[3].equals(LISTENING) && own.contains("socket:[" + columns[9] + "]")) {
                    String[] local = columns[1].split(":");
                    found.add(new Listening(local[0], Integer.parseInt(local[1], 16)));
                }
            }
        }
        return found;
    }

    private static Set<String> sockets(Path descriptors) throws IOException {
        Set<String> names = new HashSet<>();
        try (DirectoryStream<Path> open = Files.newDirectoryStream(descriptors)) {
            for (Path descriptor : open) {
                try {
                    names.add(Files.readSymbolicLink(descriptor).toString());
                } catch (NoSuchFileException e) {
                    // closed meanwhile
                }
            }
        } catch (NoSuchFileException e) {
            // it has ended
        }
        return names;
    }
}
