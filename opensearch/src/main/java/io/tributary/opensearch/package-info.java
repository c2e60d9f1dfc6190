/** What an OpenSearch needs to know of our documents, and how it is told. */
package io.tributary.opensearch;
