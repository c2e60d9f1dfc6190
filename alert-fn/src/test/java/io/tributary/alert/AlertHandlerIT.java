package io.tributary.alert;

import io.quarkus.test.junit.QuarkusIntegrationTest;

@QuarkusIntegrationTest
class AlertHandlerIT extends AlertHandlerTest {}
