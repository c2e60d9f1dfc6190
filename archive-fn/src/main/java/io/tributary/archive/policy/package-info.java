/** How long what is kept where: a file that people write, checked against what S3 can do. */
package io.tributary.archive.policy;
