package io.tributary.alert.sigma;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tributary.ocsf.Severity;
import io.tributary.yaml.YamlException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SigmaRuleTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** One search, {@code sel}, over one record: YAML's flow form and JSON, with single quotes for double ones. */
    @ParameterizedTest(name = "{0} on {1}: {2}")
    @CsvSource(delimiter = '~', quoteCharacter = '"', textBlock = """
            # ---- equality: case does not matter, numbers and booleans are their text
            {eventName: StopLogging}                  ~ {'eventName':'stoplogging'}                        ~ true
            {eventName: StopLogging}                  ~ {'eventName':'StopLoggingNow'}                     ~ false
            {eventName: [A, StopLogging]}             ~ {'eventName':'StopLogging'}                        ~ true
            {a.MFAUsed: 'NO'}                         ~ {'a':{'MFAUsed':'No'}}                             ~ true
            {a.MFAUsed: No}                           ~ {'a':{'MFAUsed':'no'}}                             ~ true
            {a.MFAUsed: 'No'}                         ~ {'a':{'MFAUsed':false}}                            ~ false
            {readOnly: 'true'}                        ~ {'readOnly':true}                                  ~ true
            {readOnly: true}                          ~ {'readOnly':'True'}                                ~ true
            {readOnly: false}                         ~ {'readOnly':true}                                  ~ false
            {port: 22}                                ~ {'port':'22'}                                      ~ true
            {port: '22'}                              ~ {'port':22}                                        ~ true
            {a: ''}                                   ~ {'a':''}                                           ~ true
            {a: ''}                                   ~ {'b':'x'}                                          ~ false
            {a: É}                                    ~ {'a':'é'}                                          ~ true
            # ---- null is absent
            {errorCode: null}                         ~ {'eventName':'x'}                                  ~ true
            {errorCode: null}                         ~ {'errorCode':null}                                 ~ true
            {errorCode: null}                         ~ {'errorCode':'AccessDenied'}                       ~ false
            {errorCode: null}                         ~ {'errorCode':''}                                   ~ false
            {errorCode: [null, Success]}              ~ {'eventName':'x'}                                  ~ true
            {a.b: null}                               ~ {'a':{}}                                           ~ true
            {a.b: null}                               ~ {'a':{'b':{}}}                                     ~ false
            {errorCode|exists: false}                 ~ {'eventName':'x'}                                  ~ true
            {errorCode|exists: true}                  ~ {'errorCode':'x'}                                  ~ true
            {errorCode|exists: true}                  ~ {'errorCode':null}                                 ~ false
            # ---- wildcards and their escapes
            {eventName: 'Delete*'}                    ~ {'eventName':'deleteTrail'}                        ~ true
            {eventName: '*Trail'}                     ~ {'eventName':'DeleteTrail'}                        ~ true
            {eventName: 'D?leteTrail'}                ~ {'eventName':'DeleteTrail'}                        ~ true
            {eventName: 'D?leteTrail'}                ~ {'eventName':'DleteTrail'}                         ~ false
            {a: '*'}                                  ~ {'a':''}                                           ~ true
            {a: '*'}                                  ~ {'b':'x'}                                          ~ false
            {a: 'x\\*y'}                              ~ {'a':'x*y'}                                        ~ true
            {a: 'x\\*y'}                              ~ {'a':'xzy'}                                        ~ false
            {a: 'x\\?'}                               ~ {'a':'x?'}                                         ~ true
            {a: 'c:\\x'}                              ~ {'a':'C:\\\\X'}                                    ~ true
            {a: 'c:\\\\*'}                            ~ {'a':'c:\\\\windows'}                              ~ true
            {a: '*a*a*b'}                             ~ {'a':'aaaaaaaaac'}                                 ~ false
            # ---- contains, startswith, endswith, all
            {a|contains: tar}                         ~ {'a':'ATTACK TARGET'}                              ~ true
            {a|contains: 't*k'}                       ~ {'a':'attack!'}                                    ~ true
            {a|startswith: AWS}                       ~ {'a':'aws-cli/2'}                                  ~ true
            {a|startswith: cli}                       ~ {'a':'aws-cli/2'}                                  ~ false
            {a|endswith: '.com'}                      ~ {'a':'iam.amazonaws.COM'}                          ~ true
            {a|contains: [x, cli]}                    ~ {'a':'aws-cli'}                                    ~ true
            {a|contains|all: [aws, cli]}              ~ {'a':'aws-cli'}                                    ~ true
            {a|contains|all: [aws, x]}                ~ {'a':'aws-cli'}                                    ~ false
            {a|contains: '*'}                         ~ {'a':'anything'}                                   ~ true
            {a|contains: '*'}                         ~ {'b':'anything'}                                   ~ false
            {a|contains: 12}                          ~ {'a':4123}                                         ~ true
            # ---- objects are searched as their JSON
            {requestParameters|contains: '0.0.0.0/0'} ~ {'requestParameters':{'x':{'cidrIp':'0.0.0.0/0'}}} ~ true
            {requestParameters|contains: 'cidrip'}    ~ {'requestParameters':{'x':{'cidrIp':'0.0.0.0/0'}}} ~ true
            {requestParameters|contains: '::/0'}      ~ {'requestParameters':{'x':{'cidrIp':'0.0.0.0/0'}}} ~ false
            {requestParameters|contains: '*'}         ~ {'requestParameters':{'x':1}}                      ~ true
            {requestParameters: '*"x":1*'}            ~ {'requestParameters':{'x':1}}                      ~ true
            {requestParameters|contains: '"Allow"'}   ~ {'requestParameters':{'p':'{\\'E\\':\\'Allow\\'}'}}   ~ true
            # ---- arrays: any element
            {a.items.port: 22}                        ~ {'a':{'items':[{'port':80},{'port':22}]}}          ~ true
            {a.items.port: 23}                        ~ {'a':{'items':[{'port':80},{'port':22}]}}          ~ false
            {a: x}                                    ~ {'a':['y','X']}                                    ~ true
            {a|contains: x}                           ~ {'a':[{'b':'yxy'}]}                                ~ true
            {a|contains|all: [x, z]}                  ~ {'a':['x','z']}                                    ~ true
            {a: null}                                 ~ {'a':[]}                                           ~ true
            {a.b: c}                                  ~ {'a':[[{'b':'c'}]]}                                ~ true
            {a.b: c}                                  ~ {'a.b':'c'}                                        ~ true
            # ---- maps and lists of maps
            {a: 1, b: 2}                              ~ {'a':1,'b':2}                                      ~ true
            {a: 1, b: 2}                              ~ {'a':1,'b':3}                                      ~ false
            [{a: 1}, {b: 2}]                          ~ {'a':0,'b':2}                                      ~ true
            [{a: 1, c: 1}, {b: 2}]                    ~ {'a':1,'b':0}                                      ~ false
            # ---- keywords: anywhere in the record
            [evil]                                    ~ {'a':{'b':['an EVIL name']}}                       ~ true
            evil                                      ~ {'a':{'b':'good'}}                                 ~ false
            ['ev*me']                                 ~ {'a':{'b':['an EVIL name']}}                       ~ true
            {'|all': [evil, name]}                    ~ {'a':'evil','b':'name'}                            ~ true
            {'|all': [evil, good]}                    ~ {'a':'evil','b':'name'}                            ~ false
            # ---- regular expressions, which may be found anywhere, and whose case matters
            {a|re: 'b+c'}                             ~ {'a':'abbcd'}                                      ~ true
            {a|re: '^b+c$'}                           ~ {'a':'abbcd'}                                      ~ false
            {a|re: 'B'}                               ~ {'a':'abc'}                                        ~ false
            {a|re|i: 'B'}                             ~ {'a':'abc'}                                        ~ true
            {a|re|s: 'a.c'}                           ~ {'a':'a\\nc'}                                      ~ true
            {a|re|m: '^c'}                            ~ {'a':'a\\nc'}                                      ~ true
            {a|re: 'a.c'}                             ~ {'a':'a\\nc'}                                      ~ false
            # ---- networks
            {ip|cidr: 192.0.2.0/24}                   ~ {'ip':'192.0.2.77'}                                ~ true
            {ip|cidr: 192.0.2.0/25}                   ~ {'ip':'192.0.2.177'}                               ~ false
            {ip|cidr: ['10.0.0.0/8', '2001:db8::/32']}~ {'ip':'2001:db8:1::9'}                             ~ true
            {ip|cidr: '2001:db8::/32'}                ~ {'ip':'192.0.2.1'}                                 ~ false
            {ip|cidr: 192.0.2.0/24}                   ~ {'ip':'cloudformation.amazonaws.com'}              ~ false
            # ---- other fields
            {a|fieldref: b}                           ~ {'a':'X','b':'x'}                                  ~ true
            {a|fieldref: b}                           ~ {'a':'x','b':'y'}                                  ~ false
            {a|fieldref: b}                           ~ {'a':'x'}                                          ~ false
            {a|fieldref|startswith: b.c}              ~ {'a':'x*y','b':{'c':'X*'}}                         ~ true
            {a|fieldref|startswith: b.c}              ~ {'a':'xzy','b':{'c':'x*'}}                         ~ false
            # ---- numbers
            {n|gt: 5}                                 ~ {'n':'5.5'}                                        ~ true
            {n|gt: 5}                                 ~ {'n':5}                                            ~ false
            {n|gte: 5}                                ~ {'n':5}                                            ~ true
            {n|lt: 5}                                 ~ {'n':-1e3}                                         ~ true
            {n|lte: 5}                                ~ {'n':6}                                            ~ false
            {n|gt: 5}                                 ~ {'n':'many'}                                       ~ false
            # ---- case, encodings, dashes, negation
            {a|cased: Root}                           ~ {'a':'root'}                                       ~ false
            {a|cased: Root}                           ~ {'a':'Root'}                                       ~ true
            {a|contains|cased: oo}                    ~ {'a':'ROOT'}                                       ~ false
            {a|base64: '#!/bin/sh'}                   ~ {'a':'IyEvYmluL3No'}                               ~ true
            {a|base64offset|contains: attack}         ~ {'a':'eGF0dGFja3k='}                               ~ true
            {a|base64offset|contains: attack}         ~ {'a':'eHhhdHRhY2s='}                               ~ true
            {a|base64offset|contains: attack}         ~ {'a':'YXR0YWNr'}                                   ~ true
            {a|wide|base64offset|contains: ab}        ~ {'a':'eABhAGIAYwA='}                               ~ true
            {a|windash|contains: ' -x'}               ~ {'a':'run /x'}                                     ~ true
            {a|windash|contains: ' -x'}               ~ {'a':'run –x'}                                     ~ true
            {a|neq: x}                                ~ {'a':'y'}                                          ~ true
            {a|neq: x}                                ~ {'a':'X'}                                          ~ false
            """)
    void aSearchFindsWhatSigmaSays(String search, String json, boolean found) throws YamlException {
        JsonNode event = json(json);
        assertThat(rule("sel: " + search, "sel").matches(event)).isEqualTo(found);
        assertThat(rule("sel: " + search, "not sel").matches(event)).isEqualTo(!found);
        SigmaRule again = SigmaRule.ofJson(rule("sel: " + search, "sel").toJson());
        assertThat(again.matches(event)).as("compiled").isEqualTo(found);
    }

    /** Conditions over a record in which {@code t1}, {@code t2} and {@code _t} are found, {@code f1} and {@code f2} not. */
    @ParameterizedTest
    @CsvSource(delimiter = '~', textBlock = """
            t1                               ~ true
            f1                               ~ false
            not f1                           ~ true
            not not t1                       ~ true
            t1 and t2                        ~ true
            t1 and f1                        ~ false
            t1 or f1                         ~ true
            f1 or t1 and t2                  ~ true
            f1 and f2 or t1                  ~ true
            f1 and (f2 or t1)                ~ false
            t1 or t2 and f1                  ~ true
            not f1 and t1                    ~ true
            not (f1 or t1)                   ~ false
            t1 and not f1 and not f2         ~ true
            NOT f1 AND T                     ~ true
            1 of t*                          ~ true
            1 of f*                          ~ false
            all of t*                        ~ true
            all of f*                        ~ false
            all of t* and not 1 of f*        ~ true
            any of f*                        ~ false
            1 of them                        ~ true
            all of them                      ~ false
            1 of *1                          ~ true
            all of *2                        ~ false
            1 of _*                          ~ true
            ((t1))                           ~ true
            """)
    void aConditionIsReadAsSigmaSays(String condition, boolean holds) throws YamlException {
        SigmaRule rule =
                rule("t1: {a: 1}\n  t2: {a: 1}\n  T: {a: 1}\n  _t: {a: 1}\n  f1: {a: 2}\n  f2: {a: 2}", condition);
        assertThat(rule.matches(json("{'a':1}"))).isEqualTo(holds);
    }

    @Test
    void themAreNotThoseThatBeginWithAnUnderscore() throws YamlException {
        String searches = "x: {a: 1}\n  _y: {a: 2}";
        assertThat(rule(searches, "all of them").matches(json("{'a':1}"))).isTrue();
        assertThat(rule(searches, "1 of them").matches(json("{'a':2}"))).isFalse();
    }

    @Test
    void severalConditionsAreAlternatives() throws YamlException {
        SigmaRule rule = rule("x: {a: 1}\n  y: {a: 2}", "[x, y]");
        assertThat(rule.matches(json("{'a':2}"))).isTrue();
        assertThat(rule.matches(json("{'a':3}"))).isFalse();
    }

    @Test
    void negatedListsMeanNoneOfThem() throws YamlException {
        SigmaRule rule =
                rule("filter: {userAgent|contains: [Console, aws-internal]}\n  sel: {a: 1}", "sel and not filter");
        assertThat(rule.matches(json("{'a':1,'userAgent':'aws-cli'}"))).isTrue();
        assertThat(rule.matches(json("{'a':1,'userAgent':'AWS-Internal'}"))).isFalse();
        assertThat(rule.matches(json("{'a':1}"))).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', textBlock = """
            sel: {a|expand: '%x%'}         ~ sel                    ~ f.yml:5: the modifier 'expand' is not supported
            sel: {a|hour: 5}               ~ sel                    ~ f.yml:5: the modifier 'hour' is not supported
            sel: {a|re: '['}               ~ sel                    ~ f.yml:5: no regular expression
            sel: {a|cidr: here}            ~ sel                    ~ f.yml:5: 'here' is no network
            sel: {a|cidr: 192.0.2.0/33}    ~ sel                    ~ f.yml:5: '192.0.2.0/33' is no network
            sel: {a|gt: x}                 ~ sel                    ~ f.yml:5: 'x' is no number
            sel: {a|exists: maybe}         ~ sel                    ~ f.yml:5: 'exists' is true or false
            sel: {a|wide|contains: x}      ~ sel                    ~ f.yml:5: 'wide' needs base64
            sel: {a: {b: c}}               ~ sel                    ~ f.yml:5: expected a text, a number
            sel: {a: []}                   ~ sel                    ~ f.yml:5: an empty list finds nothing
            sel: {}                        ~ sel                    ~ f.yml:5: an empty map finds nothing
            sel:                           ~ sel                    ~ f.yml:5: expected what to search for
            timeframe: 5m                  ~ x                      ~ f.yml:5: 'timeframe' is not supported
            sel: {a: 1}                    ~ sel | count() > 5  ~ f.yml:6: aggregations
            sel: {a: 1}                    ~ other                  ~ f.yml:6: the condition names 'other'
            sel: {a: 1}                    ~ 1 of other*            ~ f.yml:6: the condition names 'other*'
            sel: {a: 1}                    ~ 2 of sel*              ~ f.yml:6: '2 of' is not supported
            sel: {a: 1}                    ~ sel sel                ~ f.yml:6: the condition does not go on with 'sel'
            sel: {a: 1}                    ~ (sel                   ~ f.yml:6: a parenthesis is not closed
            sel: {a: 1}                    ~ sel and                ~ f.yml:6: the condition ends too early
            sel: {a: 1}                    ~ 1 of                   ~ f.yml:6: the condition ends after 'of'
            sel: {a: 1}                    ~ 5                      ~ f.yml:6: 'condition' is missing
            """)
    void whatIsNotSupportedIsRefusedWithItsLine(String searches, String condition, String problem) {
        assertThatThrownBy(() -> rule(searches, condition))
                .isInstanceOf(YamlException.class)
                .message()
                .startsWith(problem);
    }

    @Test
    void collectionsAndCorrelationsAreRefused() {
        assertThatThrownBy(() -> SigmaRule.parse("f.yml", "action: global\ntitle: x\n"))
                .hasMessage("f.yml:1: 'action' is not supported");
        assertThatThrownBy(() -> SigmaRule.parse("f.yml", "title: x\ncorrelation:\n  type: event_count\n"))
                .hasMessageContaining("'correlation' is not supported");
        assertThatThrownBy(() -> SigmaRule.parse("f.yml", "title: x\n---\ntitle: y\n"))
                .hasMessageContaining("several documents");
        assertThatThrownBy(() -> SigmaRule.parse("f.yml", "title: x\n")).hasMessage("f.yml:1: 'logsource' is missing");
    }

    @Test
    void rulesForOtherLogsAreNotOurs() throws YamlException {
        assertThat(SigmaRule.parse(
                        "f.yml", "title: x\nlogsource: {product: windows}\ndetection: {condition: y | near z}\n"))
                .isEmpty();
        assertThat(SigmaRule.parse("f.yml", "title: x\nlogsource: {product: aws, service: route53}\n"))
                .isEmpty();
    }

    @Test
    void whatARuleTellsOfItselfIsRead() throws YamlException {
        SigmaRule rule = SigmaRule.parse("f.yml", """
                        title: A title
                        status: deprecated
                        level: Critical
                        tags: [attack.t1562.008, attack.defense-evasion, attack.T1098]
                        falsepositives: [Maintenance]
                        references: [https://example.com]
                        custom: 5
                        logsource: {product: AWS, service: CloudTrail}
                        detection:
                          sel: {eventName: [X, Y], eventSource: Z.amazonaws.com}
                          filter: {eventName: Y}
                          condition: sel and not filter
                        """).orElseThrow();
        assertThat(rule.severity()).isEqualTo(Severity.CRITICAL);
        assertThat(rule.isRetired()).isTrue();
        assertThat(rule.techniques()).containsExactly("T1562.008", "T1098");
        assertThat(rule.falsePositives()).containsExactly("Maintenance");
        assertThat(rule.description()).isEqualTo("A title");
        assertThat(rule.eventNames()).contains(Set.of("x", "y"));
        assertThat(rule.eventSources()).contains(Set.of("z.amazonaws.com"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', textBlock = """
            a: {eventName: X}\\n  b: {eventName: Y}          ~ a or b         ~ x,y
            a: {eventName: X}\\n  b: {c: 1}                  ~ a and b        ~ x
            a: {eventName: X}\\n  b: {c: 1}                  ~ a or b         ~
            a: {eventName: 'X*'}                             ~ a              ~
            a: {eventName|contains: X}                       ~ a              ~
            a: {eventName: X}                                ~ not a          ~
            a: [{eventName: X}, {eventName: [Y, Z]}]         ~ a              ~ x,y,z
            a: {eventName: [X, null]}                        ~ a              ~
            a: {eventName|neq: X}                            ~ a              ~
            """)
    void theNecessaryEventNamesAreSound(String searches, String condition, String names) throws YamlException {
        SigmaRule rule = rule(searches.replace("\\n", "\n"), condition);
        assertThat(rule.eventNames()
                        .map(set -> String.join(",", new TreeSet<>(set)))
                        .orElse(null))
                .isEqualTo(names);
    }

    @Test
    @Timeout(20)
    void aRegularExpressionThatTakesTooLongIsAnAlertAndNoOutage() throws YamlException {
        SigmaRule rule = rule("sel: {a|re: '^(a|aa)+\\1b'}", "sel");
        assertThat(rule.matches(json("{'a':'" + "a".repeat(60) + "!'}"))).isTrue();
    }

    @Test
    @Timeout(20)
    void wildcardsTakeNoLongerOnHostileValues() throws YamlException {
        SigmaRule rule = rule("sel: {a: '*a*a*a*a*a*a*a*a*b'}", "sel");
        assertThat(rule.matches(json("{'a':'" + "a".repeat(100_000) + "'}"))).isFalse();
    }

    private static SigmaRule rule(String searches, String condition) throws YamlException {
        return SigmaRule.parse(
                        "f.yml",
                        "title: x\nlogsource: {product: aws, service: cloudtrail}\nlevel: high\ndetection:\n  "
                                + searches + "\n  condition: " + condition + "\n")
                .orElseThrow();
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text.replace('\'', '"'));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
