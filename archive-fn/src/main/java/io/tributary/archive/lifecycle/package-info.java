/** S3 lifecycle rules as the policy wants them, and how they are reconciled with those of the bucket. */
package io.tributary.archive.lifecycle;
