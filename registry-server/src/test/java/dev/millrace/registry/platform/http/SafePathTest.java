package dev.millrace.registry.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafePathTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "a/b.txt", "ä/b c.json", "a/..b", "a/b%20c", "a:b/c", "%", "100%"})
    void ordinaryPathsPass(String path) {
        assertThat(SafePath.require(path)).isEqualTo(path);
    }

    @ParameterizedTest
    @CsvSource({"., ''", "./a, a", "././a, a", "a/., a", "a/./b, a/b", "a/.b, a/.b"})
    void dotsThatMeanHereAreLeftOut(String path, String plain) {
        assertThat(SafePath.require(path)).isEqualTo(plain);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "./..",
                "./../x",
                "/./x",
                "%2e/x",
                "..",
                "../x",
                "a/../b",
                "a/..",
                "/etc/passwd",
                "//x",
                "a//b",
                "a/",
                "a\\..\\b",
                "C:/x",
                "a\u0000b",
                "a\nb",
                "%2e%2e/x",
                "a/%2E%2e/b",
                "%252e%252e/x",
                "%25252e%25252e/x",
                "a%2f..%2fb",
                "%2fetc",
                "a%5cb",
                "a%00b"
            })
    void pathsThatMayMeanAnotherPlaceDoNot(String path) {
        assertThatThrownBy(() -> SafePath.require(path)).hasMessage("Invalid path");
    }
}
