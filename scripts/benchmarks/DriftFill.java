package dev.millrace.registry.resource.drift;

import dev.millrace.registry.platform.storage.Database;
import dev.millrace.registry.platform.storage.Place;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Fills the database of a stopped server with generated drift for {@code scripts/bench registry --drift}, through the code
 * that a PUT runs; hence the package. {@code DriftFill HOME MODELS COLUMNS SLICES DAYS}: each day each model sends one
 * window, as monitoring jobs do. Numbers have all their digits; half of the columns are text.
 */
final class DriftFill {
    private static final long DAY = 86_400_000L;
    private static final long FIRST = 1_735_689_600_000L; // 2025-01-01
    private static final String RUN = "0123456789abcdef0123456789abcdef";
    private static final int SEED = 20261130;

    private final SplittableRandom random = new SplittableRandom(SEED);

    private DriftFill() {}

    public static void main(String[] given) {
        Path file = Path.of(given[0], "registry", "registry.db");
        int models = Integer.parseInt(given[1]);
        int columns = Integer.parseInt(given[2]);
        int slices = Integer.parseInt(given[3]);
        int days = Integer.parseInt(given[4]);
        DriftFill fill = new DriftFill();
        long begun = System.nanoTime();
        try (Database database = Database.open(new Place.SqliteFile(file), Clock.systemUTC())) {
            DriftService drift = new DriftService(database, Clock.systemUTC());
            for (int day = 0; day < days; day++) {
                for (int model = 0; model < models; model++) {
                    DriftKey key = new DriftKey("model-" + model, "1", FIRST + day * DAY);
                    drift.put(key, fill.window(key, columns, slices));
                }
                if ((day + 1) % 10 == 0) {
                    System.err.printf("%d days, %d s%n", day + 1, (System.nanoTime() - begun) / 1_000_000_000L);
                }
            }
        }
    }

    private DriftPut window(DriftKey key, int columns, int slices) {
        List<DriftRow> rows = new ArrayList<>(columns * slices);
        for (int slice = 0; slice < slices; slice++) {
            Optional<String> sliceKey = slice == 0 ? Optional.empty() : Optional.of("channel");
            Optional<String> sliceValue = slice == 0 ? Optional.empty() : Optional.of("value-" + slice);
            long current = 5_000 + random.nextInt(5_000);
            for (int column = 0; column < columns; column++) {
                rows.add(row(key, sliceKey, sliceValue, column, current));
            }
        }
        return new DriftPut(RUN, "1 day", Optional.empty(), Optional.empty(), Optional.empty(), rows);
    }

    private DriftRow row(DriftKey key, Optional<String> sliceKey, Optional<String> sliceValue, int column, long current) {
        boolean numeric = column % 2 == 0;
        double psi = random.nextDouble() * random.nextDouble() * 0.25;
        return new DriftRow(
                Optional.of("predictions." + key.model()),
                Optional.of("8a1c2f0e-5f0b-4a53-9a55-0d7f0f3b8f11"),
                Optional.of(12L),
                new DriftRow.Window(Optional.of(key.windowStart()), Optional.of(key.windowStart() + DAY)),
                "1 day",
                Optional.of(0L),
                sliceKey,
                sliceValue,
                "feature_" + column,
                Optional.of(numeric ? "double" : "string"),
                Optional.of(new DriftRow.Window(Optional.empty(), Optional.empty())),
                "BASELINE",
                Optional.of(current - 65_536),
                numeric ? number() : Optional.empty(),
                number(),
                numeric ? number() : Optional.empty(),
                number(),
                Optional.empty(),
                number(),
                numeric ? test() : Optional.empty(),
                numeric ? number() : Optional.empty(),
                Optional.of(psi),
                numeric ? Optional.empty() : test(),
                number(),
                number(),
                Optional.of(65_536L),
                Optional.of(current),
                number(),
                Optional.of(psi),
                numeric ? number() : Optional.empty(),
                Optional.of(0.2),
                Optional.of(psi >= 0.2 ? "drift" : psi >= 0.1 ? "watch" : "ok"),
                Optional.of(numeric ? "baseline quantiles, 10 of 256" : "categories"),
                Optional.of(RUN),
                Optional.of(key.model()),
                Optional.of(1L),
                Optional.of("population_stability_index"));
    }

    private Optional<Double> number() {
        return Optional.of(random.nextDouble());
    }

    private Optional<DriftRow.Test> test() {
        return Optional.of(new DriftRow.Test(number(), number()));
    }
}
