package io.tributary.aws;

import io.tributary.stream.RecordStream.PermanentFailure;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** Tells of failed calls what may be logged, and whether they may succeed when repeated. */
public final class AwsCalls {
    private static final Set<String> PERMANENT = Set.of(
            "AccessDeniedException",
            "InvalidArgumentException",
            "InvalidKMSResourceException",
            "KMSAccessDeniedException",
            "KMSDisabledException",
            "KMSInvalidStateException",
            "KMSNotFoundException",
            "ResourceNotFoundException",
            "ValidationException");

    private AwsCalls() {}

    /** The service's error code, or what kind of failure it was: messages of services may repeat what was sent. */
    public static String problem(SdkException e) {
        if (e instanceof AwsServiceException service && service.awsErrorDetails() != null) {
            return service.awsErrorDetails().errorCode();
        }
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return e.getClass().getSimpleName() + " of " + cause.getClass().getSimpleName();
    }

    /** The exception to throw for one that the SDK threw. */
    public static RuntimeException failure(String stream, AwsServiceException e) {
        String code = e.awsErrorDetails() == null
                ? ""
                : String.valueOf(e.awsErrorDetails().errorCode());
        return PERMANENT.contains(code) ? new PermanentFailure(stream + ": " + code, e) : e;
    }
}
