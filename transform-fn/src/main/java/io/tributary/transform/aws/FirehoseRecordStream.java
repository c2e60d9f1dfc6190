package io.tributary.transform.aws;

import io.tributary.aws.AwsCalls;
import io.tributary.stream.RecordStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.firehose.FirehoseClient;
import software.amazon.awssdk.services.firehose.model.PutRecordBatchResponse;
import software.amazon.awssdk.services.firehose.model.Record;

/**
 * A Firehose stream that records are put on directly.
 *
 * @see <a href="https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html">PutRecordBatch</a>
 */
public final class FirehoseRecordStream implements RecordStream {
    /** At most 500 records and 4 MiB a call, 1,000 KiB a record, before base64. */
    static final Limits LIMITS = new Limits(500, 4 << 20, 1_024_000);

    private final Supplier<FirehoseClient> client;
    private final String name;

    /** @param client made when first needed: most invocations of most functions need none */
    public FirehoseRecordStream(Supplier<FirehoseClient> client, String name) {
        this.client = client;
        this.name = name;
    }

    @Override
    public Limits limits() {
        return LIMITS;
    }

    @Override
    public Map<Integer, String> put(List<Entry> batch, Duration timeout) {
        List<Record> records = batch.stream()
                .map(entry -> Record.builder()
                        .data(SdkBytes.fromByteArrayUnsafe(entry.data()))
                        .build())
                .toList();
        PutRecordBatchResponse response;
        try {
            response = client.get()
                    .putRecordBatch(request -> request.deliveryStreamName(name)
                            .records(records)
                            .overrideConfiguration(call -> call.apiCallTimeout(timeout)));
        } catch (AwsServiceException e) {
            throw AwsCalls.failure("Firehose stream " + name, e);
        }
        Map<Integer, String> refused = new TreeMap<>();
        if (response.failedPutCount() != null && response.failedPutCount() > 0) {
            for (int i = 0; i < response.requestResponses().size(); i++) {
                String code = response.requestResponses().get(i).errorCode();
                if (code != null) {
                    refused.put(i, code);
                }
            }
        }
        return refused;
    }
}
