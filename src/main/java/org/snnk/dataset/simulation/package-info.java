/**
 * Rows made by simulation in the layout of each set, so that every job can be tried before anything
 * is downloaded, and at any size.
 *
 * <p>Entry classes: {@link org.snnk.dataset.simulation.Simulations} makes one by name, {@link
 * org.snnk.dataset.simulation.SampleFile} writes rows to a file. Imports the JDK, {@code org.snnk},
 * {@code org.snnk.dataset} and {@code org.snnk.random}. No row is a row of UCI's files.
 */
package org.snnk.dataset.simulation;
