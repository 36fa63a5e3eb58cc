package dev.millrace.registry.platform.search;

import dev.millrace.registry.platform.error.MillraceException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads MLflow's filters:
 *
 * <pre>
 * filter     := "" | comparison (AND comparison)* [AND]
 * comparison := identifier op value | identifier IS [NOT] NULL | identifier [NOT] IN ( text, … )
 * identifier := key | entity "." key          -- a bare key is an attribute
 * key        := word | `any text` | "any text" | 'any text' behind an entity
 * op         := = != > >= < <= LIKE ILIKE
 * value      := number | 'text' | "text"
 * </pre>
 *
 * There is no OR, no NOT, and no parentheses but those of IN. The messages are MLflow's.
 */
final class FilterParser {
    private final String source;
    private final List<Token> tokens;
    private int at;

    private FilterParser(String source) {
        this.source = source;
        this.tokens = Lexer.tokens(source);
    }

    static List<Comparison> parse(String filter) {
        if (filter.isEmpty()) return List.of();
        if (filter.isBlank()) throw MillraceException.invalid("Invalid filter '" + filter + "'. Could not be parsed.");
        return new FilterParser(filter).comparisons();
    }

    private List<Comparison> comparisons() {
        List<Comparison> comparisons = new ArrayList<>();
        while (peek().kind() != Token.Kind.END) {
            comparisons.add(comparison());
            if (peek().kind() == Token.Kind.END) break;
            if (!peek().isWord("AND")) throw Lexer.invalid(source.substring(peek().start()));
            at++;
        }
        return comparisons;
    }

    private Comparison comparison() {
        Token first = peek();
        if (first.kind() == Token.Kind.SINGLE_QUOTED) {
            throw MillraceException.invalid(
                    "Invalid comparison clause. Expected 'Identifier' found ''" + first.text() + "''");
        }
        Identifier identifier = identifier();
        Operator operator = operator(first);
        return new Comparison(identifier, operator, literal(operator, first));
    }

    private Identifier identifier() {
        Token first = take();
        return switch (first.kind()) {
            case BACK_QUOTED, DOUBLE_QUOTED -> afterQuoted(first);
            case WORD -> afterWord(first);
            default -> throw Lexer.invalid(source.substring(first.start()));
        };
    }

    /** A quoted attribute, or {@code "metrics"."a b"} with each part quoted. */
    private Identifier afterQuoted(Token first) {
        Token next = peek();
        boolean dotFollows = next.kind() == Token.Kind.WORD
                && next.start() == first.end()
                && next.text().startsWith(".");
        if (!dotFollows) return new Identifier(Entity.ATTRIBUTE, first.text());
        take();
        return keyed(first.text(), next.text().substring(1), next.end(), first);
    }

    private Identifier afterWord(Token word) {
        int dot = word.text().indexOf('.');
        if (dot < 0) return new Identifier(Entity.ATTRIBUTE, word.text());
        return keyed(word.text().substring(0, dot), word.text().substring(dot + 1), word.end(), word);
    }

    /** @param key what stood behind the dot; empty when a quoted key follows at {@code end} */
    private Identifier keyed(String entity, String key, int end, Token first) {
        String whole = key;
        Token next = peek();
        boolean quotedKey = next.kind() == Token.Kind.BACK_QUOTED || next.isQuotedText();
        if (key.isEmpty()) {
            if (!quotedKey || next.start() != end) throw Lexer.invalid(source.substring(first.start()));
            whole = take().text();
        }
        return new Identifier(entityNamed(entity), whole);
    }

    private static Entity entityNamed(String word) {
        return Entity.named(word)
                .orElseThrow(() -> MillraceException.invalid("Invalid entity type '" + word + "'. Valid values are "
                        + Arrays.stream(Entity.values())
                                .map(entity -> "'" + entity.word() + "'")
                                .toList()));
    }

    private Operator operator(Token first) {
        Token token = take();
        if (token.isWord("IS")) {
            boolean not = peek().isWord("NOT");
            if (not) at++;
            if (!take().isWord("NULL")) throw Lexer.invalid(source.substring(first.start()));
            return not ? Operator.IS_NOT_NULL : Operator.IS_NULL;
        }
        if (token.isWord("NOT")) {
            if (!take().isWord("IN")) throw Lexer.invalid(source.substring(first.start()));
            return Operator.NOT_IN;
        }
        for (Operator operator : Operator.values()) {
            boolean symbol = token.kind() == Token.Kind.OPERATOR && token.text().equals(operator.word());
            if (symbol || token.isWord(operator.word())) return operator;
        }
        if (token.kind() == Token.Kind.OPERATOR) {
            throw MillraceException.invalid("Invalid comparator '" + token.text() + "' not one of '"
                    + Words.set(
                            Arrays.stream(Operator.values()).map(Operator::word).toList()) + "'");
        }
        throw Lexer.invalid(source.substring(first.start()));
    }

    private Literal literal(Operator operator, Token first) {
        return switch (operator) {
            case IS_NULL, IS_NOT_NULL -> new Literal.Nothing();
            case IN, NOT_IN -> texts(first);
            case EQUAL, NOT_EQUAL, GREATER, GREATER_EQUAL, LESS, LESS_EQUAL, LIKE, ILIKE -> {
                Token value = take();
                if (value.isQuotedText()) yield new Literal.Quoted(value.text());
                if (value.kind() == Token.Kind.WORD && !value.isWord("AND")) yield new Literal.Bare(value.text());
                throw Lexer.invalid(source.substring(first.start()));
            }
        };
    }

    private Literal texts(Token first) {
        if (take().kind() != Token.Kind.OPEN) throw Lexer.invalid(source.substring(first.start()));
        int open = peek().start() - 1;
        List<String> texts = new ArrayList<>();
        while (peek().kind() != Token.Kind.CLOSE) {
            Token text = take();
            if (text.kind() == Token.Kind.END) throw Lexer.invalid(source.substring(first.start()));
            if (text.kind() == Token.Kind.COMMA) throw emptyList("ill-formed list");
            if (!text.isQuotedText()) {
                throw MillraceException.invalid(
                        "While parsing a list in the query, expected string value, punctuation, or whitespace, but got"
                                + " different type in list: "
                                + source.substring(open).replaceFirst("^(\\([^,]*)\\)$", "$1,)"));
            }
            texts.add(text.text());
            if (peek().kind() == Token.Kind.COMMA) at++;
            else if (peek().kind() != Token.Kind.CLOSE) throw Lexer.invalid(source.substring(first.start()));
        }
        at++;
        if (texts.isEmpty()) throw emptyList("empty list");
        return new Literal.Texts(texts);
    }

    private static MillraceException emptyList(String got) {
        return MillraceException.invalid(
                "While parsing a list in the query, expected a non-empty list of string values, but got " + got);
    }

    private Token peek() {
        return tokens.get(at);
    }

    /** Stays at END, so a clause that breaks off is refused and not run past. */
    private Token take() {
        Token token = tokens.get(at);
        if (token.kind() != Token.Kind.END) at++;
        return token;
    }

    /** Reads one {@code identifier [ASC | DESC]}. */
    static OrderTerm orderTerm(String clause) {
        if (clause.isBlank()) throw unordered(clause);
        FilterParser parser;
        Identifier identifier;
        try {
            parser = new FilterParser(clause);
            identifier = parser.identifier();
        } catch (MillraceException unreadable) {
            if (unreadable.getMessage().startsWith("Invalid entity")) throw unreadable;
            throw unordered(clause);
        }
        Token direction = parser.take();
        boolean descending = direction.isWord("DESC");
        boolean known = descending || direction.isWord("ASC") || direction.kind() == Token.Kind.END;
        boolean last = parser.peek().kind() == Token.Kind.END;
        if (!known && last && direction.kind() == Token.Kind.WORD) {
            throw MillraceException.invalid("Invalid ordering key in order_by clause '" + clause + "'.");
        }
        if (!known || parser.peek().kind() != Token.Kind.END) throw unordered(clause);
        return new OrderTerm(identifier, descending);
    }

    private static MillraceException unordered(String clause) {
        return MillraceException.invalid("Invalid order_by clause '" + clause + "'. Could not be parsed.");
    }
}
