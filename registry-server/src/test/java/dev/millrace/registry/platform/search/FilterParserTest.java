package dev.millrace.registry.platform.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.registry.platform.error.MillraceException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilterParserTest {

    @Test
    void clausesAreJoinedByAndInAnyCase() {
        List<Comparison> parsed =
                FilterParser.parse("metrics.auc > 0.9 AND params.depth = '5' and tags.team ILIKE \"ri%\"");

        assertThat(parsed)
                .containsExactly(
                        new Comparison(new Identifier(Entity.METRIC, "auc"), Operator.GREATER, new Literal.Bare("0.9")),
                        new Comparison(
                                new Identifier(Entity.PARAMETER, "depth"), Operator.EQUAL, new Literal.Quoted("5")),
                        new Comparison(new Identifier(Entity.TAG, "team"), Operator.ILIKE, new Literal.Quoted("ri%")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "status = 'x'                      | ATTRIBUTE | status",
                "attributes.start_time = 1         | ATTRIBUTE | start_time",
                "run.status = 'x'                  | ATTRIBUTE | status",
                "`Run Name` = 'x'                  | ATTRIBUTE | Run Name",
                "\"run name\" = 'x'                | ATTRIBUTE | run name",
                "tags.mlflow.runName = 'x'         | TAG       | mlflow.runName",
                "tag.`mlflow.note.content` = 'x'   | TAG       | mlflow.note.content",
                "params.\"a b/c:d\" = 'x'          | PARAMETER | a b/c:d",
                "parameter.x = 'x'                 | PARAMETER | x",
                "tags.'a' = 'x'                    | TAG       | a",
                "params.'p.q r' = 'x'              | PARAMETER | p.q r",
                "metric.`m 1` > 1                  | METRIC    | m 1",
                "\"metrics\".\"m 1\" > 1           | METRIC    | m 1",
                "metrics.übung>1                   | METRIC    | übung",
                "dataset.digest = 'x'              | DATASET   | digest"
            })
    void identifiersHaveManySpellings(String filter, Entity entity, String key) {
        assertThat(FilterParser.parse(filter))
                .extracting(Comparison::identifier)
                .containsExactly(new Identifier(entity, key));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "-1", "1e-3", "+2.5", ".5", "1E10"})
    void numbersStandBare(String number) {
        assertThat(FilterParser.parse("metrics.m>=" + number))
                .extracting(Comparison::literal)
                .containsExactly(new Literal.Bare(number));
    }

    @Test
    void aListMayEndWithAComma() {
        assertThat(FilterParser.parse("attributes.run_id NOT IN ('a', \"b\",)"))
                .containsExactly(new Comparison(
                        new Identifier(Entity.ATTRIBUTE, "run_id"),
                        Operator.NOT_IN,
                        new Literal.Texts(List.of("a", "b"))));
    }

    @Test
    void absenceCanBeAskedFor() {
        assertThat(FilterParser.parse("params.p IS NULL and tags.t is not null"))
                .extracting(Comparison::operator)
                .containsExactly(Operator.IS_NULL, Operator.IS_NOT_NULL);
    }

    @Test
    void anAndMayStandAtTheEnd() {
        assertThat(FilterParser.parse("status = 'x' AND")).hasSize(1);
    }

    @Test
    void aQuoteOfTheOtherKindIsText() {
        assertThat(FilterParser.parse("params.p = \"it's\" AND tags.t = 'say \"x\"'"))
                .extracting(Comparison::literal)
                .containsExactly(new Literal.Quoted("it's"), new Literal.Quoted("say \"x\""));
    }

    @Test
    void noFilterIsNoClause() {
        assertThat(FilterParser.parse("")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "status = 'x' OR status = 'y'  | Invalid clause(s) in filter string: 'OR",
                "status == 'x'                 | Invalid comparator '==' not one of '{'!=', '<', '<='",
                "status <> 'x'                 | Invalid comparator '<>' not one of",
                "status RLIKE 'x'              | Invalid clause(s) in filter string",
                "status = 'it''s'              | Invalid clause(s) in filter string",
                "status = 'x'; DROP TABLE runs | Invalid clause(s) in filter string",
                "(status = 'x')                | Invalid clause(s) in filter string",
                "NOT status = 'x'              | Invalid clause(s) in filter string",
                "status = 'x                   | Invalid clause(s) in filter string",
                "status =                      | Invalid clause(s) in filter string",
                "status                        | Invalid clause(s) in filter string",
                "metrics. > 1                  | Invalid clause(s) in filter string",
                "foo.bar = 'x'                 | Invalid entity type 'foo'. Valid values are",
                "'status' = 'x'                | Invalid comparison clause. Expected 'Identifier' found ''status''",
                "run_id IN ()                  | expected a non-empty list of string values",
                "run_id IN (1)                 | but got different type in list: (1,)",
            })
    void whatIsNoComparisonIsRefusedWithMlflowsWords(String filter, String message) {
        assertThatThrownBy(() -> FilterParser.parse(filter))
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining(message);
    }

    @Test
    void blanksAloneAreNoFilter() {
        assertThatThrownBy(() -> FilterParser.parse("  ")).hasMessage("Invalid filter '  '. Could not be parsed.");
    }

    @ParameterizedTest
    @CsvSource({
        "metrics.auc DESC, METRIC, auc, true",
        "metrics.`a b` asc, METRIC, a b, false",
        "start_time, ATTRIBUTE, start_time, false",
        "attributes.start_time Desc, ATTRIBUTE, start_time, true"
    })
    void ordersNameAKeyAndADirection(String clause, Entity entity, String key, boolean descending) {
        assertThat(FilterParser.orderTerm(clause)).isEqualTo(new OrderTerm(new Identifier(entity, key), descending));
    }

    @Test
    void aDirectionIsUpOrDown() {
        assertThatThrownBy(() -> FilterParser.orderTerm("start_time SIDEWAYS"))
                .hasMessage("Invalid ordering key in order_by clause 'start_time SIDEWAYS'.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "start_time DESC ASC", "start_time; DROP", "'x'"})
    void otherOrdersAreRefused(String clause) {
        assertThatThrownBy(() -> FilterParser.orderTerm(clause))
                .hasMessage("Invalid order_by clause '" + clause + "'. Could not be parsed.");
    }
}
