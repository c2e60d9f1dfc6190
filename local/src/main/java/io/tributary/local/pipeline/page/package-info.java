/** The page that shows it. */
package io.tributary.local.pipeline.page;
