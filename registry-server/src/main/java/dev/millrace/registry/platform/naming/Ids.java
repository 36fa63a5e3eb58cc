package dev.millrace.registry.platform.naming;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** Makes ids (32 hex digits) and names like {@code patient-otter-417}. Thread-safe if its generator is. */
public final class Ids {
    private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");
    private static final String[] FIRST = {
        "able", "amber", "bold", "brave", "bright", "calm", "clever", "crisp", "curious", "deft", "eager", "fair",
        "fleet", "gentle", "glad", "golden", "keen", "kind", "lively", "lucid", "mellow", "merry", "nimble", "noble",
        "patient", "placid", "proud", "quick", "quiet", "rapid", "sage", "serene", "silver", "sleek", "steady",
                "sturdy",
        "swift", "tidy", "upbeat", "vivid", "warm", "wise"
    };
    private static final String[] SECOND = {
        "badger", "bear", "beaver", "bison", "carp", "crane", "crow", "deer", "dove", "duck", "eagle", "eel", "elk",
        "falcon", "finch", "fox", "frog", "goose", "hare", "hawk", "heron", "ibis", "jay", "kite", "lark", "lynx",
        "marten", "mink", "mole", "moose", "newt", "otter", "owl", "perch", "pike", "quail", "raven", "robin", "seal",
        "shrew", "snipe", "stoat", "stork", "swan", "trout", "vole", "wolf", "wren"
    };

    private final RandomGenerator random;

    public Ids(RandomGenerator random) {
        this.random = random;
    }

    /** Ids that cannot be guessed. */
    public static Ids secure() {
        return new Ids(new SecureRandom());
    }

    public static boolean isId(String text) {
        return ID.matcher(text).matches();
    }

    public String id() {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** A random UUID (RFC 9562, version 4). */
    public String uuid() {
        String hex = id();
        int variant = 0x8 | (Character.digit(hex.charAt(16), 16) & 0x3);
        return hex.substring(0, 8) + "-" + hex.substring(8, 12) + "-4" + hex.substring(13, 16) + "-"
                + Integer.toHexString(variant) + hex.substring(17, 20) + "-" + hex.substring(20);
    }

    public String name() {
        return FIRST[random.nextInt(FIRST.length)] + "-" + SECOND[random.nextInt(SECOND.length)] + "-"
                + random.nextInt(1000);
    }
}
