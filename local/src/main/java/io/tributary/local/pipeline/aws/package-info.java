/** Stand-ins for services of AWS, which speak their protocols over HTTP. */
package io.tributary.local.pipeline.aws;
