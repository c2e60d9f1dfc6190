package io.tributary.alert.sigma;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * A field by its path, dots between the names; a name may have dots itself. Arrays on the way are looked into.
 *
 * @param name the path as rules write it
 */
record FieldPath(String name) {
    /** The values there, none of them null. */
    List<JsonNode> of(JsonNode cloudTrailRecord) {
        if (name.indexOf('.') < 0) {
            JsonNode value = cloudTrailRecord.get(name);
            if (value == null || value.isNull()) {
                return List.of();
            }
            if (!value.isArray()) {
                return List.of(value);
            }
        }
        List<JsonNode> values = new ArrayList<>();
        collect(cloudTrailRecord, name, values);
        return values;
    }

    private static void collect(JsonNode node, String path, List<JsonNode> values) {
        if (node.isArray()) {
            node.forEach(element -> collect(element, path, values));
        } else if (path.isEmpty()) {
            if (!node.isNull()) {
                values.add(node);
            }
        } else {
            JsonNode whole = node.get(path);
            if (whole != null) {
                collect(whole, "", values);
            }
            for (int dot = path.indexOf('.'); dot > 0; dot = path.indexOf('.', dot + 1)) {
                JsonNode child = node.get(path.substring(0, dot));
                if (child != null) {
                    collect(child, path.substring(dot + 1), values);
                }
            }
        }
    }
}
