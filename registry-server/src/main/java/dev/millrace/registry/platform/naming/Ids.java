package dev.millrace.registry.platform.naming;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** Makes ids (32 hex digits) and names like {@code placid-robin-417}. Thread-safe if its generator is. */
public final class Ids {
    private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");
    // Words of MLflow's own generator (mlflow/utils/name_utils.py, Apache-2.0), short enough for its 20 characters.
    private static final String[] FIRST =
            """
            able adorable adaptable amazing amusing bold bouncy bright bustling calm capable
            carefree caring charming classy colorful dapper dashing efficient fearless flawless
            gentle gifted handsome honorable judicious kindly learned likeable luminous masked
            melodic merciful nimble orderly peaceful painted placid polite popular powerful
            respected resilient selective sincere skillful smiling stately stylish tasteful
            treasured trusting unique upbeat useful valuable welcoming wise youthful zealous"""
                    .split("\\s+");
    private static final String[] SECOND =
            """
            bear bee bird carp cat colt crab crane crow deer dog dove duck eel elk fawn finch fox
            frog goat goose gull hare hawk hen horse jay kite koi lamb lark loon lynx mink mole
            moose moth newt owl panda perch pug quail ray robin rook seal sheep shrew sloth snipe
            squid stag stoat stork swan tern toad trout turtle vole whale wolf wren yak zebra"""
                    .split("\\s+");

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

    /** In the form of MLflow's: two of its words and a number, 20 characters at most. */
    public String name() {
        return FIRST[random.nextInt(FIRST.length)] + "-" + SECOND[random.nextInt(SECOND.length)] + "-"
                + random.nextInt(1000);
    }
}
