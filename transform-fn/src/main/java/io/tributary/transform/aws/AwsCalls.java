package io.tributary.transform.aws;

import io.tributary.transform.RecordStream.PermanentFailure;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** Tells calls that may succeed when repeated from those that never will. */
final class AwsCalls {
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

    /** The exception to throw for one that the SDK threw. */
    static RuntimeException failure(String stream, AwsServiceException e) {
        String code = e.awsErrorDetails() == null
                ? ""
                : String.valueOf(e.awsErrorDetails().errorCode());
        return PERMANENT.contains(code) ? new PermanentFailure(stream + ": " + code, e) : e;
    }
}
