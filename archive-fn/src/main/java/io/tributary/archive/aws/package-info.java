/** The archive function's ports to AWS. */
package io.tributary.archive.aws;
