/** The whole pipeline on one machine: the functions as they run in AWS, among real parts and stand-ins for what has none. */
package io.tributary.local.pipeline;
