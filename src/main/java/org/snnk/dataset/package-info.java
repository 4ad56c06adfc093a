/**
 * What the sets are: columns, classes, layout of the files, customary split, source and licence.
 *
 * <p>Entry class: {@link org.snnk.dataset.Datasets}. Imports the JDK, {@code org.snnk} and, for the
 * simulation, {@code org.snnk.random}; reads no file and knows no engine.
 */
package org.snnk.dataset;
