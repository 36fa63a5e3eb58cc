package dev.millrace.platform.console;

/**
 * How many cells of a terminal a text takes: two for East Asian wide characters and emoji, none for marks that join the
 * character before (Unicode Standard Annex 11, as terminals apply it).
 */
final class DisplayWidth {
    private DisplayWidth() {}

    static int of(String text) {
        return text.codePoints().map(DisplayWidth::of).sum();
    }

    private static int of(int point) {
        int type = Character.getType(point);
        boolean joins = type == Character.NON_SPACING_MARK
                || type == Character.ENCLOSING_MARK
                || type == Character.FORMAT
                || (point >= 0xFE00 && point <= 0xFE0F);
        if (joins) return 0;
        return isWide(point) ? 2 : 1;
    }

    /** The blocks whose characters are Wide or Fullwidth in EastAsianWidth.txt. */
    private static boolean isWide(int point) {
        return (point >= 0x1100 && point <= 0x115F) // Hangul initials
                || (point >= 0x2E80 && point <= 0x303E) // CJK radicals and punctuation
                || (point >= 0x3041 && point <= 0xA4CF) // kana to Yi
                || (point >= 0xA960 && point <= 0xA97F) // Hangul extended
                || (point >= 0xAC00 && point <= 0xD7A3) // Hangul syllables
                || (point >= 0xF900 && point <= 0xFAFF) // CJK compatibility
                || (point >= 0xFE30 && point <= 0xFE6F) // vertical and small forms
                || (point >= 0xFF00 && point <= 0xFF60) // fullwidth forms
                || (point >= 0xFFE0 && point <= 0xFFE6)
                || (point >= 0x1F300 && point <= 0x1F64F) // emoji
                || (point >= 0x1F680 && point <= 0x1F6FF)
                || (point >= 0x1F900 && point <= 0x1FAFF)
                || (point >= 0x20000 && point <= 0x3FFFD); // CJK extensions
    }
}
