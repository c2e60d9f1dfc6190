package io.tributary.alert.sigma;

import io.tributary.yaml.YamlException;
import io.tributary.yaml.YamlValue;

/** Where a rule comes from, to name the place of a problem. */
interface Source {
    /** The exception for what stands at a path of names and indexes. */
    YamlException error(String problem, Object... path);

    /** A file. */
    static Source of(YamlValue root) {
        return (problem, path) -> {
            YamlValue at = root;
            try {
                for (Object step : path) {
                    at = step instanceof Integer index
                            ? at.elements().get(index)
                            : at.members().get(step.toString());
                }
            } catch (YamlException | RuntimeException e) {
                return root.error(problem);
            }
            return at == null ? root.error(problem) : at.error(problem);
        };
    }

    /** A rule that was read before. */
    static Source compiled(String title) {
        return (problem, path) -> new YamlException("the compiled rule '" + title + "': " + problem);
    }
}
