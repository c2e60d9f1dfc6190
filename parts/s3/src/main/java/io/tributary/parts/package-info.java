/** What the pipeline on one machine runs beside itself. */
package io.tributary.parts;
