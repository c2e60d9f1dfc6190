/** The alert function's ports to AWS, and how they are put together. */
package io.tributary.alert.aws;
