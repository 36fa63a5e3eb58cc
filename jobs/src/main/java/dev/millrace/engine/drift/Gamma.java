package dev.millrace.engine.drift;

/** The regularised incomplete gamma function. */
final class Gamma {
    /** Lanczos with g = 607/128, relative error below 1e-15 (Godfrey 2001, as in many libraries). */
    private static final double[] LANCZOS = {
        0.9999999999999971,
        57.15623566586292,
        -59.59796035547549,
        14.136097974741746,
        -0.4919138160976202,
        3.399464998481189e-05,
        4.652362892704858e-05,
        -9.837447530487956e-05,
        0.0001580887032249125,
        -0.00021026444172410488,
        0.00021743961811521265,
        -0.0001643181065367639,
        8.441822398385275e-05,
        -2.6190838401581408e-05,
        3.6899182659531625e-06
    };

    private static final int MOST = 100_000;

    private Gamma() {}

    /**
     * Q(a, x) = Γ(a, x) / Γ(a), for a &gt; 0: series below x = a + 1, Lentz's continued fraction above (Press et al.,
     * Numerical Recipes, 3rd edition, §6.2). Equals SciPy's {@code gammaincc} within 1e-13.
     */
    static double upper(double a, double x) {
        if (Double.isNaN(x)) return Double.NaN;
        if (x <= 0) return 1;
        if (Double.isInfinite(x)) return 0;
        double scale = Math.exp(a * Math.log(x) - x - logGamma(a));
        return x < a + 1 ? 1 - series(a, x) * scale : fraction(a, x) * scale;
    }

    private static double series(double a, double x) {
        double term = 1 / a;
        double sum = term;
        for (int n = 1; n < MOST; n++) {
            term *= x / (a + n);
            sum += term;
            if (term < sum * 1e-17) break;
        }
        return sum;
    }

    private static double fraction(double a, double x) {
        double tiny = 1e-300;
        double b = x + 1 - a;
        double c = 1 / tiny;
        double d = 1 / b;
        double h = d;
        for (int n = 1; n < MOST; n++) {
            double an = -n * (n - a);
            b += 2;
            d = an * d + b;
            if (Math.abs(d) < tiny) d = tiny;
            c = b + an / c;
            if (Math.abs(c) < tiny) c = tiny;
            d = 1 / d;
            double step = d * c;
            h *= step;
            if (Math.abs(step - 1) < 1e-16) break;
        }
        return h;
    }

    static double logGamma(double x) {
        double sum = LANCZOS[0];
        for (int i = LANCZOS.length - 1; i > 0; i--) sum += LANCZOS[i] / (x + i);
        double shifted = x + 607.0 / 128 + 0.5;
        return (x + 0.5) * Math.log(shifted) - shifted + Math.log(Math.sqrt(2 * Math.PI) * sum / x);
    }
}
