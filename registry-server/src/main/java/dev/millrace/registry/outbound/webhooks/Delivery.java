package dev.millrace.registry.outbound.webhooks;

import dev.millrace.registry.platform.http.StrictJson;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * One message to a receiver, as MLflow sends it ({@code mlflow/webhooks/delivery.py}): {@code {"entity", "action",
 * "timestamp", "data"}}, and three headers. A receiver recomputes the signature over {@code id.seconds.body} and refuses
 * old times.
 *
 * @param headers of the request, signed when the webhook has a secret
 * @param body JSON
 */
record Delivery(Map<String, String> headers, String body) {
    static final String ID = "X-MLflow-Delivery-Id";
    static final String TIME = "X-MLflow-Timestamp";
    static final String SIGNATURE = "X-MLflow-Signature";

    /** @param at when the event happened */
    static String body(EventKind event, Map<String, Object> data, Instant at) {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("entity", event.lowerEntity());
        message.put("action", event.lowerAction());
        message.put("timestamp", at.toString());
        message.put("data", data);
        return StrictJson.text(message);
    }

    /**
     * @param id of this delivery, kept through all tries
     * @param at when the event happened, epoch seconds
     * @param body of {@link #body}
     */
    static Delivery of(String id, long at, String body, Optional<String> secret) {
        String seconds = String.valueOf(at);
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/json");
        headers.put(ID, id);
        headers.put(TIME, seconds);
        secret.ifPresent(key -> headers.put(SIGNATURE, signature(key, id + "." + seconds + "." + body)));
        return new Delivery(headers, body);
    }

    /** {@code v1,} and the Base64 of HMAC-SHA256. */
    static String signature(String secret, String signed) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            byte[] digest = mac.doFinal(signed.getBytes(StandardCharsets.UTF_8));
            return "v1," + Base64.getEncoder().encodeToString(digest);
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
