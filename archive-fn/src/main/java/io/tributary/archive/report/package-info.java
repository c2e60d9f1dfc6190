/** What the archive holds and costs, as JSON, CSV and a page. */
package io.tributary.archive.report;
