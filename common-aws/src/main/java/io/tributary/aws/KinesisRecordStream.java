package io.tributary.aws;

import io.tributary.stream.RecordStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;

/**
 * A Kinesis data stream.
 *
 * @see <a href="https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html">PutRecords</a>
 */
public final class KinesisRecordStream implements RecordStream {
    /** At most 500 records and 5 MiB a call, 1 MiB a record, partition keys included. */
    static final Limits LIMITS = new Limits(500, 5 << 20, 1 << 20);

    private final Supplier<KinesisClient> client;
    private final String arn;

    /** @param client made when first needed: only records that do not fit are put back */
    public KinesisRecordStream(Supplier<KinesisClient> client, String arn) {
        this.client = client;
        this.arn = arn;
    }

    @Override
    public Limits limits() {
        return LIMITS;
    }

    @Override
    public Map<Integer, String> put(List<Entry> batch, Duration timeout) {
        List<PutRecordsRequestEntry> records = batch.stream()
                .map(entry -> PutRecordsRequestEntry.builder()
                        .data(SdkBytes.fromByteArrayUnsafe(entry.data()))
                        .partitionKey(entry.partitionKey())
                        .build())
                .toList();
        PutRecordsResponse response;
        try {
            response = client.get()
                    .putRecords(request -> request.streamARN(arn)
                            .records(records)
                            .overrideConfiguration(call -> call.apiCallTimeout(timeout)));
        } catch (AwsServiceException e) {
            throw AwsCalls.failure("Kinesis stream " + arn, e);
        }
        Map<Integer, String> refused = new TreeMap<>();
        if (response.failedRecordCount() != null && response.failedRecordCount() > 0) {
            for (int i = 0; i < response.records().size(); i++) {
                String code = response.records().get(i).errorCode();
                if (code != null) {
                    refused.put(i, code);
                }
            }
        }
        return refused;
    }
}
