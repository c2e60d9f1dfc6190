package io.tributary.alert.aws;

import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** Tells of failed calls what may be logged. */
final class AwsCalls {
    private AwsCalls() {}

    /** The service's error code, or what kind of failure it was: messages of services may repeat what was sent. */
    static String problem(SdkException e) {
        if (e instanceof AwsServiceException service && service.awsErrorDetails() != null) {
            return service.awsErrorDetails().errorCode();
        }
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return e.getClass().getSimpleName() + " of " + cause.getClass().getSimpleName();
    }
}
