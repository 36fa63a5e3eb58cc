package dev.millrace.engine.simulate;

/**
 * Where one can pay. A terminal's place and kind follow from its number: {@code 7 · (cities · group + city) + residue},
 * and residue 3 is online. So a terminal of a city is drawn without a list of terminals.
 */
record Terminals(long seed, long count) {
    private record City(String name, String country) {}

    private static final City[] CITIES = {
        new City("London", "GB"), new City("Paris", "FR"), new City("Köln", "DE"), new City("Madrid", "ES"),
        new City("Milano", "IT"), new City("Bruxelles", "BE"), new City("Zürich", "CH"), new City("Kraków", "PL"),
        new City("Málaga", "ES"), new City("Århus", "DK"), new City("Göteborg", "SE"), new City("Αθήνα", "GR"),
        new City("São Paulo", "BR"), new City("Reykjavík", "IS"), new City("Łódź", "PL"), new City("İzmir", "TR"),
        new City("東京", "JP"), new City("München", "DE"), new City("Saint-Étienne", "FR"), new City("Cork", "IE"),
    };
    private static final int KINDS = 7;
    private static final int ONLINE = 3;
    private static final String[] SHOPS = {
        "grocery", "grocery", "restaurant", "fuel", "clothing", "health", "transport", "electronics"
    };
    private static final String[] SITES = {"electronics", "clothing", "travel", "digital", "grocery"};
    private static final long PURPOSE = 2;

    static int cities() {
        return CITIES.length;
    }

    /** A terminal of the city, the first ones of it more often. */
    long draw(Draws draws, int city, boolean online) {
        long groups = Math.max(1, count / ((long) KINDS * CITIES.length));
        double skewed = draws.uniform();
        long group = (long) (skewed * StrictMath.sqrt(skewed) * groups);
        long residue = draws.below(KINDS - 1);
        if (online) residue = ONLINE;
        else if (residue >= ONLINE) residue++;
        return (KINDS * (CITIES.length * group + city) + residue) % count;
    }

    boolean isOnline(long terminal) {
        return terminal % KINDS == ONLINE;
    }

    private static City cityOf(long terminal) {
        return CITIES[(int) (terminal / KINDS % CITIES.length)];
    }

    String city(long terminal) {
        return cityOf(terminal).name();
    }

    String country(long terminal) {
        return cityOf(terminal).country();
    }

    String category(long terminal) {
        Draws draws = Draws.of(seed, PURPOSE, terminal, 0);
        String[] kinds = isOnline(terminal) ? SITES : SHOPS;
        return kinds[(int) draws.below(kinds.length)];
    }

    /** What a purchase there costs, relative to the mean. */
    static double price(String category) {
        return switch (category) {
            case "transport" -> 0.4;
            case "restaurant", "grocery", "digital" -> 0.8;
            case "electronics" -> 2.2;
            case "travel" -> 3.0;
            default -> 1.0;
        };
    }
}
