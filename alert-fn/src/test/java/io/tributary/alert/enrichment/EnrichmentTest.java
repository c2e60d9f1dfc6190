package io.tributary.alert.enrichment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnrichmentTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'type':'IAMUser','arn':'arn:aws:iam::123456789012:user/ana'} | arn:aws:iam::123456789012:user/ana",
                "{'type':'AssumedRole','arn':'arn:aws:sts::123456789012:assumed-role/deploy/x'} | arn:aws:sts::123456789012:assumed-role/deploy",
                "{'type':'AssumedRole','arn':'arn:aws-cn:sts::123456789012:assumed-role/deploy/x','sessionContext':{'sessionIssuer':{'arn':'arn:aws-cn:iam::123456789012:role/a/deploy'}}} | arn:aws-cn:iam::123456789012:role/a/deploy",
                "{'type':'FederatedUser','arn':'arn:aws:sts::123456789012:federated-user/x','sessionContext':{'sessionIssuer':{'type':'IAMUser','arn':'arn:aws:iam::123456789012:user/ana'}}} | arn:aws:iam::123456789012:user/ana",
                "{'type':'AssumedRole','principalId':'AROAEXAMPLE:x'} | AROAEXAMPLE",
                "{'type':'WebIdentityUser','principalId':'accounts.google.com:app:user','userName':'u'} | accounts.google.com:app:user",
                "{'type':'AWSService','invokedBy':'ec2.amazonaws.com'} | ec2.amazonaws.com",
                "{'type':'AWSAccount','accountId':'111122223333'} | 111122223333"
            })
    void whoActsIsWhoIsBehindASession(String identity, String actor) {
        assertThat(facts("{'userIdentity':" + identity + "}").path("actor").asText())
                .isEqualTo(actor);
    }

    @ParameterizedTest
    @CsvSource({
        "arn:aws:iam::123456789012:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling, service-linked-role",
        "arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin_0123, identity-center-role",
        "arn:aws:iam::123456789012:role/AWSServiceRoleForAutoScaling, ''",
        "arn:aws:iam::123456789012:role/x:role/aws-service-role/AWSServiceRoleForAutoScaling, ''",
        "arn:aws:iam::123456789012:role/x/aws-service-role/y, ''",
        "arn:aws:iam::123456789012:user/aws-service-role/y, ''"
    })
    void rolesThatOnlyAwsMakesAreToldByAllOfTheirArn(String issuer, String type) {
        assertThat(facts("{'userIdentity':{'sessionContext':{'sessionIssuer':{'arn':'" + issuer + "'}}}}")
                        .path("actor_type")
                        .asText())
                .isEqualTo(type);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'0.0.0.0/0'",
                "'198.51.100.7/0'",
                "'8.0.0.0/8'",
                "'0.0.0.0/1','128.0.0.0/1'",
                "'::/0'",
                "'2000::/3'",
                "'2001:db8::/32'",
                "'::ffff:0:0/32'",
                "'10.0.0.0/8','1.0.0.0/9','1.128.0.0/9'"
            })
    void theInternetIsToldByItsWidth(String cidrs) {
        assertThat(facts("{'requestParameters':{'publicAccessCidrs':[" + cidrs + "]}}")
                        .path("networks")
                        .asText())
                .isEqualTo("internet");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'10.0.0.0/8'",
                "'172.16.0.0/12','192.168.0.0/16','100.64.0.0/10'",
                "'192.0.2.0/24'",
                "'192.0.2.0/24','192.0.2.0/24'",
                "'8.0.0.0/9'",
                "'fd00::/8'",
                "'2001:db8::/33'",
                "'localhost/0'",
                "'example.com/0'",
                "'1.2.3.4/33'",
                "'1.2.3/0'",
                "''"
            })
    void othersNetworksAreNot(String cidrs) {
        assertThat(facts("{'requestParameters':{'publicAccessCidrs':[" + cidrs + "]}}")
                        .has("networks"))
                .isFalse();
    }

    @Test
    void openingsAreFoundInEveryFormOfTheCallAndInItsAnswer() {
        for (String detail : List.of(
                "{'requestParameters':{'ipPermissions':{'items':[{'ipProtocol':'6','fromPort':22,'toPort':23,'ipRanges':{'items':[{'cidrIp':'0.0.0.0/0'}]}}]}}}",
                "{'requestParameters':{'cidrIp':'0.0.0.0/0','ipProtocol':'tcp','fromPort':22,'toPort':23,'ipPermissions':{}}}",
                "{'requestParameters':{'ModifySecurityGroupRulesRequest':{'SecurityGroupRule':[{'SecurityGroupRule':{'IpProtocol':'TCP','FromPort':22,'ToPort':23,'CidrIpv6':'::/0'}}]}}}",
                "{'requestParameters':{'groupId':'x'},'responseElements':{'securityGroupRuleSet':{'items':[{'isEgress':false,'ipProtocol':'tcp','fromPort':22,'toPort':23,'cidrIpv4':'0.0.0.0/0'}]}}}")) {
            assertThat(facts(detail).path("openings").toString())
                    .as(detail)
                    .isEqualTo("[{\"protocol\":\"tcp\",\"from\":22,\"to\":23}]");
        }
        assertThat(facts(
                                "{'requestParameters':{'ipPermissions':{'items':[{'ipProtocol':'-1','ipRanges':{'items':[{'cidrIp':'0.0.0.0/0'}]}}]}}}")
                        .path("openings")
                        .toString())
                .isEqualTo("[{\"protocol\":\"all\",\"from\":0,\"to\":65535}]");
        assertThat(facts(
                                "{'requestParameters':{},'responseElements':{'items':[{'isEgress':true,'ipProtocol':'tcp','fromPort':22,'toPort':22,'cidrIpv4':'0.0.0.0/0'}]}}")
                        .has("openings"))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'Principal':'*'} | true",
                "{'Principal':{'AWS':['arn:aws:iam::123456789012:root','*']}} | true",
                "{'principal':{'AWS':'*'}} | true",
                "{'NotPrincipal':{'AWS':'arn:aws:iam::123456789012:root'}} | true",
                "{'Principal':'*','Condition':{'StringEquals':{'aws:PrincipalOrgID':'o-a1b2c3d4e5'}}} | false",
                "{'Principal':'*','Condition':{'ForAnyValue:StringLike':{'aws:PrincipalOrgPaths':['o-a1b2c3d4e5/r-ab12/*']}}} | false",
                "{'Principal':'*','Condition':{'ForAllValues:StringLike':{'aws:PrincipalOrgPaths':['o-a1b2c3d4e5/r-ab12/*']}}} | true",
                "{'Principal':'*','Condition':{'StringEqualsIfExists':{'aws:PrincipalOrgID':'o-a1b2c3d4e5'}}} | true",
                "{'Principal':'*','Condition':{'StringNotEquals':{'aws:PrincipalOrgID':'o-a1b2c3d4e5'}}} | true",
                "{'Principal':'*','Condition':{'StringLike':{'aws:PrincipalOrgID':'o-*'}}} | true",
                "{'Principal':'*','Condition':{'StringLike':{'aws:PrincipalOrgID':['o-a1b2c3d4e5','*']}}} | true",
                "{'Principal':'*','Condition':{'ArnLike':{'aws:PrincipalArn':'arn:aws:iam::*:role/admin'}}} | true",
                "{'Principal':'*','Condition':{'ArnLike':{'aws:PrincipalArn':'arn:aws:iam::123456789012:role/*'}}} | false",
                "{'Principal':'*','Condition':{'ArnLike':{'aws:SourceArn':'arn:aws:s3:::example-bucket'}}} | false",
                "{'Principal':'*','Condition':{'ArnLike':{'aws:SourceArn':'arn:aws:s3:::*'}}} | true",
                "{'Principal':'*','Condition':{'IpAddress':{'aws:SourceIp':'192.0.2.0/24'}}} | false",
                "{'Principal':'*','Condition':{'IpAddress':{'aws:SourceIp':['0.0.0.0/1','128.0.0.0/1']}}} | true",
                "{'Principal':'*','Condition':{'Bool':{'aws:SecureTransport':'true'}}} | true",
                "{'Principal':'*','Condition':{'StringEquals':{'AWS:SourceOwner':'123456789012'}}} | false",
                "{'Principal':{'Service':'ec2.amazonaws.com'}} | false"
            })
    void whomAPolicyLetsInIsToldOfEachStatementByItself(String statement, boolean isOpen) {
        String allow = statement.replaceFirst("\\{", "{'Effect':'Allow','Action':'s3:GetObject','Resource':'*',");
        String bound =
                "{'Effect':'Allow','Principal':'*','Action':'s3:ListBucket','Resource':'*','Condition':{'StringEquals':{'aws:PrincipalOrgID':'o-a1b2c3d4e5'}}}";
        String denial = "{'Effect':'Deny','Principal':'*','Action':'s3:*','Resource':'*'}";
        String document = "{'Statement':[" + denial + "," + bound + "," + allow + "]}";
        String asText = "'" + document.replace("'", "\\\"") + "'";
        for (String policy : List.of(document, asText)) {
            assertThat(facts("{'requestParameters':{'policy':" + policy + "}}").at("/policy/open"))
                    .as(policy)
                    .isEqualTo(JSON.getNodeFactory().booleanNode(isOpen));
        }
    }

    @Test
    void aPolicyThatIsBoundToSomebodyElseLetsThatIn() throws JsonProcessingException {
        String policy = """
                {"account": "123456789012", "detail": {"requestParameters": {"policy": {"Statement": [{"Effect": "Allow",
                 "Principal": "*", "Action": "*", "Resource": "*", "Condition": {"%s": {"%s": "%s"}}}]}}}}
                """;
        for (String value : List.of("111122223333", "arn:aws:iam::111122223333:root")) {
            JsonNode event = JSON.readTree(policy.formatted("StringEquals", "aws:PrincipalAccount", value));
            assertThat(Enrichment.of(event)
                            .at("/tributary/policy/other_accounts")
                            .asBoolean())
                    .isTrue();
        }
        JsonNode own = JSON.readTree(policy.formatted("StringEquals", "aws:PrincipalAccount", "123456789012"));
        assertThat(Enrichment.of(own).at("/tributary/policy/other_accounts").asBoolean())
                .isFalse();
        JsonNode others = JSON.readTree(policy.formatted("StringEquals", "aws:PrincipalOrgID", "o-zzzzzzzzzz"));
        assertThat(Enrichment.of(others, "o-a1b2c3d4e5")
                        .at("/tributary/policy/open")
                        .asBoolean())
                .isTrue();
        assertThat(Enrichment.of(others, "o-zzzzzzzzzz")
                        .at("/tributary/policy/open")
                        .asBoolean())
                .isFalse();
        JsonNode paths = JSON.readTree(
                policy.formatted("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-a1b2c3d4e5/r-ab12/*"));
        assertThat(Enrichment.of(paths, "o-a1b2c3d4e5")
                        .at("/tributary/policy/open")
                        .asBoolean())
                .isFalse();
        JsonNode resource = JSON.readTree(policy.formatted("StringEquals", "aws:ResourceOrgID", "o-a1b2c3d4e5"));
        assertThat(Enrichment.of(resource, "o-a1b2c3d4e5")
                        .at("/tributary/policy/open")
                        .asBoolean())
                .as("the resource is the organization's in any case")
                .isTrue();
    }

    @Property(tries = 300)
    void nothingInARequestEndsIt(@ForAll String key, @ForAll String value) {
        for (String name : List.of(key, "Statement", "cidrIp", "ipProtocol", "policy")) {
            var event = JSON.createObjectNode().put("account", value);
            var request = event.putObject("detail").putObject("requestParameters");
            request.put(name, value);
            request.putObject("deeper").put(name, value).putArray("Statement").add(value);
            assertThat(Enrichment.of(event).has(Enrichment.MEMBER)).isTrue();
            assertThat(event.has(Enrichment.MEMBER))
                    .as("the event itself stays as it is")
                    .isFalse();
        }
    }

    private static JsonNode facts(String detail) {
        String text = "{'account':'123456789012','detail':" + detail + "}";
        try {
            JsonNode event = JSON.readTree(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
            return Enrichment.of(event).path(Enrichment.MEMBER);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
