package io.tributary.alert;

import io.tributary.alert.rule.Rule;
import java.time.Instant;

/**
 * What people are to be told.
 *
 * @param id the same for every attempt to tell it
 * @param key what makes two alerts the same: a thread of messages
 * @param repeats events of the same kind since the last message, which were not told
 * @param isFollowUp whether there was a message before
 * @param events how many events it took, more than one for a rule with a threshold
 * @param isHeldBack whether it is beyond its rule's allowance: then it is recorded, and people are told in the digest
 * @param now when it is told
 */
public record Alert(
        String id,
        String key,
        Rule rule,
        Event event,
        long repeats,
        boolean isFollowUp,
        int events,
        boolean isHeldBack,
        Instant now) {}
