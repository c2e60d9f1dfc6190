/**
 * Writing events of the Open Cybersecurity Schema Framework, version 1.8.0 (<a href="https://schema.ocsf.io">schema</a>):
 * the classes this project uses, their constant parts encoded once, and times.
 */
package io.tributary.ocsf;
