package dev.millrace.engine.simulate;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;

/** Daily and weekly rhythm: Fridays and Saturdays are busy, nights are not. */
final class Calendar {
    static final long DAY = 86_400;
    private static final double[] WEEK = {0.90, 0.90, 0.95, 1.00, 1.20, 1.30, 0.80};

    private final long startSecond;
    private final double[] cumulative;

    Calendar(Instant start, int days) {
        this.startSecond = start.getEpochSecond();
        this.cumulative = new double[days];
        double sum = 0;
        for (int day = 0; day < days; day++) {
            DayOfWeek weekday =
                    start.plusSeconds(day * DAY).atZone(ZoneOffset.UTC).getDayOfWeek();
            sum += WEEK[weekday.getValue() - 1];
            cumulative[day] = sum;
        }
    }

    /** A second of the simulated time. Nights see 5 %, and what the two humps of the day leave them. */
    long draw(Draws draws) {
        double mark = draws.uniform() * cumulative[cumulative.length - 1];
        int found = Arrays.binarySearch(cumulative, mark);
        int day = Math.min(cumulative.length - 1, found >= 0 ? found + 1 : -found - 1);
        double part = draws.uniform();
        double hour;
        if (part < 0.05) hour = 24 * draws.uniform();
        else if (part < 0.70) hour = 13.5 + 3.2 * draws.normal();
        else hour = 19 + 1.8 * draws.normal();
        return startSecond + day * DAY + Math.floorMod((long) (hour * 3600), DAY);
    }

    /** How much of the simulated time is over, 0 to 1. */
    double progress(long second) {
        return (double) (second - startSecond) / (cumulative.length * DAY);
    }
}
