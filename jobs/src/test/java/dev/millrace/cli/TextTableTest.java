package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TextTableTest {
    @Test
    void numbersStandToTheRight() {
        TextTable table = new TextTable("stage", ">rows");
        table.add("ingest", "1,200");
        table.add("é", "7");

        assertThat(table.render())
                .isEqualTo(
                        """
                        stage    rows
                        ─────────────
                        ingest  1,200
                        é           7
                        """);
    }
}
