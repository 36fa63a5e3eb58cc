package dev.millrace.registry.resource.drift;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.registry.platform.http.StrictJson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BlockTest {
    private static final double[] NUMBERS = {
        0.0,
        -0.0,
        0.1,
        -1.5e-300,
        Double.MIN_VALUE,
        Double.MAX_VALUE,
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY
    };
    private static final long[] WHOLES = {
        0,
        1,
        -1,
        127,
        128,
        -128,
        -129,
        32_767,
        32_768,
        -32_769,
        1L << 31,
        -(1L << 31) - 1,
        Long.MAX_VALUE,
        Long.MIN_VALUE
    };
    private static final String[] TEXTS = {"", "ok", "drift", "ÄÖ ✕ 😀", "x".repeat(300)};

    /** A value of a leaf's kind as JSON. */
    private static JsonNode value(Leaf leaf, Random random) {
        ObjectNode node = StrictJson.tree("").deepCopy();
        switch (leaf.kind()) {
            case LONG -> node.put("v", WHOLES[random.nextInt(WHOLES.length)]);
            case DOUBLE -> {
                double number = NUMBERS[random.nextInt(NUMBERS.length)];
                if (Double.isFinite(number)) node.put("v", number);
                else node.put("v", String.valueOf(number));
            }
            case TEXT -> node.put("v", TEXTS[random.nextInt(TEXTS.length)]);
            case OBJECT -> node.putObject("v");
        }
        return node.get("v");
    }

    /** A row that has each field with the chance {@code share}. */
    private static ObjectNode row(Random random, double share) {
        ObjectNode row = StrictJson.tree("").deepCopy();
        for (Leaf leaf : Leaves.ALL) {
            if (leaf.name().equals("drift_type")) {
                row.put("drift_type", "BASELINE");
                continue;
            }
            if (leaf.name().equals("column_name")) {
                row.put("column_name", "c");
                continue;
            }
            JsonNode object = row.path(leaf.object());
            if (random.nextDouble() >= share || (!leaf.object().isEmpty() && !object.isObject())) continue;
            (leaf.object().isEmpty() ? row : (ObjectNode) object).set(leaf.name(), value(leaf, random));
        }
        return row;
    }

    private static void assertComesBack(List<ObjectNode> rows) {
        List<Object[]> values = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            values.add(Leaves.values(StrictJson.value(rows.get(i), DriftRow.class), i));
        }

        Block block = Block.of(BlockWriter.write(values));

        assertThat(block.rows()).isEqualTo(rows.size());
        for (int i = 0; i < rows.size(); i++) {
            assertThat(block.rowOf(i)).isEqualTo(i);
            assertThat(StrictJson.text(Leaves.json(block.values(i), "c"))).isEqualTo(StrictJson.text(rows.get(i)));
        }
        assertThat(block.rowOf(rows.size())).isEqualTo(-1);
    }

    @Test
    void everyFieldComesBackAsItCame() {
        Random random = new Random(1);
        for (int rows : new int[] {1, 2, 7, 8, 9, 200}) {
            for (double share : new double[] {0, 0.1, 0.5, 0.95, 1}) {
                List<ObjectNode> some = new ArrayList<>();
                for (int i = 0; i < rows; i++) some.add(row(random, share));
                assertComesBack(some);
            }
        }
    }

    @Test
    void whatIsTheSameInAllRowsComesBack() {
        ObjectNode row = row(new Random(2), 1);

        assertComesBack(List.of(row, row.deepCopy(), row.deepCopy()));
    }

    /** Fails when a field is added to the row and not here: it would be lost. */
    @Test
    void everyFieldOfARowHasALeaf() {
        assertThat(Leaves.ALL.stream().filter(leaf -> leaf.object().isEmpty()).count())
                .isEqualTo(DriftRow.class.getRecordComponents().length);
    }

    @Test
    void aRowOfTheMonitoringJobTakesAtMost150Bytes() throws IOException {
        Random random = new Random(3);
        JsonNode sent = new ObjectMapper()
                .readTree(Path.of("../conf/contract/drift-put.json").toFile())
                .at("/body/rows/0");
        List<Object[]> rows = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            ObjectNode row = sent.deepCopy();
            for (Leaf leaf : Leaves.ALL) {
                boolean varies = leaf.kind() == Leaf.Kind.DOUBLE && !leaf.name().equals("threshold");
                JsonNode within = leaf.object().isEmpty() ? row : row.path(leaf.object());
                if (varies && within.path(leaf.name()).isNumber()) {
                    ((ObjectNode) within).put(leaf.name(), random.nextGaussian());
                }
            }
            row.put("count_delta", random.nextInt(100_000)).put("n_current", random.nextInt(100_000));
            row.put("verdict", List.of("ok", "watch", "drift").get(random.nextInt(3)));
            rows.add(Leaves.values(StrictJson.value(row, DriftRow.class), 1_000 + i));
        }

        assertThat(BlockWriter.write(rows).length / 200).isBetween(100, 150);
    }
}
