package io.tributary.transform;

import io.quarkus.test.junit.QuarkusIntegrationTest;

@QuarkusIntegrationTest
class TransformHandlerIT extends TransformHandlerTest {}
