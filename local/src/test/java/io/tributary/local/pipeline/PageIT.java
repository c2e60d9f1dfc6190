package io.tributary.local.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tributary.local.pipeline.page.PageServer;
import io.tributary.local.pipeline.process.Loopback;
import io.tributary.local.pipeline.traffic.Replay;
import java.io.File;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** The page in a real browser, before a pipeline that runs. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PageIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Dimension LAPTOP = new Dimension(1_366, 850);
    private static final Dimension PHONE = new Dimension(400, 850);

    @TempDir
    private static Path data;

    private static LocalPipeline pipeline;
    private static PageServer page;
    private static ChromeDriver browser;

    @BeforeAll
    static void start() throws Exception {
        Optional<Path> chromium = found("chromium", "chromium-browser", "google-chrome");
        Optional<Path> driver = found("chromedriver");
        assumeTrue(
                chromium.isPresent() && driver.isPresent(),
                "no chromium and chromedriver on the path: the page is not tested");
        pipeline = new LocalPipeline(
                new LocalPipeline.Plan(
                        Path.of("..").toAbsolutePath().normalize(),
                        data,
                        4,
                        40,
                        42,
                        URI.create("http://localhost/"),
                        Duration.ofSeconds(3),
                        Duration.ofDays(1),
                        "",
                        Map.of()),
                part -> {});
        page = new PageServer(Loopback.bind(0), pipeline);
        pipeline.traffic().history(3, 400, Duration.ZERO);
        pipeline.traffic().start();
        browser = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(driver.get().toFile())
                        .build(),
                options(chromium.get()));
        browser.manage().window().setSize(LAPTOP);
    }

    private static ChromeOptions options(Path chromium) {
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        ChromeOptions options = new ChromeOptions()
                .setBinary(chromium.toFile())
                .addArguments(
                        "--headless=new",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync");
        options.setCapability("goog:loggingPrefs", logs);
        return options;
    }

    private static Optional<Path> found(String... names) {
        return Stream.of(names)
                .flatMap(name -> Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    @AfterAll
    static void end() {
        if (browser != null) {
            browser.quit();
        }
        if (page != null) {
            page.close();
        }
        if (pipeline != null) {
            pipeline.close();
        }
    }

    @AfterEach
    void nothingWentWrongInTheBrowser() {
        if (browser != null) {
            assertThat(browser.manage().logs().get(LogType.BROWSER).getAll())
                    .extracting(LogEntry::getMessage)
                    .isEmpty();
        }
    }

    @Test
    @Order(1)
    void itShowsEventsWithinTenSecondsAndThatNoneIsLost() {
        open("pipeline");
        await(10, () -> value("[data-count='transform.EventsIn']") > 0);
        await(30, () -> "true".equals(attribute("#balance", "data-even")));
        long before = value("[data-count='transform.EventsIn']");
        await(10, () -> value("[data-count='transform.EventsIn']") > before);
    }

    @Test
    @Order(2)
    void anAttackLeadsToAnAlertByEmailAndChatAndToItsEvent() {
        open("pipeline");
        click("button[data-story='stolen-password']");
        open("alerts");
        await(
                30,
                () -> !all(".alert[data-rule='cloudtrail/admin-policy-attached']")
                        .isEmpty());
        click(".alert[data-rule='cloudtrail/admin-policy-attached']");
        await(
                10,
                () -> text("#alert-email").contains("Administrator policy attached")
                        && text("#alert-email").contains("What to do")
                        && text("#alert-chat").contains("Administrator policy attached"));
        assertThat(text("#alert-chat")).as("as it is shown, not as it is sent").doesNotContain(":red_circle:");

        String event = pipeline.topics().told(0).stream()
                .filter(message -> message.text().contains("#event="))
                .map(message -> message.text().replaceAll("(?s).*#event=([\\w-]+).*", "$1"))
                .findFirst()
                .orElseThrow();
        open("event=" + event);
        await(20, () -> browser.findElement(By.tagName("main")).getText().contains(event));
    }

    @Test
    @Order(3)
    void eventsAreSearchedAndNarrowed() {
        open("search");
        await(20, () -> value("#search-total") > 0);
        WebElement input = browser.findElement(By.cssSelector("#search-input"));
        input.clear();
        input.sendKeys("mallory*", Keys.ENTER);
        await(20, () -> value("#search-total") > 0 && value("#search-total") < 100);
        // the list is drawn anew now and then
        await(
                10,
                () -> browser.findElement(By.cssSelector("#search-hits, [data-section='search']"))
                        .getText()
                        .contains("mallory-"));
        assertThat(all(".hit")).isNotEmpty();

        input.clear();
        input.sendKeys("[", Keys.ENTER);
        await(
                10,
                () -> browser.findElement(By.cssSelector("[data-section='search']"))
                        .getText()
                        .contains("parse"));
    }

    /** Whoever writes into a log must not write into the page. */
    @Test
    @Order(4)
    void whatStandsInALogStaysText() throws Exception {
        Path file = Files.createTempFile(data, "log", ".json");
        Files.writeString(
                file,
                "{\"level\":\"INFO\",\"message\":\"needle <img src=x onerror=window.hacked=1> <script>window.hacked=1</script>\"}\n");
        pipeline.replay(new Replay(List.of(file.toString())));
        open("search");
        WebElement input = browser.findElement(By.cssSelector("#search-input"));
        await(30, () -> {
            input.clear();
            input.sendKeys("needle", Keys.ENTER);
            pause();
            return all(".hit").size() == 1 && all(".hit").get(0).getText().contains("onerror");
        });
        click(".hit");
        pause();
        assertThat(browser.executeScript("return window.hacked")).isNull();
    }

    @Test
    @Order(5)
    void aFaultIsSwitchedOnAndOff() throws Exception {
        open("pipeline");
        click("input[data-fault='search-down']");
        await(10, () -> pipeline.faults().has(Fault.SEARCH_DOWN));
        click("input[data-fault='search-down']");
        await(10, () -> !pipeline.faults().has(Fault.SEARCH_DOWN));
    }

    @Test
    @Order(6)
    void aDayIsVerifiedAndRestored() throws Exception {
        post("plan", "{}");
        await(60, () -> pipeline.counts().of("archive.ObjectsArchived") >= 10);
        open("archive");
        click("#verify");
        await(
                30,
                () -> browser.findElement(By.cssSelector("[data-section='archive']"))
                        .getText()
                        .toLowerCase()
                        .contains("intact"));
        assertThat(all("#restore-form")).hasSize(1);
    }

    @Test
    @Order(7)
    void itFitsAPhone() {
        browser.manage().window().setSize(PHONE);
        for (String section : List.of("pipeline", "search", "alerts", "archive")) {
            open(section);
            pause();
            assertThat((Long) browser.executeScript(
                            "return document.documentElement.scrollWidth - document.documentElement.clientWidth"))
                    .as("pixels that %s is too wide", section)
                    .isLessThanOrEqualTo(0L);
        }
        browser.manage().window().setSize(LAPTOP);
    }

    private static void open(String hash) {
        browser.get(page.address() + "#" + hash);
    }

    private static void post(String name, String body) throws Exception {
        HttpResponse<String> response = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(page.address().resolve("api/" + name))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        JsonNode unused = JSON.readTree(response.body());
        assertThat(unused.has("error")).isFalse();
    }

    private static void click(String selector) {
        await(15, () -> {
            List<WebElement> found = all(selector);
            if (found.isEmpty()) {
                return false;
            }
            // a switch is drawn by its label, over the input
            browser.executeScript("arguments[0].click()", found.get(0));
            return true;
        });
    }

    private static List<WebElement> all(String selector) {
        return browser.findElements(By.cssSelector(selector));
    }

    private static String text(String selector) {
        List<WebElement> found = all(selector);
        return found.isEmpty() ? "" : found.get(0).getText();
    }

    private static String attribute(String selector, String name) {
        List<WebElement> found = all(selector);
        return found.isEmpty() ? "" : String.valueOf(found.get(0).getDomAttribute(name));
    }

    private static long value(String selector) {
        String value = attribute(selector, "data-value");
        return value.matches("\\d+") ? Long.parseLong(value) : 0;
    }

    private static void await(int seconds, BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (!holds(condition)) {
            assertThat(System.nanoTime()).as("in " + seconds + " s").isLessThan(end);
            pause();
        }
    }

    private static boolean holds(BooleanSupplier condition) {
        try {
            return condition.getAsBoolean();
        } catch (StaleElementReferenceException e) {
            // the page has drawn it anew meanwhile
            return false;
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(300);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
