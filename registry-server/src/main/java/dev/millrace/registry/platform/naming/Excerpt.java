package dev.millrace.registry.platform.naming;

/** How a text begins. */
public final class Excerpt {
    private Excerpt() {}

    /**
     * The first characters of a text, and never half of a surrogate pair, which could neither be kept nor sent.
     *
     * @param most UTF-16 units, at least 1
     */
    public static String of(String text, int most) {
        if (text.length() <= most) return text;
        return text.substring(0, Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most);
    }
}
