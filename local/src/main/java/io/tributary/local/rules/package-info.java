/** The commands about rules: testing them, running them over files, showing what they would say. */
package io.tributary.local.rules;
