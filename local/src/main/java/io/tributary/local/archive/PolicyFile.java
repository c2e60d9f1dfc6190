package io.tributary.local.archive;

import io.tributary.archive.policy.ArchivePolicy;
import io.tributary.local.input.InputException;
import io.tributary.yaml.YamlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Reads the policy that a command line names. */
public final class PolicyFile {
    private static final String USUAL = "version: 1\npreset: minimal\n";

    private PolicyFile() {}

    /** The policy of a file; without one, the preset {@code minimal}. */
    public static ArchivePolicy read(Optional<Path> file) throws IOException {
        try {
            return file.isPresent()
                    ? ArchivePolicy.parse(file.get().toString(), Files.readString(file.get()))
                    : ArchivePolicy.parse("the usual policy", USUAL);
        } catch (NoSuchFileException e) {
            throw new InputException(e.getFile() + ": no such file");
        } catch (YamlException e) {
            throw new InputException(e.getMessage());
        }
    }
}
