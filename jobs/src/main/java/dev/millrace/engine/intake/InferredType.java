package dev.millrace.engine.intake;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.platform.table.Columns;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.StructType;

/**
 * What all values of a column have in common, found by reading every one of them: the narrowest type that each value
 * survives when it is read and written again, otherwise DECIMAL or STRING. A mergeable value: merging is commutative and
 * associative, so files may be read in any order and in parts.
 *
 * <p>Memory: a few numbers per column; for JSON, per key, at most {@value #MAX_KEYS} keys per object and {@value
 * #MAX_DEPTH} levels.
 */
final class InferredType implements Serializable {
    private static final long serialVersionUID = 1L;

    /** An object with more keys is a STRING: its keys are data rather than columns. */
    static final int MAX_KEYS = 1000;

    /** What lies deeper is a STRING. */
    static final int MAX_DEPTH = 30;

    /** Every decimal of so many digits survives a double (IEEE 754, DBL_DIG). */
    private static final int DOUBLE_DIGITS = 15;

    private boolean text;
    private boolean bool;
    private boolean number;
    private boolean date;
    private boolean time;

    /** A number that is no whole number of 64 bits. */
    private boolean fraction;

    /** A whole number of text beyond 64 bits. */
    private boolean longName;

    /** NaN, an infinity, or a number in scientific notation: no DECIMAL can be made of it. */
    private boolean floating;

    private boolean beyondDouble;
    private int wholeDigits;
    private int scale;
    private InferredType items;
    private TreeMap<String, InferredType> fields;

    /** A cell of CSV, or a value in a path; white space around it does not count. */
    void observe(String cell, NumberSpelling numbers, TimeSpelling times) {
        if (text) return;
        String value = cell.strip();
        if (value.isEmpty()) return;
        int digits = digits(value);
        if (digits > 0) {
            number = true;
            wholeDigits = Math.max(wholeDigits, digits);
            if (digits > DOUBLE_DIGITS && !beyondDouble) beyondDouble = !survives(value);
            return;
        }
        String plain = numbers.plain(value);
        if (!plain.isEmpty()) number(plain);
        else if (value.equalsIgnoreCase("true") || value.equalsIgnoreCase("false")) bool = true;
        else if (value.equals("NaN") || value.equals("Infinity") || value.equals("-Infinity")) special();
        else if (!Character.isDigit(value.charAt(0))) text = true; // spares the cost of a failing parse
        else if (times.date(value).isPresent()) date = true;
        else if (times.time(value).isPresent()) time = true;
        else text = true;
    }

    /** The number of digits of a whole number of at most 18 digits without sign or leading zero; else 0. */
    private static int digits(String value) {
        int length = value.length();
        if (length > 18 || (length > 1 && value.charAt(0) == '0')) return 0;
        for (int i = 0; i < length; i++) if (value.charAt(i) < '0' || value.charAt(i) > '9') return 0;
        return length;
    }

    private void special() {
        number = true;
        fraction = true;
        floating = true;
    }

    /** @param plain as {@link NumberSpelling#plain} gives it */
    private void number(String plain) {
        int sign = plain.charAt(0) == '-' || plain.charAt(0) == '+' ? 1 : 0;
        boolean leadingZero =
                plain.length() > sign + 1 && plain.charAt(sign) == '0' && Character.isDigit(plain.charAt(sign + 1));
        int exponent = plain.indexOf('e');
        // Telephone numbers, codes with zeros before them, 1E2: names that a number would lose part of.
        if (plain.charAt(0) == '+' || leadingZero || (exponent >= 0 && !isScientific(plain, exponent))) {
            text = true;
            return;
        }
        number = true;
        if (exponent >= 0) {
            fraction = true;
            floating = true;
            if (!survives(plain)) text = true;
            return;
        }
        int point = plain.indexOf('.');
        int whole = (point < 0 ? plain.length() : point) - sign;
        int decimals = point < 0 ? 0 : plain.length() - point - 1;
        wholeDigits = Math.max(wholeDigits, whole);
        scale = Math.max(scale, decimals);
        if (point >= 0) fraction = true;
        else if (whole > 18 && !fitsLong(plain)) longName = true;
        if (whole + decimals > DOUBLE_DIGITS && !beyondDouble) beyondDouble = !survives(plain);
    }

    private static boolean fitsLong(String plain) {
        try {
            Long.parseLong(plain);
            return true;
        } catch (NumberFormatException beyond) {
            return false;
        }
    }

    /**
     * Whether a program writes a number like this, rather than a person a code: Java and JavaScript write 1.0E10 and
     * 1e-7, Python 1e-05 and 1e+16, C 1.500000e+03; nobody writes 1E2, 5e10 or 12E4 for a number.
     */
    private static boolean isScientific(String plain, int exponent) {
        int first = plain.charAt(0) == '-' ? 1 : 0;
        boolean point = plain.charAt(Math.min(first + 1, exponent)) == '.' && exponent > first + 2;
        if (!point && exponent != first + 1) return false;
        String power = plain.substring(exponent + 1);
        boolean signed = power.charAt(0) == '+' || power.charAt(0) == '-';
        String digits = signed ? power.substring(1) : power;
        if (digits.length() > 3) return false;
        int magnitude = Integer.parseInt(digits);
        boolean printf = point && signed && digits.length() >= 2;
        if (power.charAt(0) == '-') return printf || magnitude >= 4 || (point && magnitude >= 3);
        return printf || (point && magnitude >= 7) || (power.charAt(0) == '+' && magnitude >= 16);
    }

    /** Whether the double nearest to a number is written as that number. */
    private static boolean survives(String plain) {
        double nearest = Double.parseDouble(plain);
        if (Double.isInfinite(nearest)) return false;
        return new BigDecimal(Double.toString(nearest)).compareTo(new BigDecimal(plain)) == 0;
    }

    /** A value of JSON. */
    void observe(JsonNode value) {
        observe(value, 0);
    }

    private void observe(JsonNode value, int depth) {
        if (text || value.isNull()) return;
        if (value.isTextual() || depth > MAX_DEPTH) text = true;
        else if (value.isBoolean()) bool = true;
        else if (value.isNumber()) number(value);
        else if (value.isArray()) array(value, depth);
        else object(value, depth);
    }

    private void number(JsonNode value) {
        number = true;
        if (value.isIntegralNumber() && value.canConvertToLong()) {
            String digits = value.asText();
            wholeDigits = Math.max(wholeDigits, digits.length() - (digits.charAt(0) == '-' ? 1 : 0));
            if (digits.length() > DOUBLE_DIGITS) beyondDouble |= !survives(digits);
            return;
        }
        fraction = true;
        BigDecimal exact = value.decimalValue();
        beyondDouble |= !survives(exact.toString());
        // Of 1e999999 only the size matters, not its digits.
        wholeDigits = Math.max(wholeDigits, clamped((long) exact.precision() - exact.scale()));
        scale = Math.max(scale, clamped(exact.scale()));
    }

    private static int clamped(long digits) {
        return (int) Math.max(0, Math.min(digits, 1000));
    }

    private void array(JsonNode value, int depth) {
        if (items == null) items = new InferredType();
        for (JsonNode item : value) items.observe(item, depth + 1);
    }

    private void object(JsonNode value, int depth) {
        if (fields == null) fields = new TreeMap<>();
        for (Map.Entry<String, JsonNode> field : value.properties()) {
            fields.computeIfAbsent(field.getKey(), name -> new InferredType()).observe(field.getValue(), depth + 1);
        }
        if (fields.size() > MAX_KEYS) text = true;
    }

    /** Takes in what another part of the column has shown; returns this. */
    InferredType merge(InferredType that) {
        text |= that.text;
        bool |= that.bool;
        number |= that.number;
        date |= that.date;
        time |= that.time;
        fraction |= that.fraction;
        longName |= that.longName;
        floating |= that.floating;
        beyondDouble |= that.beyondDouble;
        wholeDigits = Math.max(wholeDigits, that.wholeDigits);
        scale = Math.max(scale, that.scale);
        if (that.items != null) items = items == null ? that.items : items.merge(that.items);
        if (that.fields != null) {
            if (fields == null) fields = new TreeMap<>();
            that.fields.forEach((name, type) -> fields.merge(name, type, InferredType::merge));
            if (fields.size() > MAX_KEYS) text = true;
        }
        return this;
    }

    /** NULL where no value was seen, also within arrays and objects; see {@link UntypedColumns}. */
    DataType type() {
        int kinds = count(bool, number, date || time, items != null, fields != null);
        if (text || kinds > 1) return DataTypes.StringType;
        if (bool) return DataTypes.BooleanType;
        if (number) return numberType();
        if (time) return DataTypes.TimestampType;
        if (date) return DataTypes.DateType;
        if (items != null) return arrayType(items.type());
        return fields == null || fields.isEmpty() ? DataTypes.NullType : structType();
    }

    private static int count(boolean... flags) {
        int set = 0;
        for (boolean flag : flags) if (flag) set++;
        return set;
    }

    private DataType numberType() {
        if (!fraction) return longName ? DataTypes.StringType : DataTypes.LongType;
        if (!beyondDouble) return DataTypes.DoubleType;
        boolean fits = wholeDigits + scale <= DecimalType.MAX_PRECISION();
        return fits && !floating ? DataTypes.createDecimalType(wholeDigits + scale, scale) : DataTypes.StringType;
    }

    private static DataType arrayType(DataType itemType) {
        return itemType.equals(DataTypes.NullType) ? itemType : DataTypes.createArrayType(itemType, true);
    }

    /** STRING where a table could not hold the keys as names of columns. */
    private DataType structType() {
        long distinct = fields.keySet().stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .distinct()
                .count();
        if (distinct < fields.size() || !fields.keySet().stream().allMatch(Columns::isWritable)) {
            return DataTypes.StringType;
        }
        StructType struct = new StructType();
        for (Map.Entry<String, InferredType> field : fields.entrySet()) {
            struct = struct.add(field.getKey(), field.getValue().type());
        }
        return struct;
    }
}
