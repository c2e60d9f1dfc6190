/** The infrastructure: an AWS CDK app that puts a whole organization on the pipeline. */
package io.tributary.infra;
