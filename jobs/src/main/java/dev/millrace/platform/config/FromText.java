package dev.millrace.platform.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Put on a public static factory {@code T parse(String)} of a config type: lets a plain text stand for the whole
 * value. An {@link IllegalArgumentException} of the factory is reported at the text's line.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface FromText {}
