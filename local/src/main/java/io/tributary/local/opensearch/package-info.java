/** The commands about OpenSearch. */
package io.tributary.local.opensearch;
