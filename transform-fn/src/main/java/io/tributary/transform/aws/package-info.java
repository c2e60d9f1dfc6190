/** The streams of AWS behind the core's ports, the clients they need, and the settings of the deployed function. */
package io.tributary.transform.aws;
