package io.tributary.local.pipeline;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Where a pipeline keeps what it has, for one pipeline at a time. */
final class DataFolder implements AutoCloseable {
    /** What a pipeline writes: nothing else is ever deleted, whatever folder somebody names. */
    private static final List<String> OWN =
            List.of("s3", "opensearch", "dynamodb", "functions", "logs", "transform.env", "alert.env", "archive.env");

    private final Path path;
    private final FileChannel lock;
    private final boolean isFirst;

    private DataFolder(Path path, FileChannel lock, boolean isFirst) {
        this.path = path;
        this.lock = lock;
        this.isFirst = isFirst;
    }

    /**
     * Takes a folder, which need not be there, for its owner alone: logs are in it.
     *
     * @param isFresh whether what an earlier pipeline kept is deleted
     * @throws IOException if another pipeline has it, or somebody else owns it
     */
    static DataFolder open(Path path, boolean isFresh) throws IOException {
        Files.createDirectories(path);
        close(path);
        FileChannel lock = FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!isTaken(lock)) {
            lock.close();
            throw new IOException("another pipeline keeps its data in " + path + "; --data names another folder");
        }
        if (isFresh) {
            for (String name : OWN) {
                delete(path.resolve(name));
            }
        }
        return new DataFolder(path, lock, !Files.exists(path.resolve(OWN.get(0))));
    }

    /** Closes a folder to everybody but its owner, where the file system knows owners. */
    private static void close(Path path) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
        if (view == null) {
            return;
        }
        try {
            view.setPermissions(PosixFilePermissions.fromString("rwx------"));
        } catch (FileSystemException e) {
            throw new IOException(
                    path + " is " + view.getOwner().getName()
                            + "'s, who could read what is kept there; --data names another folder",
                    e);
        }
    }

    private static boolean isTaken(FileChannel channel) throws IOException {
        try {
            FileLock taken = channel.tryLock();
            return taken != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private static void delete(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    Path path() {
        return path.toAbsolutePath();
    }

    /** Whether no pipeline has kept anything here. */
    boolean isFirst() {
        return isFirst;
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
