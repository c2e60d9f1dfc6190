package io.tributary.transform;

import static io.restassured.RestAssured.given;
import static io.restassured.parsing.Parser.JSON;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

@QuarkusTest
class TransformHandlerTest {
    @Test
    void answersAnEvent() {
        given().contentType("application/json")
                .body("{\"records\":[]}")
                .when()
                .post()
                .then()
                .defaultParser(JSON)
                .statusCode(200)
                .body("records.size()", equalTo(0));
    }
}
