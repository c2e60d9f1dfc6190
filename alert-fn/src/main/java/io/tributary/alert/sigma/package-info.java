/**
 * Rules of the Sigma format for {@code product: aws, service: cloudtrail}, with Sigma's own semantics. What is not supported is
 * refused when a rule is read.
 *
 * @see <a href="https://sigmahq.io/sigma-specification/">Sigma specification</a>
 */
package io.tributary.alert.sigma;
