package io.tributary.archive.aws;

import io.tributary.archive.ArchiveStore;
import io.tributary.archive.Lock;
import io.tributary.archive.RestoreTier;
import io.tributary.archive.StorageClass;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import java.util.zip.CRC32;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.Tier;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/**
 * The archive bucket in S3. Objects are uploaded in parts of 16 MiB, with CRC-32 of the whole object, which S3 computes itself
 * and compares.
 */
public final class S3ArchiveStore implements ArchiveStore {
    /** 10,000 parts of it are 156 GiB. */
    static final int PART_BYTES = 16 << 20;

    private static final int PRECONDITION_FAILED = 412;
    private static final int CONFLICT = 409;
    private static final int NOT_FOUND = 404;
    private static final int FORBIDDEN = 403;
    private static final int MOST_DELETED = 1_000;

    private final S3Client client;
    private final String bucket;
    private final ExecutorService executor;
    private final Map<Request, LongAdder> requests = new EnumMap<>(Request.class);

    /** Kinds of requests, as S3 charges for them. */
    public enum Request {
        /** PUT, COPY, POST and LIST requests. */
        WRITE("S3WriteRequests"),
        /** GET, HEAD and all others. */
        READ("S3ReadRequests"),
        /** Free. */
        DELETE("S3DeleteRequests"),
        /** To wake objects. */
        RESTORE("S3RestoreRequests");

        private final String metric;

        Request(String metric) {
            this.metric = metric;
        }

        /** The name of the metric that counts them. */
        public String metric() {
            return metric;
        }
    }

    /**
     * A bucket.
     *
     * @param executor what parts of objects are uploaded on, while the next is being filled
     */
    public S3ArchiveStore(S3Client client, String bucket, ExecutorService executor) {
        this.client = client;
        this.bucket = bucket;
        this.executor = executor;
        for (Request request : Request.values()) {
            requests.put(request, new LongAdder());
        }
    }

    /** How many requests were made so far, the SDK's own repetitions not included. */
    public Map<Request, Long> requests() {
        Map<Request, Long> counts = new EnumMap<>(Request.class);
        requests.forEach((request, count) -> counts.put(request, count.sum()));
        return counts;
    }

    private interface Call<T> {
        T run();
    }

    private <T> T call(Request request, String what, Call<T> call) throws IOException {
        requests.get(request).increment();
        try {
            return call.run();
        } catch (SdkException e) {
            throw new IOException("s3://" + bucket + "/" + what + ": " + problem(e), e);
        }
    }

    private static String problem(SdkException e) {
        return e instanceof AwsServiceException service && service.awsErrorDetails() != null
                ? service.statusCode() + " " + service.awsErrorDetails().errorCode()
                : e.getMessage();
    }

    private static int status(IOException e) {
        return e.getCause() instanceof S3Exception s3 ? s3.statusCode() : 0;
    }

    @Override
    public List<Entry> list(String prefix, String after) throws IOException {
        return call(
                Request.WRITE,
                prefix,
                () -> client
                        .listObjectsV2(list -> list.bucket(bucket)
                                .prefix(prefix)
                                .startAfter(after.isEmpty() ? null : after)
                                .maxKeys(PAGE))
                        .contents()
                        .stream()
                        .map(object -> new Entry(
                                object.key(),
                                object.eTag(),
                                object.size(),
                                object.lastModified(),
                                storageClass(object.storageClassAsString())))
                        .toList());
    }

    private static StorageClass storageClass(String name) {
        for (StorageClass storageClass : StorageClass.values()) {
            if (storageClass.name().equals(name)) {
                return storageClass;
            }
        }
        return StorageClass.STANDARD; // others, which this project never writes, are read at once as well
    }

    @Override
    public Optional<Entry> find(String key) throws IOException {
        ArchiveStore.plain(key);
        return call(Request.READ, key, () -> {
            try {
                HeadObjectResponse head =
                        client.headObject(request -> request.bucket(bucket).key(key));
                return Optional.of(new Entry(
                        key,
                        head.eTag(),
                        head.contentLength(),
                        head.lastModified(),
                        storageClass(head.storageClassAsString())));
            } catch (NoSuchKeyException e) {
                return Optional.empty();
            }
        });
    }

    @Override
    public Content open(String key, String etag, long from, long length) throws IOException {
        ArchiveStore.plain(key);
        if (length == 0) {
            return new Content(InputStream.nullInputStream(), "", Map.of());
        }
        try {
            ResponseInputStream<GetObjectResponse> in = call(
                    Request.READ,
                    key,
                    () -> client.getObject(request -> request.bucket(bucket)
                            .key(key)
                            .ifMatch(etag)
                            .range("bytes=" + from + "-" + (from + length - 1))));
            GetObjectResponse response = in.response();
            return new Content(in, Objects.requireNonNullElse(response.versionId(), ""), response.metadata());
        } catch (IOException e) {
            throw status(e) == FORBIDDEN ? new RefusedException(e.getMessage(), e) : changed(key, e);
        }
    }

    private static IOException changed(String key, IOException e) {
        return status(e) == PRECONDITION_FAILED || status(e) == NOT_FOUND ? new ChangedException(key) : e;
    }

    @Override
    public boolean create(String key, byte[] content, Optional<Lock> lock) throws IOException {
        PutObjectRequest.Builder put = PutObjectRequest.builder()
                .bucket(bucket)
                .key(ArchiveStore.plain(key))
                .ifNoneMatch("*")
                .checksumAlgorithm(ChecksumAlgorithm.CRC32);
        lock.ifPresent(until -> put.objectLockMode(until.mode().name()).objectLockRetainUntilDate(until.until()));
        try {
            call(Request.WRITE, key, () -> client.putObject(put.build(), RequestBody.fromBytes(content)));
            return true;
        } catch (IOException e) {
            if (status(e) == PRECONDITION_FAILED || status(e) == CONFLICT) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public Upload upload(String key, StorageClass storageClass, Optional<Lock> lock) throws IOException {
        CreateMultipartUploadRequest.Builder create = CreateMultipartUploadRequest.builder()
                .bucket(bucket)
                .key(ArchiveStore.plain(key))
                .storageClass(storageClass.name())
                .checksumAlgorithm(ChecksumAlgorithm.CRC32)
                .checksumType(ChecksumType.FULL_OBJECT);
        lock.ifPresent(until -> create.objectLockMode(until.mode().name()).objectLockRetainUntilDate(until.until()));
        String id = call(
                Request.WRITE,
                key,
                () -> client.createMultipartUpload(create.build()).uploadId());
        return new MultipartUpload(key, id);
    }

    /** One part is filled while the one before it is sent: never more than two are kept. */
    private final class MultipartUpload implements Upload {
        private final String key;
        private final String id;
        private final CRC32 crc = new CRC32();
        private final List<CompletedPart> parts = new ArrayList<>();
        private byte[] filling = {};
        private byte[] spare = {};
        private Optional<Future<CompletedPart>> sending = Optional.empty();
        private int number;
        private int length;
        private long size;
        private boolean isComplete;

        MultipartUpload(String key, String id) {
            this.key = key;
            this.id = id;
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            crc.update(bytes, from, count);
            size += count;
            int at = from;
            int left = count;
            while (left > 0) {
                if (filling.length == 0) {
                    filling = new byte[PART_BYTES];
                }
                int some = Math.min(left, PART_BYTES - length);
                System.arraycopy(bytes, at, filling, length, some);
                length += some;
                at += some;
                left -= some;
                if (length == PART_BYTES) {
                    send();
                }
            }
        }

        private void send() throws IOException {
            await();
            byte[] part = filling;
            int partLength = length;
            int partNumber = ++number;
            sending = Optional.of(executor.submit(() -> send(part, partLength, partNumber)));
            filling = spare;
            spare = part;
            length = 0;
        }

        private void await() throws IOException {
            if (sending.isPresent()) {
                parts.add(S3ArchiveStore.await(sending.get()));
                sending = Optional.empty();
            }
        }

        private CompletedPart send(byte[] part, int partLength, int partNumber) throws IOException {
            UploadPartResponse response = call(
                    Request.WRITE,
                    key,
                    () -> client.uploadPart(
                            request -> request.bucket(bucket)
                                    .key(key)
                                    .uploadId(id)
                                    .partNumber(partNumber)
                                    .checksumAlgorithm(ChecksumAlgorithm.CRC32),
                            // no copy of the part is made
                            RequestBody.fromContentProvider(
                                    () -> new ByteArrayInputStream(part, 0, partLength),
                                    partLength,
                                    "application/octet-stream")));
            return CompletedPart.builder()
                    .partNumber(partNumber)
                    .eTag(response.eTag())
                    .checksumCRC32(response.checksumCRC32())
                    .build();
        }

        @Override
        public Stored complete() throws IOException {
            if (length > 0 || number == 0) {
                send();
            }
            await();
            String checksum = base64(crc.getValue());
            CompleteMultipartUploadResponse response = call(
                    Request.WRITE,
                    key,
                    () -> client.completeMultipartUpload(request -> request.bucket(bucket)
                            .key(key)
                            .uploadId(id)
                            .checksumType(ChecksumType.FULL_OBJECT)
                            .checksumCRC32(checksum)
                            .mpuObjectSize(size)
                            .multipartUpload(upload -> upload.parts(parts))));
            isComplete = true;
            Entry entry = find(key).orElseThrow(() -> new IOException(key + " is gone after it was uploaded"));
            // S3 has compared the checksum that was sent with it; a server that gives none back has not
            long crc32 = response.checksumCRC32() == null ? crc.getValue() : value(response.checksumCRC32());
            return new Stored(entry.etag(), entry.size(), crc32);
        }

        private static String base64(long crc32) {
            return Base64.getEncoder()
                    .encodeToString(ByteBuffer.allocate(4).putInt((int) crc32).array());
        }

        private static long value(String base64) {
            byte[] bytes = Base64.getDecoder().decode(base64.split("-", 2)[0]);
            return Integer.toUnsignedLong(ByteBuffer.wrap(bytes).getInt());
        }

        @Override
        public void close() throws IOException {
            if (!isComplete) {
                isComplete = true;
                try {
                    await(); // a part that arrives after the end would stay
                } catch (IOException e) {
                    // the upload is taken back anyway
                }
                call(
                        Request.DELETE,
                        key,
                        () -> client.abortMultipartUpload(
                                request -> request.bucket(bucket).key(key).uploadId(id)));
            }
        }
    }

    @Override
    public void copy(String from, String etag, String to) throws IOException {
        ArchiveStore.plain(from);
        ArchiveStore.plain(to);
        try {
            call(
                    Request.WRITE,
                    from,
                    () -> client.copyObject(request -> request.sourceBucket(bucket)
                            .sourceKey(from)
                            .copySourceIfMatch(etag)
                            .destinationBucket(bucket)
                            .destinationKey(to)));
        } catch (IOException e) {
            throw changed(from, e);
        }
    }

    @Override
    public void delete(List<String> keys) throws IOException {
        for (String key : keys) {
            ArchiveStore.plain(key);
        }
        List<Future<?>> calls = new ArrayList<>();
        for (int from = 0; from < keys.size(); from += MOST_DELETED) {
            List<String> some = keys.subList(from, Math.min(keys.size(), from + MOST_DELETED));
            calls.add(executor.submit(() -> {
                deleteAtOnce(some);
                return null;
            }));
        }
        for (Future<?> call : calls) {
            await(call);
        }
    }

    private void deleteAtOnce(List<String> keys) throws IOException {
        List<ObjectIdentifier> objects = keys.stream()
                .map(key -> ObjectIdentifier.builder().key(key).build())
                .toList();
        DeleteObjectsResponse response = call(
                Request.DELETE,
                keys.get(0),
                () -> client.deleteObjects(request -> request.bucket(bucket)
                        .delete(delete -> delete.objects(objects).quiet(true))));
        if (response.hasErrors() && !response.errors().isEmpty()) {
            throw new IOException(
                    "s3://" + bucket + "/" + response.errors().get(0).key() + " was not deleted: "
                            + response.errors().get(0).code());
        }
    }

    private static <T> T await(Future<T> call) throws IOException {
        try {
            return call.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
        }
    }

    @Override
    public Wakefulness wakefulness(String key) throws IOException {
        ArchiveStore.plain(key);
        HeadObjectResponse head;
        try {
            head = call(
                    Request.READ,
                    key,
                    () -> client.headObject(request -> request.bucket(bucket).key(key)));
        } catch (IOException e) {
            throw changed(key, e);
        }
        String restore = Objects.requireNonNullElse(head.restore(), "");
        if (restore.contains("ongoing-request=\"true\"")) {
            return Wakefulness.WAKING;
        }
        return storageClass(head.storageClassAsString()).isAsleep() && restore.isEmpty()
                ? Wakefulness.ASLEEP
                : Wakefulness.AWAKE;
    }

    @Override
    public void restore(String key, RestoreTier tier, int days) throws IOException {
        ArchiveStore.plain(key);
        try {
            call(
                    Request.RESTORE,
                    key,
                    () -> client.restoreObject(request -> request.bucket(bucket)
                            .key(key)
                            .restoreRequest(restore ->
                                    restore.days(days).glacierJobParameters(job -> job.tier(sdkTier(tier))))));
        } catch (IOException e) {
            // RestoreAlreadyInProgress: somebody was faster
            if (status(e) != CONFLICT) {
                throw changed(key, e);
            }
        }
    }

    private static Tier sdkTier(RestoreTier tier) {
        return switch (tier) {
            case EXPEDITED -> Tier.EXPEDITED;
            case STANDARD -> Tier.STANDARD;
            case BULK -> Tier.BULK;
        };
    }
}
