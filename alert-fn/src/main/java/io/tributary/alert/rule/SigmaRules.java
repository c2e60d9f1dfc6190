package io.tributary.alert.rule;

import io.tributary.alert.Template;
import io.tributary.alert.sigma.SigmaRule;
import io.tributary.yaml.YamlException;
import io.tributary.yaml.YamlValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Rules of the Sigma format as rules of ours: what they do not say has defaults. */
final class SigmaRules {
    private static final Pattern DETECTION = Pattern.compile("(?m)^(detection|logsource|correlation|action)\\s*:");

    private static final Template WHAT =
            Template.of("{detail.userIdentity.arn|detail.userIdentity.invokedBy|detail.userIdentity.principalId} called"
                    + " {detail.eventName} of {detail.eventSource}");

    private static final Template ASK =
            Template.of("Ask {detail.userIdentity.arn|detail.userIdentity.principalId} whether it was meant.");

    private SigmaRules() {}

    /** Whether a file has what Sigma's format demands, and ours does not know. */
    static boolean isSigma(String text) {
        return DETECTION.matcher(text).find();
    }

    /** The rule, if it is for CloudTrail; it may have {@code tests} as ours have, which Sigma's format leaves room for. */
    static Optional<RuleFile> parse(String file, String id, String text) throws YamlException {
        Optional<SigmaRule> sigma = SigmaRule.parse(file, text);
        if (sigma.isEmpty()) {
            return Optional.empty();
        }
        Optional<YamlValue> tests = YamlValue.parse(file, text).member("tests");
        List<RuleCase> cases = tests.isPresent() ? RuleFile.cases(tests.get(), "sigma") : List.of();
        return Optional.of(new RuleFile(rule(id.toLowerCase(Locale.ROOT), sigma.get()), cases));
    }

    private static Rule rule(String id, SigmaRule sigma) {
        List<Template> runbook = new ArrayList<>();
        runbook.add(ASK);
        sigma.falsePositives().stream()
                .map(cause -> Template.of("Rule out a harmless cause: " + cause.replaceAll("[{}]", "")))
                .forEach(runbook::add);
        return new Rule(
                id,
                sigma.title(),
                sigma.severity(),
                sigma.isRetired() ? RuleStatus.DISABLED : RuleStatus.ACTIVE,
                sigma.description(),
                runbook,
                sigma.references(),
                sigma.techniques(),
                new Detection.Sigma(sigma),
                List.of("account", "tributary.actor"),
                Duration.ofHours(1),
                Optional.empty(),
                WHAT,
                Map.of());
    }
}
