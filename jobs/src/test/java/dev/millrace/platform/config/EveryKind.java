package dev.millrace.platform.config;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A config with every kind of value the binder knows. */
@Doc("every kind of value")
record EveryKind(
        @Doc("a text") String name,
        @Doc("how many") @Default("8") @Min(1) @Max(10) int count,
        @Default("0.5") @Min(0) double share,
        @Default("false") boolean loud,
        @Default("slow-and-steady") Pace pace,
        Optional<Long> limit,
        List<String> keys,
        Map<String, Object> params,
        @Default("7d") Duration lookback,
        Optional<Instant> since,
        @Default("UTC") ZoneId zone,
        Optional<Object> anything,
        Optional<Place> place,
        List<Place> places,
        @Default("{by: everywhere}") Choice choice,
        @Key("type") Optional<String> kind) {

    EveryKind {
        if (name.equals("forbidden")) throw new IllegalArgumentException("`name` may not be `forbidden`");
    }

    enum Pace {
        SLOW_AND_STEADY,
        FAST {
            @Override
            int speed() {
                return 2;
            }
        };

        int speed() {
            return 1;
        }
    }

    /** Written as {@code town/street} or as a mapping. */
    record Place(@Doc("the town") String town, @Doc("the street") Optional<String> street) {
        @FromText
        public static Place parse(String text) {
            if (!text.contains("/")) throw new IllegalArgumentException("expected town/street");
            return new Place(text.substring(0, text.indexOf('/')), Optional.of(text.substring(text.indexOf('/') + 1)));
        }
    }

    @Variants("by")
    sealed interface Choice permits Everywhere, NearTo {}

    record Everywhere() implements Choice {}

    record NearTo(@Doc("where") Place place, @Min(0) double radius) implements Choice {}
}
