package org.snnk.metric;

/**
 * A point of a curve.
 *
 * @param x horizontal
 * @param y vertical
 */
public record Point(double x, double y) {}
