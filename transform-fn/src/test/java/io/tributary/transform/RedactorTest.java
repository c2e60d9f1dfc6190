package io.tributary.transform;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.json.JsonOutput;
import io.tributary.json.JsonText;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactorTest {
    private static final String SECRET_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    private static final String RANDOM_KEY = "x7Qd2/Lp0vZ+aT9kRj4WmE1yHc8sNf3GbU6oXi5D";
    private static final String SESSION_TOKEN = "IQoJb3JpZ2luX2VjEXAMPLE" + "aB3dE5gH7jK9/mN+".repeat(8);
    private static final String WEB_TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkphbmUgRG9lIn0"
            + ".SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c";

    private final Redactor redactor = new Redactor();

    /** The inside of a document, with what is secret between « and ». */
    private static Stream<String> secrets() {
        return Stream.of(
                // members
                """
                "password":"«hunter2»"
                """,
                """
                "dbPassword" : "«a \\"quoted\\" one\\u00e9\\\\»"
                """,
                """
                "DB_PASSWORD":"«x»","db.passwd":"«y»","PWD":"«z»","password2":"«w»","pass-phrase":"«v»"
                """,
                """
                "secretAccessKey":"«abc»","sessionToken":"«def»","accessKeyId":"AKIAIOSFODNN7EXAMPLE"
                """,
                """
                "secretString":"«{\\"user\\":\\"jane\\",\\"pin\\":1}»","secretBinary":"«AAEC»"
                """,
                """
                "secretString":{"user":"«jane»","pins":["«1»","«2»"],"id":"arn:aws:iam::123456789012:user/jane"},"a":"b"
                """,
                """
                "refresh_token":"«r»","access_token":"«a»","id_token":"«i»","apiKey":"«k»","x-api-key":"«l»"
                """,
                """
                "authorization":["«Bearer abc»","«def»"],"multi":{"Proxy-Authorization":["«x»"]}
                """,
                """
                "clientSecret":"«s»","connectionString":"«Server=db;Pwd=x»","privateKey":"«k»"
                """,
                """
                "clientSecret":[{"password":"«x»"}]
                """,
                // JSON within strings
                """
                "message":"{\\"password\\":\\"«hunter2»\\",\\"user\\":\\"jane\\"}"
                """,
                """
                "message":"{\\n  \\"password\\": \\"«a\\\\\\"b»\\",\\n  \\"user\\": \\"jane\\"\\n}"
                """,
                """
                "a":"{\\"b\\":\\"{\\\\\\"password\\\\\\":\\\\\\"«hunter2»\\\\\\",\\\\\\"c\\\\\\":1}\\"}"
                """,
                """
                "message":"cut {\\"password\\":\\"«hunter»","next":"x"
                """,
                """
                "message":"{\\"passwords\\":1,\\"authorization\\":[\\"«a»\\",\\"«b»\\"],\\"c\\":[\\"d\\"]}"
                """,
                // plain text
                """
                "message":"login password=«hunter2» user=jane"
                """,
                """
                "message":"login password: «hunter2», user: jane"
                """,
                """
                "message":"password = «hunter2»;\\npassword := '«it''s»'\\npassword=\\"«a b»\\" {'password': '«x»', \
                'a': 'b'}"
                """,
                """
                "message":"{:password=>\\"«x»\\", :user=>\\"jane\\"}"
                """,
                """
                "message":"mysql --user jane --db-password «hunter2» --password=«x» --host h"
                """,
                """
                "message":"a\\npassword=«b»\\nc"
                """,
                """
                "message":"password=«b\\\\c»"
                """,
                """
                "message":"export AWS_SECRET_ACCESS_KEY=«%s»"
                """.formatted(SECRET_KEY),
                """
                "query":"a=b&access_token=«abc»&c=d","other":"?password=«x»&e=f"
                """,
                """
                \
                "query":"X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20260131&\
                X-Amz-Security-Token=«IQoJ%2Fx»&X-Amz-Signature=«0f1e»"
                """,
                """
                "url":"https://b.example.com/k?a=1\\u0026X-Amz-Signature=«0f1e»\\u0026X-Amz-Expires=300"
                """,
                // SQL
                """
                "message":"CREATE USER 'jane'@'%' IDENTIFIED BY '«hunter2»' PASSWORD EXPIRE"
                """,
                """
                "message":"ALTER ROLE jane WITH PASSWORD '«it''s»' LOGIN; SET PASSWORD = '«x»'"
                """,
                // URLs
                """
                "url":"postgres://jane:«hunter2»@db.example.com:5432/orders"
                """,
                """
                "url":"https:\\/\\/jane:«p:q@r»@example.com\\/x",\
                "b":"https://«ghp_0123456789abcdefghijABCDEFGHIJ012345»@github.com/a"
                """,
                // HTTP
                """
                "message":"Authorization: Bearer «abc.DEF-123_~+/=» sent"
                """,
                """
                "message":"authorization: basic «amFuZTpodW50ZXIy», accept: */*"
                """,
                """
                "message":"token is Bearer «0123abcdef» ok","b":"Basic «amFuZTpodW50ZXIy»"
                """,
                """
                "headers":[{"name":"Authorization","value":"«x»"},{"name":"X-Api-Key","value":"«y»"},{"name":"host",\
                "value":"z"}]
                """,
                """
                "a":[{"Name":"x-amz-security-token","Value":"«x»"},{"parameterKey":"DbPassword","parameterValue":"«y»"}]
                """,
                """
                "m":"[{\\"name\\":\\"DB_PASSWORD\\",\\"value\\":\\"«x»\\"},{\\"name\\":\\"HOST\\",\\"value\\":\\"h\\"}]"
                """,
                """
                "authorization":"AWS4-HMAC-SHA256 \
                Credential=AKIAIOSFODNN7EXAMPLE/20260131/eu-central-1/s3/aws4_request, \
                SignedHeaders=host, Signature=«fe5f80»"
                """,
                """
                "message":"Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/x, Signature=«fe5f80» sent"
                """,
                // options of commands
                """
                "message":"curl -sS -u jane:«hunter2» https://example.com -o x","b":"curl -ujane:«x» -U 'p:«y z»' https://example.com"
                """,
                """
                "message":"curl --user \\"jane:«a b»\\" https://example.com && mysqldump -uroot -p'«hunter2»' -h db shop"
                """,
                """
                "message":"mysql -P 3306 -u root -p«hunter2» shop","b":"sshpass -p «x» ssh host; redis-cli -h r -a «y» ping"
                """,
                """
                "message":"docker login -u jane -p «x» r.example.com","b":"ldapsearch -D cn=a -w «y» -b dc=z","c":"openssl rsa -passin pass:«z»"
                """,
                """
                "message":"MYSQL_PWD=«a» mysql; PGPASSWORD=«b» psql; smbclient //h/s -U jane%«c»"
                """,
                """
                "message":"password=«AWS4-HMAC-SHA256hunter2» x","password":"«AWS4-HMAC-SHA256 hunter2»"
                """,
                // passes and cookies
                """
                "pass":"«x»","dbPass":"«y»","db_pass":"«z»","message":"pass=«hunter2» --pass=«a» bypass=b"
                """,
                """
                "Cookie":"«session=abc; theme=dark»","set-cookie":["«sid=a; Path=/»","«b=c»"],"cookies":{"sid":"«x»"},"a":"b"
                """,
                """
                "headers":[{"name":"cookie","value":"«sid=a»"},{"name":"host","value":"h"}]
                """,
                """
                "message":"GET / HTTP/1.1\\r\\nCookie: «sid=a; b=c»\\r\\nAccept: */*","b":"Set-Cookie: «a=b; HttpOnly»"
                """,
                """
                "message":"AccountName=x;AccountKey=«abc+/==»;EndpointSuffix=core"
                """,
                // tokens as their issuers document them
                """
                "a":"«sk_live_0123456789abcdefABCDEFGH»","b":"key «rk_live_0123456789abcdefABCDEFGH» used","c":"«whsec_0123456789abcdefABCDEFGH0123»"
                """,
                """
                "a":"«glpat-0123456789abcdefABCDEFGH0123»","b":"«npm_0123456789abcdefghijABCDEFGHIJ012345»","c":"«AIzaSy0123456789abcdefghijABCDEFGHIJ012»"
                """,
                """
                "a":"«sk-ant-api03-0123456789abcdefABCDEFGH»","b":"«sk-proj-0123456789abcdefABCDEFGH»","c":"«dckr_pat_0123456789abcdefABCDEFGHIJK»"
                """,
                """
                "a":"«SG.0123456789abcdefghijAB.0123456789abcdefghijABCDEFGHIJ0123456789ab»","b":"x «hvs.0123456789abcdefABCDEFGH0123456789abcdef» y"
                """,
                """
                "a":"got «eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c» from jane"
                """,
                // by their form
                """
                "message":"got «%s» from jane"
                """.formatted(WEB_TOKEN),
                """
                "a":"line\\n«%s»","b":"/callback/«%s»"
                """.formatted(WEB_TOKEN, WEB_TOKEN),
                """
                "message":"«-----BEGIN RSA PRIVATE KEY-----\\nMIIEabc\\n+/x==\\n-----END RSA PRIVATE KEY-----»\\nnext"
                """,
                """
                "a":"{\\"key\\":\\"«-----BEGIN PRIVATE KEY-----\\\\nMIIE»\\"}",\
                "b":"«-----BEGIN OPENSSH PRIVATE KEY-----\\nMIIE»","c":"d"
                """,
                """
                "a":"AKIAIOSFODNN7EXAMPLE,«%s»","b":"aws secret:\\t«%s»"
                """.formatted(SECRET_KEY, SECRET_KEY),
                """
                "a":"«%s»","b":"x=«%s»","c":"line\\n«%s»\\n"
                """.formatted(RANDOM_KEY, RANDOM_KEY, RANDOM_KEY),
                """
                "a":"«%s==»"
                """.formatted(SESSION_TOKEN),
                """
                "a":"«ghp_0123456789abcdefghijABCDEFGHIJ012345»","b":"«github_pat_11ABCDEFG0abcdefghijkl_mnopqrstuvwx»"
                """,
                """
                "a":"«xoxb-012345678901-0123456789012-AbCdEfGhIjKlMnOpQrStUvWx»"
                """);
    }

    /** The insides of documents that hold no secret. */
    private static Stream<String> noSecrets() {
        return Stream.of(
                """
                "time":1769903999123,"class_uid":6003,\
                "metadata":{"uid":"37000000000000000000000000000000000000000000000000000001"}
                """,
                """
                "user":{"credential_uid":"AKIAIOSFODNN7EXAMPLE","uid":"AROAEXAMPLEEXAMPLE123:session"}
                """,
                """
                "nextToken":"AAMA-EFRSURBSGhIbGhKQ","clientToken":"c","clientRequestToken":"d","continuationToken":"e"
                """,
                """
                "secretId":"prod/db","secretArn":"a","secretName":"b","secretVersion":"c","secretVersionId":"d",\
                "secrets":["e"]
                """,
                """
                "password":"HIDDEN_DUE_TO_SECURITY_REASONS","secret":"***","pwd":"","apiKey":"[REDACTED]",\
                "token":"<redacted>"
                """,
                """
                "password":null,"generateSecret":true,"idToken":false,"message":"password=null, secret=true"
                """,
                """
                "clientSecret":"arn:aws:secretsmanager:eu-central-1:123456789012:secret:prod/db-AbCdEf"
                """,
                """
                "message":"arn:aws:secretsmanager:eu-central-1:123456789012:secret:prod/db-AbCdEf"
                """,
                """
                "masterUserPassword":"{{resolve:secretsmanager:prod}}","secret":"${DB_SECRET}","apiKey":"<api-key>"
                """,
                """
                "masterUserSecret":{"secretArn":"a","secretStatus":"active","kmsKeyId":"k"}
                """,
                """
                "passwordLastUsed":"2026-01-31T10:20:30Z","passwordResetRequired":"x","minimumPasswordLength":14
                """,
                """
                "message":"open /etc/passwd: permission denied"
                """,
                """
                "message":"PWD=/home/app OLDPWD=/","pwd":"/srv/app"
                """,
                """
                "message":"Foo::Password::check AWS::Serverless::Authorization"
                """.replace(": x", ""),
                """
                "message":"Bearer authentication is required","a":"Basic Authentication",\
                "b":"WWW-Authenticate: Bearer realm"
                """,
                """
                "url":"https://example.com:443/a@b","b":"ssh://git@example.com/x","c":"http://[2001:db8::1]:80/"
                """,
                """
                "headers":[{"name":"host","value":"x"},{"name":"user-agent","value":"y"}],"env":[{"value":"z"}]
                """,
                """
                "etag":"9b74c9897bac770ffc029102a200c5de12345678","sha1":"2fd4e1c67a2d28fced849ee1bb76e7391b93eb12"
                """,
                """
                "codeSha256":"x7Qd2/Lp0vZ+aT9kRj4WmE1yHc8sNf3GbU6oXi5Dqw8=","id2":"%s"
                """.formatted(RANDOM_KEY + "aB3dE5gH7jK9/mN+aB3dE5gH7jK9/mN+XYZ1"),
                """
                "key":"logs/AppServer1/2026/January/ReportEast0","name":"MyCompanyProdApplicationStackBucket12345"
                """.replace("Report0012345", "Report001"),
                """
                \
                "key":"AWSLogs/123456789012/CloudTrail/eu-central-1/2026/01/31/123456789012_CT_x_abcdefgh.json.gz"
                """,
                """
                "requestId":"C3D13FE58DE4C810","uuid":"12345678-90ab-cdef-1234-567890abcdef",\
                "host":"a.very.long.name.example.com"
                """,
                """
                "a":"eyJhbGciOiJIUzI1NiJ9","b":"-----BEGIN CERTIFICATE-----\\nMIIE\\n-----END CERTIFICATE-----"
                """,
                """
                "a":"-----BEGIN PUBLIC KEY-----\\nMIIE","b":"the private key is lost"
                """,
                """
                "message":"enter password:\\nok","b":"password=","c":"{\\"cmd\\":\\"password=\\",\\"d\\":\\"e\\"}"
                """);
    }

    @ParameterizedTest
    @MethodSource("secrets")
    void secretIsReplacedAndAllElseIsKept(String marked) {
        String inside = marked.strip();
        String document = document(inside.replace("«", "").replace("»", ""));
        String expected = document(inside.replaceAll("«.*?»", "[REDACTED]"));
        int secrets = (int) inside.chars().filter(c -> c == '«').count();

        JsonOutput out = out(document);

        assertThat(redactor.redact(out, 0)).isEqualTo(secrets);
        assertThat(out).hasToString(expected);
        assertThat(isJson(expected)).as("the test's own document is JSON").isTrue();
    }

    @ParameterizedTest
    @MethodSource("secrets")
    void whatIsRedactedHasNoSecrets(String marked) {
        String document = document(marked.strip().replaceAll("«.*?»", "[REDACTED]"));

        JsonOutput out = out(document);

        assertThat(redactor.redact(out, 0)).isZero();
        assertThat(out).hasToString(document);
    }

    @ParameterizedTest
    @MethodSource("noSecrets")
    void whatIsNoSecretIsLeftAlone(String inside) {
        String document = document(inside.strip());

        JsonOutput out = out(document);

        assertThat(redactor.redact(out, 0)).isZero();
        assertThat(out).hasToString(document);
        assertThat(isJson(document)).isTrue();
    }

    @Test
    void numberBecomesAString() {
        assertThat(redacted("{\"pin\":1,\"password\":-12.5e3,\"a\":2}"))
                .isEqualTo("{\"pin\":1,\"password\":\"[REDACTED]\",\"a\":2}");
        assertThat(redacted("{\"m\":\"{\\\"password\\\": 123}\"}"))
                .isEqualTo("{\"m\":\"{\\\"password\\\": \\\"[REDACTED]\\\"}\"}");
    }

    @Test
    void documentsBeforeAreNotTouched() {
        JsonOutput out = out("{\"password\":\"a\"}\n");
        int from = out.length();
        out.ascii("{\"password\":\"b\"}");

        assertThat(redactor.redact(out, from)).isOne();
        assertThat(out).hasToString("{\"password\":\"a\"}\n{\"password\":\"[REDACTED]\"}");
    }

    @Test
    void redactorIsUsedAgainAndAgain() {
        assertThat(redacted(document("\"password\":\"abc\",\"b\":\"c\"")))
                .isEqualTo(document("\"password\":\"[REDACTED]\",\"b\":\"c\""));
        assertThat(redacted("{}")).isEqualTo("{}");
        assertThat(redacted(document("\"a\":\"b\""))).isEqualTo(document("\"a\":\"b\""));
    }

    /** Pieces of secrets, quotes and escapes put together at random: whatever comes out must still be JSON. */
    @Test
    void anythingStaysJson() {
        List<String> pieces = List.of(
                "password",
                "\"",
                "\\\"",
                "\\\\\\\"",
                "\\",
                "\\n",
                "\\u0026",
                ":",
                "=",
                " ",
                "{",
                "}",
                "[",
                "]",
                ",",
                "'",
                "secret",
                "Bearer ",
                "authorization",
                "://a:b@",
                "-----BEGIN PRIVATE KEY-----",
                "-----END ",
                "--password ",
                "x",
                "1",
                "-2.5",
                "name",
                "value",
                "AWS4-HMAC-SHA256 ",
                "Signature=",
                "eyJ",
                ".",
                "/",
                "identified by '",
                "curl -u a:",
                "mysql -p",
                "docker login -p ",
                "Cookie: ",
                "pass",
                "sk_live_0123456789abcdefABCDEFGH",
                "SG.",
                "hvs.",
                WEB_TOKEN,
                SECRET_KEY,
                RANDOM_KEY,
                SESSION_TOKEN,
                "é",
                "\u0001",
                "null");
        Random random = new Random(20260131);
        for (int round = 0; round < 20_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(24); i >= 0; i--) {
                text.append(pieces.get(random.nextInt(pieces.size())));
            }
            byte[] utf8 = text.toString().getBytes(StandardCharsets.UTF_8);
            JsonOutput out = new JsonOutput(64);
            out.ascii("{\"time\":1,\"message\":\"")
                    .escaped(utf8, 0, utf8.length)
                    .ascii("\",\"a\":[\"");
            out.escaped(utf8, 0, utf8.length / 2).ascii("\"]}");
            String document = out.toString();
            if (!isJson(document)) {
                // the text was cut within a character
                continue;
            }

            redactor.redact(out, 0);

            assertThat(isJson(out.toString()))
                    .as("%s%nbecame%n%s", document, out)
                    .isTrue();
        }
    }

    /** Whatever the text: each byte is looked at a bounded number of times. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "pwd=AWS4-HMAC-SHA256",
                "Authorization: AWS4-HMAC-SHA256 ",
                "password=",
                "eyJ",
                "eyJ.",
                " -p",
                "curl -u ",
                " -u a:b",
                "cookie: ",
                "sk_live_",
                "SG.a.",
                "pass=",
                "{\\\"a\\\":",
                "://a:b@"
            })
    void aLongLineTakesTimeInItsLengthAlone(String piece) {
        String line = "{\"message\":\"" + piece.repeat((1 << 19) / piece.length()) + "\"}";
        JsonOutput out = out(line);
        long began = System.nanoTime();

        redactor.redact(out, 0);

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(3));
        assertThat(isJson(out.toString())).isTrue();
    }

    private String redacted(String document) {
        JsonOutput out = out(document);
        redactor.redact(out, 0);
        return out.toString();
    }

    private static String document(String inside) {
        return "{\"@timestamp\":\"2026-01-31T10:20:30.000Z\"," + inside + ",\"severity_id\":1}";
    }

    private static JsonOutput out(String text) {
        return new JsonOutput(16).raw(text.getBytes(StandardCharsets.UTF_8));
    }

    private static boolean isJson(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return new JsonText().parse(utf8, 0, utf8.length);
    }
}
