package io.tributary.alert.sigma;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a rule asks of a record. */
sealed interface Expression {
    boolean matches(JsonNode cloudTrailRecord);

    /**
     * Values of a field, in lower case, without one of which no record matches; empty if there are none such.
     *
     * @param field its name as rules write it
     */
    Optional<Set<String>> necessary(String field);

    /**
     * Collects the fields whose values can keep a record from matching: those of negations.
     *
     * @param isNegated whether the expression stands within one
     * @param fields their names; the empty one stands for the whole record
     */
    void excuses(boolean isNegated, Set<String> fields);

    /** All of several. */
    record And(List<Expression> parts) implements Expression {
        public And {
            parts = List.copyOf(parts);
        }

        @Override
        public boolean matches(JsonNode cloudTrailRecord) {
            for (Expression part : parts) {
                if (!part.matches(cloudTrailRecord)) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public void excuses(boolean isNegated, Set<String> fields) {
            parts.forEach(part -> part.excuses(isNegated, fields));
        }

        @Override
        public Optional<Set<String>> necessary(String field) {
            return parts.stream()
                    .flatMap(part -> part.necessary(field).stream())
                    .min((one, other) -> Integer.compare(one.size(), other.size()));
        }
    }

    /** Any of several. */
    record Or(List<Expression> parts) implements Expression {
        public Or {
            parts = List.copyOf(parts);
        }

        @Override
        public boolean matches(JsonNode cloudTrailRecord) {
            for (Expression part : parts) {
                if (part.matches(cloudTrailRecord)) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public void excuses(boolean isNegated, Set<String> fields) {
            parts.forEach(part -> part.excuses(isNegated, fields));
        }

        @Override
        public Optional<Set<String>> necessary(String field) {
            Set<String> all = new HashSet<>();
            for (Expression part : parts) {
                Optional<Set<String>> one = part.necessary(field);
                if (one.isEmpty()) {
                    return Optional.empty();
                }
                all.addAll(one.get());
            }
            return Optional.of(all);
        }
    }

    /** Not one. */
    record Not(Expression part) implements Expression {
        @Override
        public boolean matches(JsonNode cloudTrailRecord) {
            return !part.matches(cloudTrailRecord);
        }

        @Override
        public void excuses(boolean isNegated, Set<String> fields) {
            part.excuses(!isNegated, fields);
        }

        @Override
        public Optional<Set<String>> necessary(String field) {
            return Optional.empty();
        }
    }

    /** A field of which a value passes a test. */
    record Field(FieldPath path, ValueTest test) implements Expression {
        @Override
        public boolean matches(JsonNode cloudTrailRecord) {
            List<JsonNode> values = path.of(cloudTrailRecord);
            if (test instanceof ValueTest.Absent) {
                return values.isEmpty();
            }
            if (test instanceof ValueTest.SameAs other) {
                return other.any(values, cloudTrailRecord);
            }
            for (JsonNode value : values) {
                if (passes(value)) {
                    return true;
                }
            }
            return false;
        }

        /** In the JSON of an object, a policy document is JSON within a text: its quotes are looked for as they were meant. */
        private boolean passes(JsonNode value) {
            String text = text(value);
            return test.passes(text)
                    || value.isContainerNode()
                            && text.indexOf('\\') >= 0
                            && test.passes(text.replace("\\\"", "\"").replace("\\\\", "\\"));
        }

        @Override
        public void excuses(boolean isNegated, Set<String> fields) {
            if (isNegated != test instanceof ValueTest.Absent) {
                fields.add(path.name());
            }
        }

        @Override
        public Optional<Set<String>> necessary(String field) {
            return path.name().equals(field) && test instanceof ValueTest.Matching matching
                    ? matching.glob().exact().map(Set::of)
                    : Optional.empty();
        }
    }

    /** A text anywhere in the record. */
    record Keyword(ValueTest test) implements Expression {
        @Override
        public boolean matches(JsonNode cloudTrailRecord) {
            return anywhere(cloudTrailRecord) || test.passes(cloudTrailRecord.toString());
        }

        private boolean anywhere(JsonNode node) {
            if (node.isValueNode()) {
                return !node.isNull() && test.passes(node.asText());
            }
            if (node.isObject()) {
                for (Map.Entry<String, JsonNode> member : node.properties()) {
                    if (anywhere(member.getValue())) {
                        return true;
                    }
                }
                return false;
            }
            for (JsonNode element : node) {
                if (anywhere(element)) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public void excuses(boolean isNegated, Set<String> fields) {
            if (isNegated) {
                fields.add("");
            }
        }

        @Override
        public Optional<Set<String>> necessary(String field) {
            return Optional.empty();
        }
    }

    /** A value as rules compare it: numbers and booleans by their text, objects by their JSON. */
    static String text(JsonNode value) {
        return value.isValueNode() ? value.asText() : value.toString();
    }
}
