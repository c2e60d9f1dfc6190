package io.tributary.local.rules;

import io.tributary.alert.rule.Rule;
import io.tributary.alert.rule.RuleFile;
import io.tributary.alert.rule.RuleFolder;
import io.tributary.alert.rule.RuleJson;
import io.tributary.local.input.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The rules that a command is about: those of folders, or the project's own. */
final class RulesFolders {
    private final List<RuleFile> files = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final List<String> undeployable = new ArrayList<>();
    private int foreign;

    private RulesFolders() {}

    /** The rules of folders. */
    static RulesFolders read(List<Path> folders) throws IOException {
        RulesFolders all = new RulesFolders();
        for (Path folder : folders) {
            if (!Files.isDirectory(folder)) {
                throw new InputException(folder + ": no such folder");
            }
            RuleFolder read = RuleFolder.read(folder);
            all.files.addAll(read.files());
            all.problems.addAll(read.problems());
            all.undeployable.addAll(read.undeployable());
            all.foreign += read.foreign();
        }
        return all;
    }

    /** The project's own, from its folder where this runs in a checkout. */
    static List<Path> own() {
        String root = System.getProperty("tributary.root", "");
        Path rules = Path.of(root, "alert-fn", "rules");
        return root.isEmpty() || !Files.isDirectory(rules) ? List.of() : List.of(rules);
    }

    /**
     * The rules of folders; where none are given, those that are compiled in.
     *
     * @param problems takes what is wrong with rules that are left out
     */
    static List<Rule> rules(List<Path> folders, List<String> problems) throws IOException {
        if (folders.isEmpty()) {
            return RuleJson.readResource();
        }
        RulesFolders read = read(folders);
        problems.addAll(read.problems);
        return read.files.stream().map(RuleFile::rule).toList();
    }

    List<RuleFile> files() {
        return files;
    }

    List<String> problems() {
        return problems;
    }

    /** What keeps rules, which may be run over files, from being deployed. */
    List<String> undeployable() {
        return undeployable;
    }

    /** Sigma files for something else than CloudTrail. */
    int foreign() {
        return foreign;
    }
}
