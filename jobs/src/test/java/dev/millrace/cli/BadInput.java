package dev.millrace.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One line of a table of bad inputs: what is given, and what must be answered.
 *
 * @param name what is wrong, as a phrase
 * @param arguments the command line; {@code job.yaml} is {@code file}
 * @param file text of the job file; empty = there is none
 * @param exit the exit code
 * @param cause a part of the message that names what is wrong
 * @param cure a part of the message that helps: what to do, or what there is instead
 */
record BadInput(String name, List<String> arguments, String file, int exit, String cause, String cure) {
    private static final Pattern JOB = Pattern.compile("(?m)^job: ([a-z-]+)$");

    /** A job file, run by the command it names. */
    static BadInput file(String name, int exit, String cause, String cure, String file) {
        Matcher job = JOB.matcher(file);
        if (!job.find()) throw new IllegalArgumentException("No job in " + file);
        return new BadInput(name, List.of(job.group(1), "--config", "job.yaml"), file, exit, cause, cure);
    }

    /** A job file that is not even run. */
    static BadInput invalid(String name, String cause, String cure, String file) {
        return new BadInput(name, List.of("validate", "job.yaml"), file, 2, cause, cure);
    }

    static BadInput command(String name, int exit, String cause, String cure, String... arguments) {
        return new BadInput(name, List.of(arguments), "", exit, cause, cure);
    }

    /** The same with further arguments. */
    BadInput with(String... further) {
        List<String> all = new ArrayList<>(arguments);
        all.addAll(Arrays.asList(further));
        return new BadInput(name, all, file, exit, cause, cure);
    }

    @Override
    public String toString() {
        return name;
    }
}
