package io.tributary.transform.aws;

import io.tributary.aws.KinesisRecordStream;
import io.tributary.stream.RecordStream;
import io.tributary.transform.FirehoseRequest;
import io.tributary.transform.SourceStreams;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import software.amazon.awssdk.services.firehose.FirehoseClient;
import software.amazon.awssdk.services.kinesis.KinesisClient;

/** The Kinesis stream that a request names as its records' source; for records put directly, the Firehose stream itself. */
@ApplicationScoped
class AwsSourceStreams implements SourceStreams {
    private final Instance<KinesisClient> kinesis;
    private final Instance<FirehoseClient> firehose;

    AwsSourceStreams(Instance<KinesisClient> kinesis, Instance<FirehoseClient> firehose) {
        this.kinesis = kinesis;
        this.firehose = firehose;
    }

    @Override
    public RecordStream of(FirehoseRequest request) {
        if (!request.sourceStreamArn().isEmpty()) {
            return new KinesisRecordStream(kinesis::get, request.sourceStreamArn());
        }
        String arn = request.deliveryStreamArn();
        return new FirehoseRecordStream(firehose::get, arn.substring(arn.lastIndexOf('/') + 1));
    }
}
