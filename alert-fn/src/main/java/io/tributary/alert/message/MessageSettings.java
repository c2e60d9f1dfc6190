package io.tributary.alert.message;

import java.util.Map;
import java.util.Optional;

/**
 * What messages need to know beside the event.
 *
 * @param accountNames names of accounts by their ids
 * @param searchUrl where events are searched: an https URL in which {@code {uid}} stands for {@code metadata.uid}
 */
public record MessageSettings(Map<String, String> accountNames, Optional<String> searchUrl) {
    public MessageSettings {
        accountNames = Map.copyOf(accountNames);
    }
}
