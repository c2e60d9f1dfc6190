package io.tributary.archive.integrity;

import java.io.ByteArrayOutputStream;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;

/** Reads RSA public keys as CloudTrail gives them: DER of PKCS#1, which Java knows only within a SubjectPublicKeyInfo. */
public final class PublicKeys {
    private static final int SEQUENCE = 0x30;
    private static final int BIT_STRING = 0x03;

    /** {@code rsaEncryption}, with its NULL parameters. */
    private static final byte[] RSA = {
        0x30, 0x0d, 0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00
    };

    private PublicKeys() {}

    /**
     * Reads a key, of PKCS#1 or already within a SubjectPublicKeyInfo.
     *
     * @throws IllegalArgumentException if it is neither
     */
    public static PublicKey parse(byte[] der) {
        try {
            KeyFactory factory = KeyFactory.getInstance("RSA");
            try {
                return factory.generatePublic(new X509EncodedKeySpec(der));
            } catch (InvalidKeySpecException e) {
                return factory.generatePublic(new X509EncodedKeySpec(wrapped(der)));
            }
        } catch (InvalidKeySpecException e) {
            throw new IllegalArgumentException("no RSA public key", e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has RSA", e);
        }
    }

    private static byte[] wrapped(byte[] pkcs1) {
        byte[] bits = new byte[pkcs1.length + 1];
        System.arraycopy(pkcs1, 0, bits, 1, pkcs1.length);
        ByteArrayOutputStream info = new ByteArrayOutputStream();
        info.writeBytes(RSA);
        info.writeBytes(element(BIT_STRING, bits));
        return element(SEQUENCE, info.toByteArray());
    }

    private static byte[] element(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.length < 0x80) {
            out.write(content.length);
        } else if (content.length < 0x100) {
            out.write(0x81);
            out.write(content.length);
        } else {
            out.write(0x82);
            out.write(content.length >> 8);
            out.write(content.length & 0xff);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }
}
