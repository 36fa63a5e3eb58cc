package dev.millrace.engine.search;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Parameters with their values. Points come in an order of their own that depends on nothing but the space and the
 * seed, so a stopped search finds its finished trials again.
 */
public record SearchSpace(Map<String, Dimension> dimensions) {
    public SearchSpace {
        dimensions = Collections.unmodifiableMap(new LinkedHashMap<>(dimensions));
        if (dimensions.isEmpty()) throw new IllegalArgumentException("`space` names no parameter");
    }

    /** Every combination, the last parameter changing fastest. */
    public List<Map<String, Object>> grid() {
        List<Map<String, Object>> points = new ArrayList<>();
        points.add(new LinkedHashMap<>());
        for (Map.Entry<String, Dimension> dimension : dimensions.entrySet()) {
            List<Map<String, Object>> longer = new ArrayList<>();
            for (Map<String, Object> point : points) {
                for (Object value : dimension.getValue().grid()) {
                    Map<String, Object> extended = new LinkedHashMap<>(point);
                    extended.put(dimension.getKey(), value);
                    longer.add(extended);
                }
            }
            points = longer;
        }
        return points;
    }

    /**
     * Independent uniform draws (Bergstra and Bengio 2012), each point once: fewer than {@code count} when the space has
     * no more. More draws with the same seed begin with the same points.
     */
    public List<Map<String, Object>> random(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Set<Map<String, Object>> points = new LinkedHashSet<>();
        int draws = 100 * count;
        while (points.size() < count && draws-- > 0) {
            Map<String, Object> point = new LinkedHashMap<>();
            dimensions.forEach((name, dimension) -> point.put(name, dimension.draw(random)));
            points.add(point);
        }
        return List.copyOf(points);
    }
}
