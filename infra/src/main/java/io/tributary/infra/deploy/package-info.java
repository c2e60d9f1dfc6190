/** {@code tributary deploy} and {@code tributary destroy}: the CDK, with checks before and a summary after. */
package io.tributary.infra.deploy;
