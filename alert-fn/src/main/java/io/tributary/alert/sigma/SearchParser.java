package io.tributary.alert.sigma;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.yaml.YamlException;
import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Reads what a rule searches for: maps are all of their fields, lists any of their values. */
final class SearchParser {
    private static final Set<String> MODIFIERS = new LinkedHashSet<>(List.of(
            "contains",
            "startswith",
            "endswith",
            "all",
            "re",
            "i",
            "m",
            "s",
            "cidr",
            "exists",
            "fieldref",
            "gt",
            "gte",
            "lt",
            "lte",
            "neq",
            "cased",
            "base64",
            "base64offset",
            "wide",
            "utf16le",
            "utf16be",
            "windash"));

    private static final Pattern WINDOWS_DASH = Pattern.compile("(?<=^|\\s)[-/\u2013\u2014\u2015](?=\\w)");
    private static final List<String> DASHES = List.of("-", "/", "\u2013", "\u2014", "\u2015");

    private final Source source;

    SearchParser(Source source) {
        this.source = source;
    }

    /**
     * Reads a search.
     *
     * @param path where it stands
     */
    Expression parse(JsonNode value, Object... path) throws YamlException {
        if (value.isObject()) {
            return fields(value, path);
        }
        if (value.isArray()) {
            List<Expression> parts = new ArrayList<>();
            for (int i = 0; i < value.size(); i++) {
                parts.add(parse(value.get(i), with(path, i)));
            }
            if (parts.isEmpty()) {
                throw source.error("an empty list finds nothing", path);
            }
            return parts.size() == 1 ? parts.get(0) : new Expression.Or(parts);
        }
        if (value.isNull()) {
            throw source.error("expected what to search for", path);
        }
        return new Expression.Keyword(
                new ValueTest.Matching(Glob.of(value.asText(), false).within(true, true)));
    }

    private Expression fields(JsonNode map, Object... path) throws YamlException {
        List<Expression> parts = new ArrayList<>();
        for (Map.Entry<String, JsonNode> member : map.properties()) {
            parts.add(new Item(member.getKey(), with(path, member.getKey())).parse(member.getValue()));
        }
        if (parts.isEmpty()) {
            throw source.error("an empty map finds nothing", path);
        }
        return parts.size() == 1 ? parts.get(0) : new Expression.And(parts);
    }

    private static Object[] with(Object[] path, Object step) {
        Object[] longer = Arrays.copyOf(path, path.length + 1);
        longer[path.length] = step;
        return longer;
    }

    /** A field with its modifiers. */
    private final class Item {
        private final String field;
        private final List<String> modifiers;
        private final Object[] path;

        Item(String key, Object... path) throws YamlException {
            List<String> parts = List.of(key.split("\\|", -1));
            this.field = parts.get(0);
            this.modifiers = parts.subList(1, parts.size());
            this.path = path;
            for (String modifier : modifiers) {
                if (!MODIFIERS.contains(modifier)) {
                    throw source.error(
                            "the modifier '" + modifier + "' is not supported; there are "
                                    + String.join(", ", MODIFIERS),
                            path);
                }
            }
        }

        private boolean has(String modifier) {
            return modifiers.contains(modifier);
        }

        Expression parse(JsonNode value) throws YamlException {
            List<Expression> parts = new ArrayList<>();
            if (value.isArray()) {
                for (int i = 0; i < value.size(); i++) {
                    parts.add(one(value.get(i), with(path, i)));
                }
            } else {
                parts.add(one(value, path));
            }
            if (parts.isEmpty()) {
                throw source.error("an empty list finds nothing", path);
            }
            Expression joined = parts.size() == 1
                    ? parts.get(0)
                    : has("all") ? new Expression.And(parts) : new Expression.Or(parts);
            return has("neq") ? new Expression.Not(joined) : joined;
        }

        private Expression one(JsonNode value, Object... place) throws YamlException {
            if (value.isContainerNode()) {
                throw source.error("expected a text, a number, a boolean or null", place);
            }
            ValueTest test;
            try {
                test = test(value);
            } catch (IllegalArgumentException e) {
                throw source.error(e.getMessage(), place);
            }
            if (!field.isEmpty()) {
                return new Expression.Field(new FieldPath(field), test);
            }
            if (!(test instanceof ValueTest.Matching
                    || test instanceof ValueTest.AnyOf
                    || test instanceof ValueTest.Regex)) {
                throw source.error("a search without a field is for texts", place);
            }
            return new Expression.Keyword(test);
        }

        private ValueTest test(JsonNode value) {
            if (has("exists")) {
                if (!value.isBoolean()) {
                    throw new IllegalArgumentException("'exists' is true or false");
                }
                return value.asBoolean() ? new ValueTest.Present() : new ValueTest.Absent();
            }
            if (value.isNull()) {
                return new ValueTest.Absent();
            }
            String text = value.asText();
            if (has("re")) {
                return new ValueTest.Regex(regex(text));
            }
            if (has("cidr")) {
                return ValueTest.Network.of(text);
            }
            if (has("fieldref")) {
                return new ValueTest.SameAs(new FieldPath(text), before(), after(), has("cased"));
            }
            if (has("gt") || has("gte") || has("lt") || has("lte")) {
                return new ValueTest.Comparing(number(text), has("gt") || has("gte"), has("gte") || has("lte"));
            }
            List<ValueTest> tests = new ArrayList<>();
            for (String each : encoded(text)) {
                Glob glob = isEncoded() ? Glob.literal(each, has("cased")) : Glob.of(each, has("cased"));
                tests.add(new ValueTest.Matching(glob.within(before(), after())));
            }
            return tests.size() == 1 ? tests.get(0) : new ValueTest.AnyOf(tests);
        }

        private boolean before() {
            return has("contains") || has("endswith") || field.isEmpty();
        }

        private boolean after() {
            return has("contains") || has("startswith") || field.isEmpty();
        }

        private Pattern regex(String text) {
            int flags = (has("i") ? Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE : 0)
                    | (has("m") ? Pattern.MULTILINE : 0)
                    | (has("s") ? Pattern.DOTALL : 0);
            try {
                return Pattern.compile(text, flags);
            } catch (PatternSyntaxException e) {
                throw new IllegalArgumentException("no regular expression: " + e.getDescription(), e);
            }
        }

        private BigDecimal number(String text) {
            try {
                return new BigDecimal(text);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("'" + text + "' is no number", e);
            }
        }

        private boolean isEncoded() {
            return has("base64") || has("base64offset");
        }

        private List<String> encoded(String text) {
            if ((has("wide") || has("utf16le") || has("utf16be")) && !isEncoded()) {
                throw new IllegalArgumentException(
                        "'wide' needs base64 or base64offset: no field of CloudTrail is UTF-16");
            }
            List<String> texts = has("windash") ? dashes(text) : List.of(text);
            if (!isEncoded()) {
                return texts;
            }
            Charset charset = has("utf16be")
                    ? StandardCharsets.UTF_16BE
                    : has("wide") || has("utf16le") ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_8;
            List<String> encoded = new ArrayList<>();
            for (String each : texts) {
                byte[] bytes = each.getBytes(charset);
                encoded.addAll(has("base64offset") ? offsets(bytes) : List.of(base64(bytes)));
            }
            return encoded;
        }
    }

    private static List<String> dashes(String text) {
        Set<String> texts = new LinkedHashSet<>();
        texts.add(text);
        DASHES.forEach(dash -> texts.add(WINDOWS_DASH.matcher(text).replaceAll(dash)));
        return List.copyOf(texts);
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** What does not depend on where in a longer text the bytes begin, for each of three places. */
    private static List<String> offsets(byte[] bytes) {
        int[] from = {0, 2, 3};
        int[] less = {0, 3, 2};
        List<String> texts = new ArrayList<>();
        for (int offset = 0; offset < 3; offset++) {
            byte[] shifted = new byte[bytes.length + offset];
            System.arraycopy(bytes, 0, shifted, offset, bytes.length);
            String encoded = base64(shifted);
            texts.add(encoded.substring(from[offset], encoded.length() - less[shifted.length % 3]));
        }
        return texts;
    }
}
