package dev.millrace.registry.platform.search;

import dev.millrace.registry.platform.error.MillraceException;
import java.util.ArrayList;
import java.util.List;

/** Cuts a filter or an order_by clause into tokens. Quotes have no escape: use the other kind of quote. */
final class Lexer {
    private final String source;
    private int at;

    private Lexer(String source) {
        this.source = source;
    }

    /** @return the tokens, the last one of kind END */
    static List<Token> tokens(String source) {
        Lexer lexer = new Lexer(source);
        List<Token> tokens = new ArrayList<>();
        do {
            tokens.add(lexer.next());
        } while (tokens.get(tokens.size() - 1).kind() != Token.Kind.END);
        return tokens;
    }

    private Token next() {
        while (at < source.length() && Character.isWhitespace(source.charAt(at))) at++;
        if (at == source.length()) return new Token(Token.Kind.END, "", at, at);
        char first = source.charAt(at);
        return switch (first) {
            case '\'' -> quoted(Token.Kind.SINGLE_QUOTED, first);
            case '"' -> quoted(Token.Kind.DOUBLE_QUOTED, first);
            case '`' -> quoted(Token.Kind.BACK_QUOTED, first);
            case '(' -> symbol(Token.Kind.OPEN, 1);
            case ')' -> symbol(Token.Kind.CLOSE, 1);
            case ',' -> symbol(Token.Kind.COMMA, 1);
            case '=', '!', '<', '>' -> symbol(Token.Kind.OPERATOR, operatorLength());
            default -> word();
        };
    }

    private Token quoted(Token.Kind kind, char quote) {
        int end = source.indexOf(quote, at + 1);
        if (end < 0) throw invalid(source.substring(at));
        Token token = new Token(kind, source.substring(at + 1, end), at, end + 1);
        at = end + 1;
        return token;
    }

    private Token symbol(Token.Kind kind, int length) {
        Token token = new Token(kind, source.substring(at, at + length), at, at + length);
        at += length;
        return token;
    }

    /** Takes {@code == <> !==} as one token, so that the parser can refuse it by its text. */
    private int operatorLength() {
        int end = at;
        while (end < source.length() && "=!<>".indexOf(source.charAt(end)) >= 0) end++;
        return end - at;
    }

    private Token word() {
        int end = at;
        while (end < source.length() && isWordPart(source.charAt(end))) end++;
        if (end == at) throw invalid(source.substring(at));
        Token token = new Token(Token.Kind.WORD, source.substring(at, end), at, end);
        at = end;
        return token;
    }

    private static boolean isWordPart(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '.' || c == '-' || c == '+';
    }

    static MillraceException invalid(String clause) {
        return MillraceException.invalid("Invalid clause(s) in filter string: '" + clause.strip() + "'");
    }
}
