package dev.millrace.platform.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Put on a sealed interface of records: the key whose value chooses the record. {@code split: {by: time, …}} binds the
 * permitted record whose name in kebab-case (or whose {@link Key}) is {@code time}.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Variants {
    String value();
}
