package io.tributary.common;

/** Stands here until the first real class does. */
public record Placeholder(String text) {}
