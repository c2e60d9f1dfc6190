package io.tributary.archive.aws;

import io.tributary.archive.ArchiveStore;
import io.tributary.archive.StorageClass;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Exception;
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
    private static final int MOST_DELETED = 1_000;

    private final S3Client client;
    private final String bucket;

    public S3ArchiveStore(S3Client client, String bucket) {
        this.client = client;
        this.bucket = bucket;
    }

    private interface Call<T> {
        T run();
    }

    private <T> T call(String what, Call<T> call) throws IOException {
        try {
            return call.run();
        } catch (SdkException e) {
            throw new IOException("s3://" + bucket + "/" + what + ": " + problem(e), e);
        }
    }

    private static String problem(SdkException e) {
        return e instanceof AwsServiceException service && service.awsErrorDetails() != null
                ? service.statusCode() + " " + service.awsErrorDetails().errorCode()
                : e.getClass().getSimpleName();
    }

    private static int status(IOException e) {
        return e.getCause() instanceof S3Exception s3 ? s3.statusCode() : 0;
    }

    @Override
    public List<Entry> list(String prefix, String after) throws IOException {
        return call(
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
        return name == null ? StorageClass.STANDARD : StorageClass.valueOf(name);
    }

    @Override
    public Optional<Entry> find(String key) throws IOException {
        return call(key, () -> {
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
    public InputStream open(String key, String etag, long from, long length) throws IOException {
        if (length == 0) {
            return InputStream.nullInputStream();
        }
        try {
            return call(
                    key,
                    () -> client.getObject(request -> request.bucket(bucket)
                            .key(key)
                            .ifMatch(etag)
                            .range("bytes=" + from + "-" + (from + length - 1))));
        } catch (IOException e) {
            throw changed(key, e);
        }
    }

    private static IOException changed(String key, IOException e) {
        return status(e) == PRECONDITION_FAILED || status(e) == NOT_FOUND ? new ChangedException(key) : e;
    }

    @Override
    public boolean create(String key, byte[] content) throws IOException {
        try {
            call(
                    key,
                    () -> client.putObject(
                            request -> request.bucket(bucket)
                                    .key(key)
                                    .ifNoneMatch("*")
                                    .checksumAlgorithm(ChecksumAlgorithm.CRC32),
                            RequestBody.fromBytes(content)));
            return true;
        } catch (IOException e) {
            if (status(e) == PRECONDITION_FAILED || status(e) == CONFLICT) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public Upload upload(String key, StorageClass storageClass) throws IOException {
        String id = call(
                key,
                () -> client.createMultipartUpload(request -> request.bucket(bucket)
                                .key(key)
                                .storageClass(storageClass.name())
                                .checksumAlgorithm(ChecksumAlgorithm.CRC32)
                                .checksumType(ChecksumType.FULL_OBJECT))
                        .uploadId());
        return new MultipartUpload(key, id);
    }

    private final class MultipartUpload implements Upload {
        private final String key;
        private final String id;
        private final byte[] part = new byte[PART_BYTES];
        private final CRC32 crc = new CRC32();
        private final List<CompletedPart> parts = new ArrayList<>();
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
                int some = Math.min(left, PART_BYTES - length);
                System.arraycopy(bytes, at, part, length, some);
                length += some;
                at += some;
                left -= some;
                if (length == PART_BYTES) {
                    send();
                }
            }
        }

        private void send() throws IOException {
            int number = parts.size() + 1;
            UploadPartResponse response = call(
                    key,
                    () -> client.uploadPart(
                            request -> request.bucket(bucket)
                                    .key(key)
                                    .uploadId(id)
                                    .partNumber(number)
                                    .checksumAlgorithm(ChecksumAlgorithm.CRC32),
                            RequestBody.fromByteBuffer(ByteBuffer.wrap(part, 0, length))));
            parts.add(CompletedPart.builder()
                    .partNumber(number)
                    .eTag(response.eTag())
                    .checksumCRC32(response.checksumCRC32())
                    .build());
            length = 0;
        }

        @Override
        public Stored complete() throws IOException {
            if (length > 0 || parts.isEmpty()) {
                send();
            }
            String checksum = base64(crc.getValue());
            CompleteMultipartUploadResponse response = call(
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
                call(
                        key,
                        () -> client.abortMultipartUpload(
                                request -> request.bucket(bucket).key(key).uploadId(id)));
            }
        }
    }

    @Override
    public void copy(String from, String etag, String to) throws IOException {
        try {
            call(
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
        for (int from = 0; from < keys.size(); from += MOST_DELETED) {
            List<ObjectIdentifier> some = keys.subList(from, Math.min(keys.size(), from + MOST_DELETED)).stream()
                    .map(key -> ObjectIdentifier.builder().key(key).build())
                    .toList();
            DeleteObjectsResponse response = call(
                    keys.get(from),
                    () -> client.deleteObjects(request -> request.bucket(bucket)
                            .delete(delete -> delete.objects(some).quiet(true))));
            if (response.hasErrors() && !response.errors().isEmpty()) {
                throw new IOException(
                        "s3://" + bucket + "/" + response.errors().get(0).key() + " was not deleted: "
                                + response.errors().get(0).code());
            }
        }
    }
}
