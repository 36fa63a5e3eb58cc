package dev.millrace.registry.platform.search;

/** One clause of a filter. */
record Comparison(Identifier identifier, Operator operator, Literal literal) {

    /** Whether it is about this tag. */
    boolean isAbout(String tag) {
        return identifier.entity() == Entity.TAG && identifier.key().equals(tag);
    }

    /** Whether it wants what has this tag set to {@code true}. */
    boolean asksFor(String flag) {
        if (!isAbout(flag) || !(literal instanceof Literal.Quoted quoted)) return false;
        return (operator == Operator.EQUAL && quoted.text().equalsIgnoreCase("true"))
                || (operator == Operator.NOT_EQUAL && quoted.text().equalsIgnoreCase("false"));
    }
}
