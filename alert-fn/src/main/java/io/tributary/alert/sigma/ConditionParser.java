package io.tributary.alert.sigma;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a condition. From loose to tight: {@code or}, {@code and}, {@code not}, then a search identifier,
 * {@code 1 of}, {@code any of} or {@code all of} a pattern or {@code them}, or parentheses.
 */
final class ConditionParser {
    private static final Pattern TOKEN = Pattern.compile("\\s*([()|]|[^\\s()|]+)");

    private final Map<String, Expression> searches;
    private final List<String> tokens = new ArrayList<>();
    private int next;

    private ConditionParser(Map<String, Expression> searches, String condition) {
        this.searches = searches;
        Matcher matcher = TOKEN.matcher(condition);
        while (matcher.find()) {
            tokens.add(matcher.group(1));
        }
    }

    /**
     * Reads.
     *
     * @param searches what the rule searches for, by identifier
     * @throws IllegalArgumentException if it is no condition; the message says why
     */
    static Expression parse(String condition, Map<String, Expression> searches) {
        ConditionParser parser = new ConditionParser(searches, condition);
        Expression expression = parser.or();
        if (parser.next < parser.tokens.size()) {
            String token = parser.tokens.get(parser.next);
            throw new IllegalArgumentException(
                    token.equals("|")
                            ? "aggregations ('| count() …') are not supported; use a rule with a threshold"
                            : "the condition does not go on with '" + token + "'");
        }
        return expression;
    }

    private boolean take(String word) {
        boolean is = next < tokens.size() && tokens.get(next).equalsIgnoreCase(word);
        if (is) {
            next++;
        }
        return is;
    }

    private Expression or() {
        List<Expression> parts = new ArrayList<>(List.of(and()));
        while (take("or")) {
            parts.add(and());
        }
        return parts.size() == 1 ? parts.get(0) : new Expression.Or(parts);
    }

    private Expression and() {
        List<Expression> parts = new ArrayList<>(List.of(not()));
        while (take("and")) {
            parts.add(not());
        }
        return parts.size() == 1 ? parts.get(0) : new Expression.And(parts);
    }

    private Expression not() {
        return take("not") ? new Expression.Not(not()) : primary();
    }

    private Expression primary() {
        if (take("(")) {
            Expression inner = or();
            if (!take(")")) {
                throw new IllegalArgumentException("a parenthesis is not closed in the condition");
            }
            return inner;
        }
        if (next == tokens.size()) {
            throw new IllegalArgumentException("the condition ends too early");
        }
        String token = tokens.get(next++);
        if (take("of")) {
            return quantified(token);
        }
        Expression search = searches.get(token);
        if (search == null) {
            throw new IllegalArgumentException("the condition names '" + token + "', which the rule does not have");
        }
        return search;
    }

    private Expression quantified(String quantity) {
        if (next == tokens.size()) {
            throw new IllegalArgumentException("the condition ends after 'of'");
        }
        List<Expression> parts = named(tokens.get(next++));
        return switch (quantity.toLowerCase(Locale.ROOT)) {
            case "1", "any" -> new Expression.Or(parts);
            case "all" -> new Expression.And(parts);
            default ->
                throw new IllegalArgumentException(
                        "'" + quantity + " of' is not supported; there are '1 of', 'any of' and 'all of'");
        };
    }

    /** What a pattern names; {@code them} is all but what begins with an underscore. */
    private List<Expression> named(String pattern) {
        Glob glob = Glob.of(pattern.equalsIgnoreCase("them") ? "*" : pattern, true);
        List<Expression> parts = new ArrayList<>();
        searches.forEach((name, search) -> {
            if (glob.matches(name) && !(pattern.equalsIgnoreCase("them") && name.startsWith("_"))) {
                parts.add(search);
            }
        });
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("the condition names '" + pattern + "', which the rule does not have");
        }
        return parts;
    }
}
