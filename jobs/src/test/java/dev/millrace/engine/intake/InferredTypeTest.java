package dev.millrace.engine.intake;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InferredTypeTest {
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private static InferredType of(List<String> cells) {
        InferredType type = new InferredType();
        TimeSpelling times = new TimeSpelling(List.of(), Locale.ENGLISH);
        for (String cell : cells) type.observe(cell, NumberSpelling.PLAIN, times);
        return type;
    }

    /** Values apart by blanks; numbers keep what a narrower type would lose. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "1 2 3,bigint",
                "0 -5,bigint",
                "1 2.5,double",
                "0.1 1.50 .5,double",
                "007 1,string",
                "-007,string",
                "00.5 1.5,string",
                "+4912345,string",
                "+1e5,string",
                "1E2 100,string",
                "5e10,string",
                "1234e567,string",
                "12E400 1.5,string",
                "1.5E3,string",
                "1e20,string",
                "0.25 1e-05,double",
                "0.25 1.0E10,double",
                "1.500000e+03 2.000000e+00,double",
                "1e+16 2.5,double",
                "1e-400 1.5,string",
                "12345678901234567.89 98765432109876542.21,'decimal(19,2)'",
                "9007199254740993 0.5,'decimal(17,1)'",
                "9007199254740992 0.5,double",
                "9223372036854775807,bigint",
                "9223372036854775808,string",
                "12345678901234567890 0.5,'decimal(21,1)'",
                "9007199254740993 1.0E10,string",
                "9007199254740993.5 NaN,string",
                "123456789012345678901234567890.123456789,string",
                "NaN 1,double",
                "true False,boolean",
                "true 1,string",
                "2024-01-01,date",
                "2024-01-01 2024-01-01T10:00:00,timestamp",
                "2024-02-30,string",
                "- ,void"
            })
    void aColumnIsTheNarrowestTypeThatEveryValueSurvives(String cells, String type) {
        List<String> values = cells == null ? List.of() : List.of(cells.split(" ", -1));

        assertThat(of(values).type().simpleString()).isEqualTo(type);
    }

    private static String json(String... values) {
        InferredType type = new InferredType();
        try {
            for (String value : values) type.observe(JSON.readTree(value));
        } catch (JsonProcessingException impossible) {
            throw new AssertionError(impossible);
        }
        return type.type().simpleString();
    }

    @Test
    void numbersOfJsonAreNumbersAndLoseNothingEither() {
        assertThat(json("1", "2.5")).isEqualTo("double");
        assertThat(json("1E2", "100")).isEqualTo("double");
        assertThat(json("12345678901234567.89")).isEqualTo("decimal(19,2)");
        assertThat(json("18446744073709551615", "0")).isEqualTo("decimal(20,0)");
        assertThat(json("12E400")).isEqualTo("string");
        assertThat(json("1e999999")).isEqualTo("string");
        assertThat(json("9007199254740993", "0.5")).isEqualTo("decimal(17,1)");
    }

    @Test
    void whatHasNoValueHasNoType() {
        assertThat(json("null", "null")).isEqualTo("void");
        assertThat(json("[]", "null")).isEqualTo("void");
        assertThat(json("{}", "null")).isEqualTo("void");
        assertThat(json("{\"a\":null,\"b\":1}")).isEqualTo("struct<a:void,b:bigint>");
        assertThat(json("[]", "[1]")).isEqualTo("array<bigint>");
    }

    @Test
    void whatIsOfDifferentKindsIsText() {
        assertThat(json("1", "{}")).isEqualTo("string");
        assertThat(json("1", "\"1\"")).isEqualTo("string");
        assertThat(json("{\"a b\":1}")).isEqualTo("string");
        assertThat(json("{\"a\":1,\"A\":2}")).isEqualTo("string");
        assertThat(json("{\"userId\":1}")).isEqualTo("struct<userId:bigint>");
    }

    @Provide
    Arbitrary<List<String>> cells() {
        Arbitrary<String> numbers = Arbitraries.bigDecimals()
                .between(new BigDecimal("-1e20"), new BigDecimal("1e20"))
                .ofScale(3)
                .map(BigDecimal::toPlainString);
        Arbitrary<String> others = Arbitraries.of(
                "",
                "1",
                "007",
                "2.5",
                "9007199254740993",
                "1e-05",
                "NaN",
                "true",
                "x",
                "2024-01-01",
                "2024-01-01T00:00:00Z");
        return Arbitraries.oneOf(numbers, others).list().ofMaxSize(8);
    }

    @Property(tries = 300)
    void theTypeDoesNotDependOnOrderOrParts(@ForAll("cells") List<String> cells, @ForAll Random random) {
        List<String> shuffled = new ArrayList<>(cells);
        Collections.shuffle(shuffled, random);
        int cut = shuffled.isEmpty() ? 0 : random.nextInt(shuffled.size());

        InferredType parts = of(shuffled.subList(cut, shuffled.size())).merge(of(shuffled.subList(0, cut)));

        assertThat(parts.type()).isEqualTo(of(cells).type());
    }
}
