package io.tributary.archive;

import io.quarkus.test.junit.QuarkusIntegrationTest;

@QuarkusIntegrationTest
class ArchiveHandlerIT extends ArchiveHandlerTest {}
