/**
 * Maps from inputs to random features, a block of rows at a time, on the grid of the exact
 * statistics.
 *
 * <p>Entry classes: {@link org.snnk.feature.Featurizer} (raw inputs to features), {@link
 * org.snnk.feature.FeatureMap} and, for layers that are given, {@link org.snnk.feature.SnnkKernel},
 * whose error {@link org.snnk.feature.KernelError} measures. Imports {@code linalg}, {@code random}
 * and {@code activation}; no Spark.
 */
package org.snnk.feature;
