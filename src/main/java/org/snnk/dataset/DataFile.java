package org.snnk.dataset;

import java.util.OptionalLong;

/**
 * One file of a set, as its publisher ships it.
 *
 * @param name of the file
 * @param rows of data, the header not counted
 * @param bytes of the compressed file; empty where the publisher states none
 */
public record DataFile(String name, long rows, OptionalLong bytes) {}
