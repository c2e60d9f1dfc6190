/** YAML files that people write, read so that every complaint names the file and the line. */
package io.tributary.yaml;
