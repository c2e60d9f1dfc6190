/** What a deployment would cost a month, before there is one. */
package io.tributary.local.estimate;
