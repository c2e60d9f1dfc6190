package io.tributary.alert;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;

/** An invocation with a minute left. */
final class FakeContext implements Context {
    private final int number;

    FakeContext(int number) {
        this.number = number;
    }

    @Override
    public String getAwsRequestId() {
        return "request-" + number;
    }

    @Override
    public String getLogGroupName() {
        return "/aws/lambda/alert";
    }

    @Override
    public String getLogStreamName() {
        return "stream";
    }

    @Override
    public String getFunctionName() {
        return "alert";
    }

    @Override
    public String getFunctionVersion() {
        return "1";
    }

    @Override
    public String getInvokedFunctionArn() {
        return "arn:aws:lambda:eu-central-1:123456789012:function:alert";
    }

    @Override
    public CognitoIdentity getIdentity() {
        throw new UnsupportedOperationException("EventBridge has no identity");
    }

    @Override
    public ClientContext getClientContext() {
        throw new UnsupportedOperationException("EventBridge has no client context");
    }

    @Override
    public int getRemainingTimeInMillis() {
        return 60_000;
    }

    @Override
    public int getMemoryLimitInMB() {
        return 512;
    }

    @Override
    public LambdaLogger getLogger() {
        throw new UnsupportedOperationException("logs go through JBoss Logging");
    }
}
