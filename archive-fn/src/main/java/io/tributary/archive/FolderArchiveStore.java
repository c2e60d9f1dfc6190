package io.tributary.archive;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/**
 * An archive in a folder, for a desk: what is below it has the bucket's layout. Storage classes are only noted, below
 * {@value #CLASSES}: nothing is asleep. Locks lock nothing.
 */
public final class FolderArchiveStore implements ArchiveStore {
    private static final String CLASSES = ".storage-classes/";
    private static final String UPLOADS = ".uploads";

    private final Path folder;

    public FolderArchiveStore(Path folder) {
        this.folder = folder;
    }

    /** The file of a key; what leads out of the folder is refused. */
    private Path path(String key) throws RefusedException {
        return folder.resolve(ArchiveStore.plain(key));
    }

    private Entry entry(String key, Path path) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
        Path storageClass = path(CLASSES + key);
        return new Entry(
                key,
                attributes.size() + "-" + attributes.lastModifiedTime().toInstant() + "-" + attributes.fileKey(),
                attributes.size(),
                attributes.lastModifiedTime().toInstant(),
                Files.exists(storageClass)
                        ? StorageClass.valueOf(Files.readString(storageClass).strip())
                        : StorageClass.STANDARD);
    }

    @Override
    public List<Entry> list(String prefix, String after) throws IOException {
        int end = prefix.lastIndexOf('/');
        Path start = end < 0 ? folder : path(prefix.substring(0, end));
        if (!Files.isDirectory(start)) {
            return List.of();
        }
        List<String> keys;
        try (Stream<Path> files = Files.walk(start)) {
            keys = files.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .map(file -> folder.relativize(file).toString().replace('\\', '/'))
                    .filter(key -> key.startsWith(prefix) && !key.startsWith(".") && key.compareTo(after) > 0)
                    .sorted()
                    .limit(PAGE)
                    .toList();
        }
        List<Entry> entries = new ArrayList<>();
        for (String key : keys) {
            find(key).ifPresent(entries::add);
        }
        return entries;
    }

    @Override
    public Optional<Entry> find(String key) throws IOException {
        ArchiveStore.plain(key);
        try {
            // as S3's console makes an empty object for a folder, here it is one
            return key.endsWith("/") ? Optional.empty() : Optional.of(entry(key, path(key)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private void same(String key, String etag) throws IOException {
        if (find(key).filter(entry -> entry.etag().equals(etag)).isEmpty()) {
            throw new ChangedException(key);
        }
    }

    @Override
    public Content open(String key, String etag, long from, long length) throws IOException {
        same(key, etag);
        FileChannel channel = FileChannel.open(path(key), StandardOpenOption.READ);
        channel.position(from);
        return new Content(new BoundedStream(Channels.newInputStream(channel), length), "", Map.of());
    }

    /** Ends after so many bytes. */
    private static final class BoundedStream extends InputStream {
        private final InputStream in;
        private long left;

        BoundedStream(InputStream in, long length) {
            this.in = in;
            this.left = length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int count = in.read(bytes, from, (int) Math.min(left, length));
            left -= Math.max(0, count);
            return count;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }

    @Override
    public boolean create(String key, byte[] content, Optional<Lock> lock) throws IOException {
        Path target = path(key);
        Files.createDirectories(target.getParent());
        // whole or not at all: a link is made of a file that is complete, and only where there is none
        Path whole = Files.write(
                Files.createTempFile(Files.createDirectories(folder.resolve(UPLOADS)), "create", ""), content);
        try {
            link(target, whole);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } finally {
            Files.deleteIfExists(whole);
        }
    }

    private static void link(Path target, Path whole) throws IOException {
        try {
            Files.createLink(target, whole);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (UnsupportedOperationException | FileSystemException e) {
            // a file system without links
            Files.write(target, Files.readAllBytes(whole), StandardOpenOption.CREATE_NEW);
        }
    }

    @Override
    public Upload upload(String key, StorageClass storageClass, Optional<Lock> lock) throws IOException {
        Path target = path(key);
        Path uploads = Files.createDirectories(folder.resolve(UPLOADS));
        Path file = Files.createTempFile(uploads, "upload", "");
        OutputStream out = new BufferedOutputStream(Files.newOutputStream(file));
        CRC32 crc = new CRC32();
        return new Upload() {
            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                out.write(bytes, from, length);
                crc.update(bytes, from, length);
            }

            @Override
            public Stored complete() throws IOException {
                out.close();
                Files.createDirectories(target.getParent());
                if (storageClass != StorageClass.STANDARD) {
                    Files.createDirectories(path(CLASSES + key).getParent());
                    Files.writeString(path(CLASSES + key), storageClass.name());
                }
                Files.move(file, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
                Entry entry = entry(key, target);
                return new Stored(entry.etag(), entry.size(), crc.getValue());
            }

            @Override
            public void close() throws IOException {
                out.close();
                Files.deleteIfExists(file);
            }
        };
    }

    @Override
    public void copy(String from, String etag, String to) throws IOException {
        Path target = path(to);
        same(from, etag);
        Files.createDirectories(target.getParent());
        Files.copy(path(from), target, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void delete(List<String> keys) throws IOException {
        for (String key : keys) {
            Files.deleteIfExists(path(key));
            Files.deleteIfExists(path(CLASSES + key));
        }
    }

    @Override
    public Wakefulness wakefulness(String key) throws IOException {
        if (find(key).isEmpty()) {
            throw new ChangedException(key);
        }
        return Wakefulness.AWAKE;
    }

    @Override
    public void restore(String key, RestoreTier tier, int days) throws IOException {
        if (find(key).isEmpty()) {
            throw new ChangedException(key);
        }
    }
}
