/** What the functions share of AWS: clients without a Quarkus extension, the log stream, what may be said of failed calls. */
package io.tributary.aws;
