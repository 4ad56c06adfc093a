package org.snnk.dataset;

/**
 * One class of a classification set.
 *
 * @param value as the label column holds it
 * @param title what it means
 */
public record ClassLabel(String value, String title) {}
