package org.snnk.dataset;

/**
 * One column of a set.
 *
 * @param name as it stands in a table
 * @param type how its values are stored
 * @param unit of measurement, empty where there is none or it is not documented
 */
public record Column(String name, ColumnType type, String unit) {}
