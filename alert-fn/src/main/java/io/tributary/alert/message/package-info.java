/** Alerts in words: an email that is read in ten seconds, a chat notification, and a document to search. */
package io.tributary.alert.message;
